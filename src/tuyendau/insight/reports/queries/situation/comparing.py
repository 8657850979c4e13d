"""What a report told of a day, beside what is known of that same day now, and why it differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Unit
from tuyendau.insight.reports.queries.situation.content import scope_at
from tuyendau.insight.situation.queries import Known, Scope
from tuyendau.insight.situation.rules import Basis, Window, last

WINDOWS = {"today": 1, "week": 7, "fortnight": 14}


@dataclass(frozen=True, slots=True)
class Difference:
    """Cases dated in a window: as known `then`, as known `now`, and by reason how many came and went since.

    Reasons of coming: "recorded" later or counted here since, "confirmed" since, "redated" into the window. Of going:
    "discarded" or no longer confirmed, "redated" out of it, "gone": merged, or counted elsewhere.
    """

    code: str
    window: Window
    then: int
    now: int
    came: Counter[str]
    went: Counter[str]

    @property
    def change(self) -> int:
        """More than was known then, or fewer."""
        return self.now - self.then


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs by window, and by day of the last: each day with the count then and now."""

    at: datetime
    now: datetime
    basis: Basis
    differences: tuple[Difference, ...]
    days: tuple[tuple[date, int, int], ...]

    @property
    def same(self) -> bool:
        """Whether nothing came or went."""
        return not any(each.came or each.went for each in self.differences)


@as_program()
def compared(unit: Unit, at: datetime, now: datetime, disease: str, basis: Basis) -> Comparison:
    """What was known at `at` of the days up to it, beside what is known at `now`. For the program."""
    then_scope = scope_at(unit, at, disease)
    now_scope = scope_at(unit, now, disease, then_scope.tree)
    differences = tuple(
        _difference(code, last(days, then_scope.day), then_scope, now_scope, basis)
        for code, days in WINDOWS.items()
    )
    widest = differences[-1].window
    before, after = (_by_day(scope.cases, basis) for scope in (then_scope, now_scope))
    days = [date.fromordinal(n) for n in range(widest.first.toordinal(), widest.last.toordinal() + 1)]
    return Comparison(at, now, basis, differences, tuple((day, before[day], after[day]) for day in days))


def _by_day(cases: Iterable[Known], basis: Basis) -> Counter[date | None]:
    return Counter(case.on(basis) for case in cases)


def _difference(code: str, window: Window, then: Scope, now: Scope, basis: Basis) -> Difference:
    def dated(scope: Scope) -> set[int]:
        return {case.row for case in scope.cases if case.on(basis) in window}

    before, after = dated(then), dated(now)
    counted_then, counted_now = ({case.row for case in scope.cases} for scope in (then, now))
    known_then, known_now = ({case.row for case in scope.known} for scope in (then, now))
    came = Counter(
        "recorded" if row not in known_then else "redated" if row in counted_then else "confirmed"
        for row in after - before
    )
    went = Counter(
        "gone" if row not in known_now else "redated" if row in counted_now else "discarded"
        for row in before - after
    )
    return Difference(code, window, len(before), len(after), came, went)
