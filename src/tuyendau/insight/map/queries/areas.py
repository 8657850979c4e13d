"""What is counted by area, as it was known at a moment: new cases, contacts in follow-up, the day of the last case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from tuyendau.core.acting import as_program
from tuyendau.core.history.queries import as_known
from tuyendau.insight.map.queries.trees import Tree
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus, CaseVersion
from tuyendau.records.cases.queries import ALL, BASIS_FIELDS

COUNTED = (CaseStatus.CONFIRMED, CaseStatus.PROBABLE, CaseStatus.SUSPECTED)


@dataclass(frozen=True, slots=True)
class Counting:
    """Which cases count: of `status` (ALL: all but discarded), by the date `basis`, of `days` days to a day."""

    days: int = 14
    basis: str = "reported"
    status: str = CaseStatus.CONFIRMED

    @property
    def statuses(self) -> list[str]:
        """The statuses that count."""
        return [str(each) for each in COUNTED] if self.status == ALL else [self.status]

    @property
    def field(self) -> str:
        """The field of the date."""
        return BASIS_FIELDS[self.basis]

    def first(self, last: date) -> date:
        """The first of the days that end with `last`."""
        return last - timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers by area (row number of the unit shown), and those that stand beside the map.

    `no_unit` have no known commune; `elsewhere` one that is not on this map: of another province, or divided.
    """

    by_area: Mapping[int, int]
    no_unit: int
    elsewhere: int


def cases_known(shown: Tree, at: datetime, counting: Counting) -> QuerySet[Any]:
    """The cases that were known at `at` in the viewer's reach: counted in their units, or of people who live there."""
    reach = Q(unit__in=shown.reach) | Q(person__unit__in=shown.reach)
    if shown.province:
        reach |= Q(unit__isnull=True)
    return as_known(CaseVersion, at).filter(reach, status__in=counting.statuses)


@as_program()
def new_cases(shown: Tree, at: datetime, counting: Counting) -> Counts:
    """New cases of the window that ends with the day of `at`."""
    last = clock.local_day(at)
    cases = cases_known(shown, at, counting)
    cases = cases.filter(**{f"{counting.field}__range": (counting.first(last), last)})
    return _counted(shown, dict(cases.order_by().values_list("unit").annotate(n=Count("pk"))))


@as_program()
def last_cases(shown: Tree, at: datetime, counting: Counting) -> dict[int, date]:
    """By area the day of the last case up to the day of `at`; areas that never had one are left out."""
    wanted = {f"{counting.field}__lte": clock.local_day(at), "status__in": counting.statuses}
    cases = as_known(CaseVersion, at).filter(unit__in=shown.reach, **wanted).order_by()
    found: dict[int, date] = {}
    for unit, day in cases.values_list("unit").annotate(last=Max(counting.field)):
        if unit in shown.into:
            area = shown.into[unit]
            found[area] = max(day, found.get(area, day))
    return found


# Who lives where is as it was known then: a version of the person says so where it changed since.
_FOLLOWED = """
SELECT lives.unit, count(*)
FROM followup_followupversion f
JOIN people_person p ON p.id = f.person_id
LEFT JOIN people_personversion was
    ON was."row" = p.id AND (was.since IS NULL OR was.since <= %(at)s) AND was.until > %(at)s
CROSS JOIN LATERAL (SELECT CASE WHEN was.id IS NULL THEN p.unit_id ELSE was.unit_id END AS unit) lives
WHERE f.since <= %(at)s AND (f.until IS NULL OR f.until > %(at)s) AND f.ended_at IS NULL AND f.degree > 0
  AND (lives.unit = ANY(%(reach)s) OR (lives.unit IS NULL AND %(province)s))
GROUP BY lives.unit
"""


@as_program()
def followed(shown: Tree, at: datetime) -> Counts:
    """Contacts who were in follow-up, by the commune where they live."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED, {"at": at, "reach": list(shown.reach), "province": shown.province})
        return _counted(shown, dict(cursor.fetchall()))


def _counted(shown: Tree, by_unit: dict[int | None, int]) -> Counts:
    no_unit = by_unit.pop(None, 0)
    counts: Counter[int] = Counter()
    elsewhere = 0
    for unit, count in by_unit.items():
        area = shown.into.get(unit) if unit is not None else None
        if area is None:
            elsewhere += count
        else:
            counts[area] += count
    own = {area.pk for area in shown.areas if area.own}
    hidden = sum(count for area, count in counts.items() if area not in own)
    return Counts({area: counts[area] for area in own}, no_unit, elsewhere + hidden)
