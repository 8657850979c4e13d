"""Where cases were while they were infectious, as it was known at a moment."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, LiteralString, NamedTuple

from django.db import connection

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.queries import HOMES, reaches_province, units_in_reach
from tuyendau.insight.map.queries.cases import KnownCase, Wanted, cases_of
from tuyendau.insight.map.queries.spots import Spot, spots
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.rules import Dates, details, reference_days
from tuyendau.records.contacts.rules import infectious_window
from tuyendau.science.epi.diseases import disease

_FAR = timedelta(days=4_000)
_CONFIRMED = Wanted((CaseStatus.CONFIRMED.value,))


class Span(NamedTuple):
    """From a moment to before a moment."""

    start: datetime
    end: datetime


def window_of(case: KnownCase, at: datetime) -> Span:
    """The infectious window of a case as its dates were known at `at`, which is that of tracing."""
    dates = Dates(case.onset_on, case.sampled_on, case.result_on, case.reported_on)
    start, end = _by_dates(case.disease, dates, case.symptoms)
    end = min(end, at, case.isolated_at or at)
    return Span(start, max(start, end))


@lru_cache(maxsize=20_000)
def _by_dates(code: str, dates: Dates, symptoms: str) -> Span:
    """The window of a case that is never isolated: thousands of cases share their dates."""
    of = disease(code)
    answers = details.read({details.SYMPTOMS: json.loads(symptoms)}) if symptoms else details.Details()
    first, last = reference_days(of, dates, answers.symptoms)
    far = clock.midnight(first) + _FAR
    window = infectious_window(
        first, of.lookback_days(first), None, far, dates.sampled, of.infectious_until(last)
    )
    return Span(window.start, window.end)


@dataclass(frozen=True, slots=True)
class Exposed:
    """A site where cases were while infectious: how many, from when to when, and the hours of each day."""

    spot: Spot
    cases: int
    start: datetime
    end: datetime
    days: Sequence[tuple[date, datetime, datetime]]


# A visit belongs to the day on which it began. Those that last for more than a day have an index of their own.
_VISITS: LiteralString = """
WITH infectious AS MATERIALIZED (
    SELECT person, to_timestamp(lo) AS lo, to_timestamp(hi) AS hi, resident = 1 AS resident
    FROM unnest(%(people)s::int[], %(starts)s::bigint[], %(ends)s::bigint[], %(residents)s::int[])
        AS c (person, lo, hi, resident)
), there AS (
    SELECT c.person, c.resident, v.site_id, greatest(v.start, c.lo) AS start, least(v."end", c.hi) AS "end"
    FROM infectious c JOIN visits_visit v ON v.person_id = c.person AND v.start < c.hi AND v."end" > c.lo
    WHERE v.start >= %(first)s::timestamptz - interval '1 day' AND v.start < %(at)s AND v."end" > %(first)s
      AND v.recorded_at <= %(at)s
    UNION ALL
    SELECT c.person, c.resident, v.site_id, greatest(v.start, c.lo), least(v."end", c.hi)
    FROM infectious c JOIN visits_visit v ON v.person_id = c.person AND v.start < c.hi AND v."end" > c.lo
    WHERE v.start >= %(first)s::timestamptz - interval '62 days' AND v.start < %(first)s::timestamptz - interval '1 day'
      AND v."end" - v.start > interval '24 hours' AND v."end" > %(first)s AND v.recorded_at <= %(at)s
), seen AS (
    SELECT t.*, (t.start AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
    FROM there t JOIN places_site s ON s.id = t.site_id
    WHERE (s.kind <> ALL(%(homes)s) OR %(with_homes)s)
      AND (t.resident OR (s.kind <> ALL(%(homes)s)
           AND (s.unit_id = ANY(%(reach)s) OR (s.unit_id IS NULL AND %(province)s))))
)
SELECT site_id, day, count(DISTINCT person), min(start), max("end") FROM seen
GROUP BY GROUPING SETS ((site_id), (site_id, day)) ORDER BY site_id, day NULLS FIRST
"""


def exposed_sites(viewer: Viewer, at: datetime, days: int, *, homes: bool = False) -> list[Exposed]:
    """The sites where confirmed cases were in the last `days` days while infectious, the latest first. Raises `Denied`.

    Of cases whose people live in the viewer's reach wherever these were; at sites in reach of all cases, whoever they
    are: they are counted and not named. Homes and rooms only of the former, and where they are asked for. Assignments
    and orders do not count: somebody recorded that the person was there.
    """
    viewer.require(Permission.MAP_VIEW, Permission.CASE_VIEW, Permission.VISIT_VIEW)
    first = clock.midnight(clock.local_day(at) - timedelta(days=days - 1))
    cases = cases_of(viewer, Permission.VISIT_VIEW, at, _CONFIRMED, everybody=True)
    windows = [(case, window_of(case, at)) for case in cases]
    windows = [(case, span) for case, span in windows if span.end > first and span.end > span.start]
    asked: dict[str, Any] = {
        "at": at, "first": first, "people": _array(case.person for case, _span in windows),
        "starts": _array(int(max(span.start, first).timestamp()) for _case, span in windows),
        "ends": _array(int(span.end.timestamp()) for _case, span in windows),
        "residents": _array(int(case.resident) for case, _span in windows), "homes": list(HOMES), "with_homes": homes,
        "reach": list(units_in_reach(viewer, Permission.VISIT_VIEW).values_list("pk", flat=True)),
        "province": reaches_province(viewer, Permission.VISIT_VIEW),
    }  # fmt: skip
    with as_program(), connection.cursor() as cursor:
        cursor.execute(_VISITS, asked)
        rows = cursor.fetchall()
    return _exposed(rows)


def _array(numbers: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL reads an array: of tens of thousands in a tenth of the time of a list."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _exposed(rows: Sequence[Any]) -> list[Exposed]:
    by_day: defaultdict[int, list[tuple[date, datetime, datetime]]] = defaultdict(list)
    whole = {}
    for site, day, count, start, end in rows:
        if day is None:
            whole[site] = (count, start, end)
        else:
            by_day[site].append((day, start, end))
    found = spots(whole)
    made = [Exposed(found[site], *whole[site], by_day[site]) for site in whole if site in found]
    return sorted(made, key=lambda one: (one.end, one.cases, one.spot.pk), reverse=True)


class Stop(NamedTuple):
    """Where a case was from when to when; `assumed` where nobody saw the end."""

    spot: Spot
    start: datetime
    end: datetime
    assumed: bool


_STOPS: LiteralString = """
SELECT v.site_id, greatest(v.start, %(start)s), least(v."end", %(end)s), v.end_assumed
FROM visits_visit v JOIN places_site s ON s.id = v.site_id
WHERE v.person_id = %(person)s AND v.start >= %(start)s::timestamptz - interval '62 days' AND v.start < %(end)s
  AND v."end" > %(start)s AND v.recorded_at <= %(at)s
  AND (%(resident)s OR s.unit_id = ANY(%(reach)s) OR (s.unit_id IS NULL AND %(province)s))
ORDER BY v.start, v.id
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """Where one case was in its infectious window, in order of time."""

    case: KnownCase
    window: Span
    stops: Sequence[Stop]


def movement(viewer: Viewer, at: datetime, case: str) -> Movement | None:
    """The movement of the case with that public id as known at `at`. Raises `Denied`.

    None where there was no such case, or the viewer may not see it. Whoever answers for the commune where the person
    lives sees it whole, whoever does for the case alone what was at sites in their reach.
    """
    viewer.require(Permission.MAP_VIEW, Permission.CASE_VIEW, Permission.VISIT_VIEW)
    statuses = [status for status in CaseStatus.values if status != CaseStatus.DISCARDED]
    seen = cases_of(viewer, Permission.CASE_VIEW, at, Wanted(statuses, case=case)) if case else []
    if not seen:
        return None
    window = window_of(seen[0], at)
    by_visit = cases_of(viewer, Permission.VISIT_VIEW, at, Wanted(statuses, case=case))
    asked: dict[str, Any] = {
        "at": at, "start": window.start, "end": window.end, "person": seen[0].person,
        "resident": any(one.resident for one in by_visit), "province": reaches_province(viewer, Permission.VISIT_VIEW),
        "reach": list(units_in_reach(viewer, Permission.VISIT_VIEW).values_list("pk", flat=True)),
    }  # fmt: skip
    with as_program(), connection.cursor() as cursor:
        cursor.execute(_STOPS, asked)
        rows = cursor.fetchall()
    found = spots(row[0] for row in rows)
    stops = [Stop(found[site], start, end, assumed) for site, start, end, assumed in rows if site in found]
    return Movement(seen[0], window, stops)
