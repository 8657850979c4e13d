"""What each area's number was at the end of every day, as it was known then: one statement for all days.

A version of a record counts on a run of days: those at whose end it stood and its date was in the window. So the
database gives runs of days, and they are summed up here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, LiteralString

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from tuyendau.core.acting import as_program
from tuyendau.insight.map.queries.areas import Counting
from tuyendau.insight.map.queries.trees import Tree
from tuyendau.lib import clock

MOST_DAYS = 400
"""Days that are played at most, the latest ones: a slip of the year must not make a timeline of decades."""
NEVER = -1
"""In place of the days since the last case, where there had been none."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """`counts[d][u]`: the number of area `units[u]` (a code) at the end of `days[d]`, as it was known then.

    The last day ends at the moment that was asked for. Areas whose numbers the viewer may not see are not among them.
    `classes` are those of the legend in the same order, -1 where none can be said; None until a layer says them.
    """

    days: Sequence[date]
    units: Sequence[str]
    counts: NDArray[np.int32]
    classes: NDArray[np.int8] | None = None

    def classed(self, classes: NDArray[Any]) -> Timeline:
        """The same with its classes."""
        return replace(self, classes=classes.astype(np.int8))


# Days are the province's. What stands at the moment asked for stands at the end of the last day.
_SPAN: LiteralString = """
    (v.since AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS known_from,
    CASE WHEN v.until IS NULL OR v.until > %(at)s THEN %(last)s::date
         ELSE (v.until AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - 1 END AS known_to
"""
_CASES: LiteralString = """
WITH known AS (
    SELECT v.unit_id AS unit, v.{field} AS dated, {span}
    FROM cases_caseversion v
    WHERE v.since <= %(at)s AND v.status = ANY(%(statuses)s) AND v.{field} <= %(last)s
      AND v.unit_id = ANY(%(reach)s)
)
"""
_NEW: LiteralString = (
    _CASES
    + """
SELECT unit, greatest(known_from, dated) AS lo, least(known_to, dated + %(days)s - 1) AS hi, count(*)
FROM known WHERE greatest(known_from, dated) <= least(known_to, dated + %(days)s - 1) GROUP BY 1, 2, 3
"""
)
_SINCE: LiteralString = (
    _CASES
    + """
SELECT unit, greatest(known_from, dated) AS lo, known_to AS hi, dated
FROM known WHERE greatest(known_from, dated) <= known_to GROUP BY 1, 2, 3, 4
"""
)
# Somebody lived in one commune after another: what was said of them and stands no more, and what stands.
_FOLLOWED: LiteralString = """
WITH known AS (
    SELECT v.person_id AS person, {span}
    FROM followup_followupversion v WHERE v.since <= %(at)s AND v.ended_at IS NULL AND v.degree > 0
), lived AS (
    SELECT p.id AS person, p.unit_id AS unit, '-infinity'::date AS lo, 'infinity'::date AS hi
    FROM people_person p
    WHERE p.id IN (SELECT person FROM known) AND NOT EXISTS (SELECT FROM people_personversion w WHERE w."row" = p.id)
    UNION ALL
    SELECT w."row", w.unit_id, coalesce((w.since AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, '-infinity'),
           CASE WHEN w.until > %(at)s THEN 'infinity' ELSE (w.until AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - 1 END
    FROM people_personversion w
    WHERE w."row" IN (SELECT person FROM known) AND (w.since IS NULL OR w.since <= %(at)s)
    UNION ALL
    SELECT p.id, p.unit_id, (max(w.until) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'infinity'
    FROM people_person p JOIN people_personversion w ON w."row" = p.id
    WHERE p.id IN (SELECT person FROM known) GROUP BY p.id HAVING max(w.until) <= %(at)s
)
SELECT lived.unit, greatest(known_from, lived.lo) AS lo, least(known_to, lived.hi) AS hi, count(*)
FROM known JOIN lived USING (person)
WHERE lived.unit = ANY(%(reach)s) AND greatest(known_from, lived.lo) <= least(known_to, lived.hi)
GROUP BY 1, 2, 3
"""


@as_program()
def timeline(shown: Tree, at: datetime, number: str, counting: Counting) -> Timeline:
    """Every day from the first on which anything was known to that of `at`, on the tree that is shown.

    `number` is "new" (cases of the window), "followup" or "since" (days since the last case, `NEVER` where none was).
    """
    last = clock.local_day(at)
    asked: dict[str, Any] = {
        "at": at, "last": last, "days": counting.days, "statuses": counting.statuses, "reach": list(shown.reach),
    }  # fmt: skip
    query = {"new": _NEW, "since": _SINCE, "followup": _FOLLOWED}[number]
    with connection.cursor() as cursor:
        cursor.execute(query.format(field=counting.field, span=_SPAN), asked)
        runs = cursor.fetchall()
    own = [area for area in shown.areas if area.own]
    place = {area.pk: n for n, area in enumerate(own)}
    units, low, high, values = _placed(runs, shown, place)
    if not len(units):
        return Timeline([], [area.code for area in own], np.zeros((0, len(own)), np.int32))
    first = max(int(low.min()), last.toordinal() - MOST_DAYS + 1)
    days = last.toordinal() - first + 1
    low, high = np.clip(low - first, 0, None), high - first
    seen = high >= 0
    summed = _since if number == "since" else _summed
    counts = summed(units[seen], low[seen], high[seen], values[seen], (days, len(own)), first)
    return Timeline(
        [date.fromordinal(first) + timedelta(n) for n in range(days)], [area.code for area in own], counts
    )


Ints = NDArray[np.int64]


def _placed(runs: Sequence[Any], shown: Tree, place: dict[int, int]) -> tuple[Ints, Ints, Ints, Ints]:
    """Runs of days of units that are on the map: the area's place, first and last day as numbers, the value."""
    rows = [
        (at, low.toordinal(), high.toordinal(), value if isinstance(value, int) else value.toordinal())
        for unit, low, high, value in runs
        if (at := place.get(shown.into.get(unit, 0), -1)) >= 0
    ]
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    return columns[0], columns[1], columns[2], columns[3]


def _summed(
    units: Ints, low: Ints, high: Ints, values: Ints, shape: tuple[int, int], first: int
) -> NDArray[np.int32]:
    steps = np.zeros((shape[0] + 1, shape[1]), np.int32)
    np.add.at(steps, (low, units), values)
    np.subtract.at(steps, (high + 1, units), values)
    counts: NDArray[np.int32] = steps.cumsum(axis=0, dtype=np.int32)[:-1]
    return counts


def _since(
    units: Ints, low: Ints, high: Ints, values: Ints, shape: tuple[int, int], first: int
) -> NDArray[np.int32]:
    """Days since the latest of the days that were known; runs are laid over one another, the later day last."""
    latest = np.full(shape, np.iinfo(np.int32).min, np.int64)
    for n in np.argsort(values, kind="stable").tolist():
        latest[low[n] : high[n] + 1, units[n]] = values[n]
    days = np.arange(shape[0])[:, None] + first
    found: NDArray[np.int32] = np.where(latest < 0, NEVER, days - latest).astype(np.int32)
    return found
