"""Where the cases are: communes, parks, companies and lines with most of the last days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tuyendau.core.places.models import SiteKind, Unit, UnitLevel
from tuyendau.insight.situation.queries.belonging import SiteSeen, sites_of
from tuyendau.insight.situation.queries.curve import part_of_each
from tuyendau.insight.situation.queries.scope import Known, Scope, units_below
from tuyendau.insight.situation.rules import Basis, Window, before, last, rate

DAYS = 14
MOST = 10


@dataclass(frozen=True, slots=True)
class Row:
    """A place with its cases of the window and of as many days before, and per 100,000 where its people are known."""

    code: str
    name: str
    above: str
    cases: int
    before: int
    rate: float | None = None

    @property
    def change(self) -> int:
        """More than before, or fewer."""
        return self.cases - self.before


@dataclass(frozen=True, slots=True)
class Places:
    """The places with most cases of the window. `more` is how many of each have cases and are not told, by name."""

    basis: Basis
    window: Window
    communes: tuple[Row, ...]
    parks: tuple[Row, ...]
    companies: tuple[Row, ...]
    lines: tuple[Row, ...]
    more: Mapping[str, int]


def places(scope: Scope, basis: Basis = Basis.REPORTED, days: int = DAYS, most: int = MOST) -> Places:
    """The places with most of the scope's cases in the last so many days.

    A case counts in its commune once, and at each company and line to which its person was assigned on the day of the
    report.
    """
    window = last(days, scope.day)
    earlier = before(window)
    now = [case for case in scope.cases if case.on(basis) in window]
    then = [case for case in scope.cases if case.on(basis) in earlier]
    sites = sites_of(now + then)
    found = {
        "communes": _communes(scope, now, then),
        "parks": _at(SiteKind.PARK, sites, now, then),
        "companies": _at(SiteKind.COMPANY, sites, now, then),
        "lines": _at(SiteKind.LINE, sites, now, then),
    }
    more = {name: max(0, len(rows) - most) for name, rows in found.items()}
    told = {name: tuple(rows[:most]) for name, rows in found.items()}
    return Places(basis, window, more=more, **told)


def _communes(scope: Scope, now: Sequence[Known], then: Sequence[Known]) -> list[Row]:
    parts = units_below(scope, UnitLevel.COMMUNE)
    of = part_of_each(scope, [*now, *then], parts)

    def counted(cases: Iterable[Known]) -> Counter[int]:
        return Counter(unit.pk for case in cases if (unit := of[case.row]) is not None)

    cases, earlier = counted(now), counted(then)
    rows = [
        Row(unit.code, unit.name, _above(unit), cases[pk], earlier[pk], rate(cases[pk], unit.population))
        for pk, unit in parts.items()
        if cases[pk]
    ]
    return _in_order(rows)


def _above(unit: Unit) -> str:
    return unit.parent.name if unit.parent is not None and unit.parent.level == UnitLevel.DISTRICT else ""


def _at(
    kind: str, sites: Mapping[int, set[SiteSeen]], now: Sequence[Known], then: Sequence[Known]
) -> list[Row]:
    seen = {site for each in sites.values() for site in each if site.kind == kind}

    def counted(cases: Iterable[Known]) -> Counter[SiteSeen]:
        return Counter(site for case in cases for site in sites.get(case.row, ()) if site.kind == kind)

    cases, earlier = counted(now), counted(then)
    return _in_order(
        Row(site.code, site.name, site.above, cases[site], earlier[site]) for site in seen if cases[site]
    )


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.cases, -row.before, row.name, row.code))
