"""Sites of some kinds with how many cases and contacts belong there, as it was known at a moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

from django.db import connection
from django.db.models import Q

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import HOMES, reaches_province, under, units_in_reach
from tuyendau.insight.map.queries.spots import Spot, spots
from tuyendau.lib import clock


@dataclass(frozen=True, slots=True)
class Counted:
    """A site with its numbers, None where the viewer may not see them. `own`: it lies in the viewer's reach."""

    spot: Spot
    capacity: int | None
    own: bool
    cases: int | None
    contacts: int | None


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which sites, and what is counted there.

    `everywhere`: also those of the viewer's provinces beyond their reach, without numbers. `permissions`: who holds one
    of them sees the numbers. `now`: who is there at that moment, as in a facility; else cases of the window's `days`
    who belonged there in it.
    """

    kinds: Collection[str]
    permissions: tuple[Permission, ...] = (Permission.CASE_VIEW,)
    everywhere: bool = False
    now: bool = False
    days: int = 14


# Somebody belongs to a site by being assigned to it or to a part of it, stays where their follow-up or their stay says.
_BELONG: LiteralString = """
WITH who AS MATERIALIZED (
    SELECT DISTINCT v.person_id AS person, true AS is_case FROM cases_caseversion v
    WHERE v.since <= %(at)s AND (v.until IS NULL OR v.until > %(at)s) AND v.status = 'confirmed'
      AND (CASE WHEN %(now)s THEN v.outcome = '' ELSE v.reported_on >= %(first)s END)
    UNION ALL
    SELECT DISTINCT f.person_id, false FROM followup_followupversion f
    WHERE f.since <= %(at)s AND (f.until IS NULL OR f.until > %(at)s) AND f.ended_at IS NULL AND f.degree > 0
), there AS (
    SELECT w.person, w.is_case, a.site_id FROM who w JOIN people_assignment a ON a.person_id = w.person
    WHERE a.valid_from <= %(day)s
      AND (a.valid_to IS NULL OR a.valid_to > CASE WHEN w.is_case AND NOT %(now)s THEN %(first)s ELSE %(day)s END)
    UNION ALL
    SELECT f.person_id, false, f.site_id FROM followup_followupversion f
    WHERE f.since <= %(at)s AND (f.until IS NULL OR f.until > %(at)s) AND f.ended_at IS NULL AND f.degree > 0
      AND f.site_id IS NOT NULL
    UNION ALL
    SELECT s.person_id, s.case_id IS NOT NULL, s.site_id FROM care_stayversion s
    WHERE %(now)s AND s.since <= %(at)s AND (s.until IS NULL OR s.until > %(at)s) AND s.state = 'present'
)
SELECT above.id, count(DISTINCT t.person) FILTER (WHERE t.is_case),
       count(DISTINCT t.person) FILTER (WHERE NOT t.is_case)
FROM there t JOIN places_site s ON s.id = t.site_id
CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM s.path), '/')::int[]) AS above (id)
WHERE above.id = ANY(%(sites)s)
GROUP BY above.id
"""


def sites_counted(viewer: Viewer, at: datetime, wanted: Kinds) -> list[Counted]:
    """The sites of these kinds that the viewer may see, those with most cases first. Raises `Denied`.

    Homes and rooms are never among them: their names may tell who lives there. Numbers are of all who belong to a site
    in reach, wherever they live.
    """
    viewer.require(Permission.MAP_VIEW)
    found = _sites(viewer, wanted)
    numbers: dict[int, tuple[int, int]] = {}
    may = _may_count(viewer, wanted)
    counted = [pk for pk, unit, _capacity, own in found if own and may.holds(unit)]
    if counted:
        numbers = _numbers(at, wanted, counted)
    where = spots(pk for pk, *_rest in found)
    seen = set(counted)
    made = [
        Counted(
            where[pk],
            capacity,
            own,
            numbers.get(pk, (0, 0))[0] if pk in seen else None,
            numbers.get(pk, (0, 0))[1] if pk in seen else None,
        )
        for pk, _unit, capacity, own in found
        if pk in where
    ]
    return sorted(made, key=lambda one: (-(one.cases or 0), -(one.contacts or 0), one.spot.name, one.spot.pk))


@dataclass(frozen=True, slots=True)
class _Over:
    """The units over which the viewer sees numbers."""

    units: frozenset[int]
    province: bool

    def holds(self, unit: int | None) -> bool:
        """Whether a site of that unit is among them."""
        return self.province if unit is None else unit in self.units


def _may_count(viewer: Viewer, wanted: Kinds) -> _Over:
    units: set[int] = set()
    province = False
    for permission in wanted.permissions:
        units.update(units_in_reach(viewer, permission).values_list("pk", flat=True))
        province |= reaches_province(viewer, permission)
    return _Over(frozenset(units), province)


def _sites(viewer: Viewer, wanted: Kinds) -> Sequence[tuple[int, int | None, int | None, bool]]:
    """Row number, unit, capacity of the sites, and whether each is in reach."""
    reach = dict(units_in_reach(viewer, Permission.MAP_VIEW).values_list("pk", "path"))
    province = reaches_province(viewer, Permission.MAP_VIEW)
    where = Q(unit__in=list(reach))
    if wanted.everywhere:
        where |= under({f"/{path.split('/')[1]}/" for path in reach.values() if path}, "unit__path")
    if province:
        where |= Q(unit__isnull=True)
    sites = Site.objects.filter(where, kind__in=set(wanted.kinds) - set(HOMES))
    return [
        (pk, unit, capacity, province if unit is None else unit in reach)
        for pk, unit, capacity in sites.values_list("pk", "unit_id", "capacity")
    ]


@as_program()
def _numbers(at: datetime, wanted: Kinds, sites: Sequence[int]) -> dict[int, tuple[int, int]]:
    day = clock.local_day(at)
    asked: dict[str, Any] = {
        "at": at, "day": day, "first": day - timedelta(days=wanted.days - 1), "now": wanted.now, "sites": list(sites),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BELONG, asked)
        return {site: (cases, contacts) for site, cases, contacts in cursor.fetchall()}
