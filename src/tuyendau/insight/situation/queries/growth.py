"""How fast cases grow."""

from __future__ import annotations

from dataclasses import dataclass

from tuyendau.insight.situation.queries.curve import by_day, known_shares
from tuyendau.insight.situation.queries.scope import Scope
from tuyendau.insight.situation.rules import GROWTH_DAYS, Basis, Window, incomplete_from, settled
from tuyendau.science.epi.growth import Growth
from tuyendau.science.epi.growth import growth as growth_of


@dataclass(frozen=True, slots=True)
class Trend:
    """The growth over the complete days of the window, None where they hold too few cases; `cases` by day."""

    basis: Basis
    window: Window
    cases: tuple[int, ...]
    growth: Growth | None


def growth(scope: Scope, basis: Basis = Basis.REPORTED, days: int = GROWTH_DAYS) -> Trend:
    """The growth of the scope's cases over the last so many complete days."""
    shares = known_shares(scope, basis)
    window = settled(incomplete_from(scope.day, shares, basis, over=scope.over), days)
    cases = by_day(scope, basis, window)
    return Trend(basis, window, tuple(cases), growth_of(cases))
