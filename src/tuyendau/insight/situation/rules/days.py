"""Days and windows of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tuyendau.insight.situation.rules.counting import Basis

LONGEST_CURVE = 120
"""So many days an epidemic curve shows at most, unless others are asked for."""
GROWTH_DAYS = 14
"""Growth is told of so many complete days: two whole weeks, in which each day of the week stands twice."""
COMPLETE = 0.9
"""A day of which less than this share is thought to be reported is incomplete."""
ASSUMED_DELAY = {Basis.REPORTED: 0, Basis.ONSET: 7, Basis.SAMPLE: 2}
"""So many days before the last are taken to be incomplete where too few cases tell how long reports take."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `first` to `last`, both whole."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def last(days: int, day: date) -> Window:
    """The last so many days, `day` being one of them."""
    return Window(day - timedelta(days=days - 1), day)


def before(window: Window) -> Window:
    """As many days, just before."""
    return last(window.days, window.first - timedelta(days=1))


def days_of(window: Window) -> list[date]:
    """Each day of it."""
    return [window.first + timedelta(days=n) for n in range(window.days)]


def incomplete_from(day: date, shares: Sequence[float] | None, basis: Basis, *, over: bool) -> date:
    """The first of the last days up to `day` that are incomplete; the day after where none is.

    `shares` is what `science.epi.delays.completeness` tells, None where it tells nothing. A day that is not `over`
    always is incomplete.
    """
    if shares is None:
        lacking = ASSUMED_DELAY[basis] if basis is not Basis.REPORTED or not over else -1
    else:
        lacking = max((age for age, share in enumerate(shares) if share < COMPLETE), default=-1)
    return day - timedelta(days=lacking if over else max(lacking, 0))


def settled(incomplete: date, days: int = GROWTH_DAYS) -> Window:
    """The last so many days that are complete."""
    return last(days, incomplete - timedelta(days=1))
