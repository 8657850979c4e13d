"""Cases by age and sex."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tuyendau.insight.situation.queries.scope import Scope
from tuyendau.insight.situation.rules import Basis, Window

WIDTH = 10
OLDEST = 80


@dataclass(frozen=True, slots=True)
class Band:
    """Cases of an age from `first` to `last` years (None: and older)."""

    first: int
    last: int | None
    female: int
    male: int
    unknown: int

    @property
    def total(self) -> int:
        """Of either sex or none known."""
        return self.female + self.male + self.unknown


@dataclass(frozen=True, slots=True)
class Ages:
    """Cases by bands of age, the youngest first, and those of no known age."""

    bands: tuple[Band, ...]
    no_age: Band
    window: Window | None

    @property
    def total(self) -> int:
        """All of them."""
        return sum(band.total for band in self.bands) + self.no_age.total


def ages(scope: Scope, basis: Basis = Basis.REPORTED, window: Window | None = None) -> Ages:
    """The scope's cases by age on the day of the report and sex; those dated in the window, where one is given."""
    counts = Counter(
        (None if (age := case.age()) is None or age < 0 else min(age, OLDEST) // WIDTH, case.sex)
        for case in scope.cases
        if window is None or case.on(basis) in window
    )

    def band(number: int | None) -> Band:
        first = 0 if number is None else number * WIDTH
        last = None if number is None or first >= OLDEST else first + WIDTH - 1
        return Band(first, last, counts[number, "F"], counts[number, "M"], counts[number, ""])

    return Ages(tuple(band(number) for number in range(OLDEST // WIDTH + 1)), band(None), window)
