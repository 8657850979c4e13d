"""The epidemic curve: cases by day, split by status, setting, how they were found, or unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tuyendau.core.places.models import Unit
from tuyendau.core.places.queries import carried_to
from tuyendau.insight.situation.queries.belonging import places_of
from tuyendau.insight.situation.queries.finding import found_as
from tuyendau.insight.situation.queries.scope import Known, Scope, parts_of
from tuyendau.insight.situation.queries.words import FOUND, PLACES, STATUSES, Words, elsewhere, no_unit
from tuyendau.insight.situation.rules import LONGEST_CURVE, Basis, By, Window, days_of, incomplete_from, last
from tuyendau.science.epi.delays import completeness

SHORTEST = 14
MOST_UNITS = 8
DELAYS_OF = timedelta(days=42)
"""How long reports take is told by the cases of so many days."""


@dataclass(frozen=True, slots=True)
class Series:
    """One part of the curve: cases by day, in the order of the days. `code` says which part, `title` in words."""

    code: str
    title: Words
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of its cases that are shown."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Curve:
    """Cases by day of `basis`. The days from `incomplete` on lack reports that are still to come.

    `undated` cases have no such date, `earlier` ones lie before the first day, `later` ones behind the last.
    `completeness` is the share of a day that is thought to be known, by its age in days; None where too few cases tell.
    """

    basis: Basis
    by: By
    days: tuple[date, ...]
    series: tuple[Series, ...]
    incomplete: date
    completeness: tuple[float, ...] | None
    undated: int
    earlier: int
    later: int

    @property
    def totals(self) -> tuple[int, ...]:
        """All cases by day."""
        return tuple(map(sum, zip(*(each.counts for each in self.series), strict=True))) or (0,) * len(
            self.days
        )

    @property
    def window(self) -> Window:
        """The days."""
        return Window(self.days[0], self.days[-1])


def curve(
    scope: Scope, basis: Basis = Basis.REPORTED, by: By = By.STATUS, window: Window | None = None
) -> Curve:
    """The curve of the scope's cases: of the days since the first case, at most so many, or of those asked for."""
    dated = [(day, case) for case in scope.cases if (day := case.on(basis)) is not None]
    window = window or _window(scope.day, (day for day, _case in dated))
    shown = [(day, case) for day, case in dated if day in window]
    days, shares = days_of(window), known_shares(scope, basis)
    part_of, titles = _SPLIT[by](scope, [case for _day, case in shown])
    counts: defaultdict[str, Counter[date]] = defaultdict(Counter)
    for day, case in shown:
        counts[part_of(case)][day] += 1
    series = [
        Series(code, titles[code], tuple(counts[code][day] for day in days))
        for code in titles
        if code in counts
    ]
    return Curve(
        basis,
        by,
        tuple(days),
        tuple(series),
        incomplete_from(scope.day, shares, basis, over=scope.over),
        shares,
        len(scope.cases) - len(dated),
        sum(day < window.first for day, _case in dated),
        sum(day > window.last for day, _case in dated),
    )


def by_day(scope: Scope, basis: Basis, window: Window) -> list[int]:
    """How many cases there are on each day of the window."""
    counts = Counter(case.on(basis) for case in scope.cases)
    return [counts[day] for day in days_of(window)]


def known_shares(scope: Scope, basis: Basis) -> tuple[float, ...] | None:
    """The share of a day's cases that is reported so many days later; None where too few cases tell."""
    if basis is Basis.REPORTED:
        return None
    recent = [
        (day, case.reported_on)
        for case in scope.cases
        if (day := case.on(basis)) is not None and scope.day - DELAYS_OF <= day <= scope.day
    ]
    found = completeness(
        [(reported - day).days for day, reported in recent], [(scope.day - day).days for day, _ in recent]
    )
    return None if found is None else tuple(float(share) for share in found)


def _window(day: date, dated: Iterable[date]) -> Window:
    longest = last(LONGEST_CURVE, day)
    first = min((each for each in dated if each in longest), default=day)
    return Window(min(first, last(SHORTEST, day).first), day)


_PartOf = Callable[[Known], str]


def _by_status(scope: Scope, cases: list[Known]) -> tuple[_PartOf, Mapping[str, Words]]:
    return (lambda case: case.status), STATUSES


def _by_setting(scope: Scope, cases: list[Known]) -> tuple[_PartOf, Mapping[str, Words]]:
    places = places_of(cases)
    return (lambda case: places[case.row]), PLACES


def _by_found(scope: Scope, cases: list[Known]) -> tuple[_PartOf, Mapping[str, Words]]:
    found = found_as(scope.at, cases)
    return (lambda case: found[case.row]), FOUND


def _by_unit(scope: Scope, cases: list[Known]) -> tuple[_PartOf, Mapping[str, Words]]:
    """The units just below, those with most cases; the others, and cases of no known commune, together."""
    part = part_of_each(scope, cases, parts_of(scope))
    counts = Counter(unit.code for unit in part.values() if unit is not None)
    names = {unit.code: unit.name for unit in part.values() if unit is not None}
    titles: dict[str, Words] = {code: names[code] for code, _n in counts.most_common(MOST_UNITS)}

    def code_of(case: Known) -> str:
        unit = part.get(case.row)
        if unit is None:
            return "none" if case.unit is None else "other"
        return unit.code if unit.code in titles else "other"

    return code_of, titles | {"other": elsewhere, "none": no_unit}


def part_of_each(scope: Scope, cases: Iterable[Known], parts: Mapping[int, Unit]) -> dict[int, Unit | None]:
    """For each case (by its row) in which of the parts, units of the scope's tree, it counts; None in none of them."""
    cases = list(cases)
    units = {case.unit for case in cases if case.unit is not None}
    here = carried_to(units, scope.tree)
    paths = dict(Unit.objects.filter(pk__any_of=list(set(here.values()))).values_list("pk", "path"))
    of: dict[int, Unit | None] = {}
    for unit in units:
        numbers = [int(n) for n in str(paths.get(here.get(unit, 0), "")).strip("/").split("/") if n]
        of[unit] = next((parts[n] for n in numbers if n in parts), None)
    return {case.row: of.get(case.unit) if case.unit is not None else None for case in cases}


_SPLIT = {By.STATUS: _by_status, By.SETTING: _by_setting, By.FOUND: _by_found, By.UNIT: _by_unit}
