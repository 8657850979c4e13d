"""Today's numbers, each with what it is compared with and the date by which it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Sum

from tuyendau.core.places.models import UnitLevel
from tuyendau.core.places.queries import units_on
from tuyendau.insight.situation.queries.curve import known_shares
from tuyendau.insight.situation.queries.scope import Known, Scope
from tuyendau.insight.situation.rules import Basis, Window, before, incomplete_from, last, rate


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the day. `code` names it: see `words.FIGURES`.

    `before` is what it is compared with: the same as it was known a day earlier, or, of a window, as many days before.
    `window` and `basis` say which dates count; a state of the moment has neither. `incomplete`: of the last days of the
    window reports are still to come, so that a lower number says nothing yet.
    """

    code: str
    value: int
    before: int
    basis: Basis | None = None
    window: Window | None = None
    incomplete: bool = False

    @property
    def change(self) -> int:
        """More than before, or fewer."""
        return self.value - self.before


@dataclass(frozen=True, slots=True)
class Numbers:
    """The figures in the order in which they are told; `rate` per 100,000 of the last 14 days."""

    figures: tuple[Figure, ...]
    population: int | None
    rate: float | None

    def __getitem__(self, code: str) -> Figure:
        for figure in self.figures:
            if figure.code == code:
                return figure
        raise KeyError(code)


def numbers(scope: Scope, basis: Basis = Basis.REPORTED) -> Numbers:
    """The numbers of cases. Where they are compared with a day before, both are counted as they were known then."""
    fortnight = _windowed(scope, "fortnight", basis, 14)
    people = population(scope)
    figures = (
        _state(scope, "total", lambda case: True),
        _windowed(scope, "today", basis, 1),
        _windowed(scope, "week", basis, 7),
        fortnight,
        _state(scope, "active", lambda case: not case.outcome),
        _state(scope, "not_isolated", lambda case: not case.outcome and case.isolated_at is None),
        _waiting(scope),
        _state(scope, "recovered", lambda case: case.outcome == "recovered"),
        _state(scope, "died", lambda case: case.outcome == "died"),
    )
    return Numbers(figures, people, rate(fortnight.value, people))


def _state(scope: Scope, code: str, such: Callable[[Known], bool]) -> Figure:
    return Figure(code, _count(scope.cases, such), _count(scope.before.cases, such))


def _waiting(scope: Scope) -> Figure:
    """Suspected and probable cases, whatever else counts."""

    def such(case: Known) -> bool:
        return case.status in ("suspected", "probable")

    return Figure("waiting", _count(scope.known, such), _count(scope.before.known, such))


def _windowed(scope: Scope, code: str, basis: Basis, days: int) -> Figure:
    def dated(window: Window) -> int:
        return _count(scope.cases, lambda case: case.on(basis) in window)

    window = last(days, scope.day)
    lacking = incomplete_from(scope.day, known_shares(scope, basis), basis, over=scope.over)
    return Figure(code, dated(window), dated(before(window)), basis, window, lacking <= scope.day)


def _count(cases: Iterable[Known], such: Callable[[Known], bool]) -> int:
    return sum(map(such, cases))


def population(scope: Scope) -> int | None:
    """How many people live in the scope's communes on its tree; None where that is not known of all of them."""
    communes = units_on(scope.tree, level=UnitLevel.COMMUNE).filter(pk__any_of=sorted(scope.units))
    if communes.filter(population=None).exists():
        return None
    found: int | None = communes.aggregate(all=Sum("population"))["all"]
    return found
