"""Every number of a situation report, gathered once: plain values, in no language, the same whoever asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min

from tuyendau.access import Grant, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Unit
from tuyendau.insight.reports.queries.situation.timeliness import timeliness
from tuyendau.insight.situation.queries import (
    Curve,
    Figure,
    Period,
    Row,
    Scope,
    Trend,
    ages,
    apart,
    curve,
    growth,
    laboratory,
    numbers,
    places,
)
from tuyendau.insight.situation.queries.indicators import Indicator, indicators
from tuyendau.insight.situation.rules import Basis, By, Counted, last
from tuyendau.records.cases.models import CaseVersion
from tuyendau.response.care.queries import in_care

FORM = 1
"""The form of the numbers, so that a report that was kept says how it is to be read."""
AREA_DAYS, INDICATOR_DAYS = 14, 14
MOST_PLACES = 500

Content = Mapping[str, Any]
"""The numbers as JSON has them: days and moments in ISO."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which unit, of which disease ("" every one), as known when, by which date cases are counted."""

    unit: Unit
    at: datetime
    disease: str = "covid19"
    basis: Basis = Basis.REPORTED

    @property
    def scope(self) -> Scope:
        """What is counted: by who sees numbers of the unit and nothing else, so that all who ask read the same."""
        return scope_at(self.unit, self.at, self.disease)


def scope_at(unit: Unit, at: datetime, disease: str, tree: date | None = None) -> Scope:
    """The unit's numbers as known at a moment, on the units of the day `tree`."""
    viewer = Viewer(None, (Grant("leader", ScopeKind.UNIT, str(unit.path)),))
    return Scope(viewer, at, unit, disease, Counted.CONFIRMED, tree)


def digest_of(content: Content) -> str:
    """The SHA-256 of the numbers in their one spelling: keys in order, no blanks, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


Told = Callable[[int, int], None]
"""Is told how many of how many parts are gathered."""


@as_program()
def content_of(asked: Asked, told: Told = lambda done, of: None) -> Content:
    """The numbers of a report. For the program: whoever calls has checked who may make it."""
    scope, basis = asked.scope, asked.basis
    parts: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("numbers", lambda: _numbers(scope, basis)),
        ("curves", lambda: [_curve(curve(scope, each, by)) for each, by in _CURVES]),
        ("growth", lambda: _growth(growth(scope, basis))),
        ("ages", lambda: _ages(scope)),
        ("places", lambda: _places(scope, basis)),
        ("laboratory", lambda: _laboratory(scope)),
        ("apart", lambda: _apart(scope)),
        ("care", lambda: _care(scope)),
        ("indicators", lambda: _indicators(scope)),
        ("timeliness", lambda: timeliness(scope)),
    )
    made = _head(asked, scope)
    for done, (name, ask) in enumerate(parts, start=1):
        made[name] = ask()
        told(done, len(parts))
    return made


_CURVES = ((Basis.REPORTED, By.FOUND), (Basis.ONSET, By.SETTING))


def _head(asked: Asked, scope: Scope) -> dict[str, Any]:
    known = CaseVersion.objects.aggregate(first=Min("since"))["first"]
    above = []
    unit: Unit | None = asked.unit.parent
    while unit is not None:
        above.append(unit.name)
        unit = unit.parent
    return {
        "form": FORM,
        "at": asked.at.isoformat(),
        "day": scope.day.isoformat(),
        "over": scope.over,
        "unit": {"code": asked.unit.code, "name": asked.unit.name, "level": asked.unit.level, "above": above},
        "disease": asked.disease,
        "basis": asked.basis.value,
        "cases": len(scope.cases),
        "nothing_known": known is None or asked.at < known,
        "known_from": known.isoformat() if known is not None else None,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    window = figure.window
    return {
        "code": figure.code, "value": figure.value, "before": figure.before,
        "first": window.first.isoformat() if window else None, "last": window.last.isoformat() if window else None,
    }  # fmt: skip


def _numbers(scope: Scope, basis: Basis) -> dict[str, Any]:
    found = numbers(scope, basis)
    return {
        "figures": [_figure(figure) for figure in found.figures],
        "population": found.population,
        "rate": _rounded(found.rate),
    }


def _rounded(value: float | None, digits: int = 6) -> float | None:
    return None if value is None else round(value, digits)


def _curve(found: Curve) -> dict[str, Any]:
    return {
        "basis": found.basis.value,
        "by": found.by.value,
        "days": [day.isoformat() for day in found.days],
        "series": [{"code": each.code, "counts": list(each.counts)} for each in found.series],
        "incomplete": found.incomplete.isoformat(),
        "undated": found.undated,
        "earlier": found.earlier,
        "later": found.later,
    }


def _growth(trend: Trend) -> dict[str, Any]:
    made: dict[str, Any] = {
        "first": trend.window.first.isoformat(),
        "last": trend.window.last.isoformat(),
        "cases": sum(trend.cases),
        "rate": None,
    }
    if trend.growth is not None:
        of = trend.growth
        # Infinite times are those of no growth; JSON knows no infinity.
        times = [None if each is None or each == float("inf") else _rounded(each) for each in of.times]
        made |= {
            "rate": _rounded(of.rate), "low": _rounded(of.low), "high": _rounded(of.high), "clear": of.clear,
            "times": times,
        }  # fmt: skip
    return made


def _ages(scope: Scope) -> dict[str, Any]:
    found = ages(scope)
    return {
        "bands": [[b.first, b.last, b.female, b.male, b.unknown] for b in found.bands],
        "no_age": [found.no_age.female, found.no_age.male, found.no_age.unknown],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "code": row.code, "name": row.name, "above": row.above, "cases": row.cases, "before": row.before,
        "rate": _rounded(row.rate),
    }  # fmt: skip


def _places(scope: Scope, basis: Basis) -> dict[str, Any]:
    found = places(scope, basis, AREA_DAYS, MOST_PLACES)
    return {
        "first": found.window.first.isoformat(),
        "last": found.window.last.isoformat(),
        "communes": [_row(row) for row in found.communes],
        "parks": [_row(row) for row in found.parks],
        "companies": [_row(row) for row in found.companies],
        "lines": [_row(row) for row in found.lines],
    }


def _period(period: Period) -> dict[str, Any]:
    return {
        "first": period.window.first.isoformat(), "last": period.window.last.isoformat(), "taken": period.taken,
        "resulted": period.resulted, "positive": period.positive, "negative": period.negative,
        "hours": [_rounded(each) for each in period.hours] if period.hours else None, "in_time": period.in_time,
        "positivity": _rounded(period.positivity),
        "interval": [_rounded(each) for each in period.interval] if period.interval else None,
    }  # fmt: skip


def _laboratory(scope: Scope) -> dict[str, Any]:
    found = laboratory(scope)
    return {
        "now": _period(found.now),
        "before": _period(found.before),
        "days": [[day.day.isoformat(), day.taken, day.positive, day.negative] for day in found.days],
        "awaited": found.awaited,
        "late": found.late,
    }


def _apart(scope: Scope) -> dict[str, Any]:
    found = apart(scope)
    return {
        "figures": [_figure(figure) for figure in found.figures],
        "facilities": [[each.name, each.people, each.capacity] for each in found.facilities],
    }


def _care(scope: Scope) -> dict[str, Any]:
    found = in_care(scope.viewer, scope.at, units=scope.units)
    return {
        "by_severity": dict(sorted(found.by_severity.items())),
        "cases": found.cases,
        "contacts": found.contacts,
        "facilities": [[each.name, each.cases, each.contacts] for each in found.facilities],
    }


def _indicators(scope: Scope) -> dict[str, Any]:
    window = last(INDICATOR_DAYS, scope.day)
    found = indicators(scope.viewer, scope.at, scope.unit, window, scope.disease)
    return {
        "first": window.first.isoformat(),
        "last": window.last.isoformat(),
        "rows": [_indicator(each) for each in found],
    }


def _indicator(found: Indicator) -> dict[str, Any]:
    of = found.counted
    return {
        "code": found.code, "value": _rounded(of.value), "numerator": _rounded(of.numerator),
        "denominator": of.denominator, "low": _rounded(of.low), "high": _rounded(of.high), "waiting": of.waiting,
        "unknown": of.unknown, "before": _rounded(found.before.value), "meets": found.meets,
    }  # fmt: skip
