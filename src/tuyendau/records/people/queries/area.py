"""The people among whom is searched, as parts of SQL: reach and filters are resolved once and stand in the query.

Row-level security keeps the indexes of names from being used by whoever looks. So ids are found by the program, with
the viewer's reach in the query itself, and the rows are then read as the viewer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Site, Unit
from tuyendau.core.places.queries import reaches_province, under, units_in_reach
from tuyendau.lib import clock
from tuyendau.records.people.queries.reach import LEFT_SINCE

SMALL = 8_000
"""Among so few people every row is looked at; among more, only those that an index of names or numbers gives."""

_ASSIGNED = """SELECT a.person_id FROM people_assignment a
    WHERE a.site_id = ANY(%({0}_sites)s) AND a.valid_from <= %(today)s
      AND (a.valid_to IS NULL OR a.valid_to > %({0}_since)s)"""


@dataclass(slots=True)
class Area:
    """People as SQL: `where` is the condition on `p`, a row of people_person; `values` its parameters.

    `units` and `sites` are the row ids that bring somebody into reach; None units: everybody, for the program itself.
    """

    units: list[int] | None
    orphans: bool
    sites: list[int]
    values: dict[str, Any] = field(default_factory=dict)
    where: str = ""
    small: bool = False


def area(
    viewer: Viewer | None, permission: Permission, *, commune: QuerySet[Unit] | None = None, site: str = ""
) -> Area:
    """The people over whom the viewer holds `permission`, as `reach.within` says it, narrowed to communes and a site.

    `viewer` None is the program itself. `site` is the code of a site at or below which they belong today. Raises
    `Denied`. Call it as the program.
    """
    today = clock.local_day(clock.now())
    if viewer is None:
        found = Area(None, True, [])
    else:
        viewer.require(permission)
        found = Area(
            _units(viewer, permission), reaches_province(viewer, permission), _sites(viewer, permission)
        )
    found.values = {"today": today, "reach_since": today - LEFT_SINCE, "site_since": today}
    found.values |= {"reach_units": found.units, "reach_sites": found.sites}
    if commune is not None:
        found.values["narrow_units"] = list(commune.values_list("pk", flat=True))
    if site:
        paths = Site.objects.filter(code=site).values_list("path", flat=True)
        found.values["site_sites"] = list(Site.objects.filter(under(paths)).values_list("pk", flat=True))
    found.small = _is_small(found, narrowed=commune is not None, at_site=bool(site))
    conditions = ["p.merged_into_id IS NULL"]
    if found.units is not None:
        conditions.append(_reached(found))
    if commune is not None:
        conditions.append("p.unit_id = ANY(%(narrow_units)s)")
    if site:
        conditions.append(_assigned("site", found.small))
    found.where = " AND ".join(conditions)
    return found


def _assigned(which: str, small: bool) -> str:
    """The condition that somebody belongs at the sites of `which`. Of few they are gathered first: joined, the planner
    would rather walk through all people in the order of their numbers."""
    chosen = _ASSIGNED.format(which)
    return f"p.id = ANY(ARRAY({chosen}))" if small else f"p.id IN ({chosen})"


def _units(viewer: Viewer, permission: Permission) -> list[int]:
    if not viewer.paths(permission, ScopeKind.UNIT):
        return []
    return list(units_in_reach(viewer, permission).values_list("pk", flat=True))


def _sites(viewer: Viewer, permission: Permission) -> list[int]:
    paths = viewer.paths(permission, ScopeKind.SITE)
    return list(Site.objects.filter(under(paths)).values_list("pk", flat=True)) if paths else []


def _reached(found: Area) -> str:
    ways = []
    if found.units:
        ways.append("p.unit_id = ANY(%(reach_units)s)")
    if found.orphans:
        ways.append("p.unit_id IS NULL")
    if found.sites:
        ways.append(_assigned("reach", found.small))
    return "(" + " OR ".join(ways or ["false"]) + ")"


def _is_small(found: Area, *, narrowed: bool, at_site: bool) -> bool:
    """Whether few people are in the area, counted no further than needed; indexes alone tell it."""
    counts = []
    if narrowed:
        counts.append("SELECT 1 FROM people_person WHERE unit_id = ANY(%(narrow_units)s)")
    if at_site:
        counts.append(_ASSIGNED.format("site"))
    if not counts and found.units is not None:
        whole = "SELECT 1 FROM people_person WHERE unit_id = ANY(%(reach_units)s)"
        if found.orphans:
            whole += " UNION ALL SELECT 1 FROM people_person WHERE unit_id IS NULL"
        counts.append(whole + (f" UNION ALL ({_ASSIGNED.format('reach')})" if found.sites else ""))
    if not counts:
        counts = ["SELECT 1 FROM people_person"]
    return any(count(each, found.values, SMALL + 1) <= SMALL for each in counts)


def count(query: str, values: dict[str, Any], most: int) -> int:
    """How many rows a query gives, counted up to `most`."""
    counted = f"SELECT count(*) FROM (SELECT 1 FROM ({query}) AS found LIMIT {int(most)}) AS counted"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(counted, values)
        return int(cursor.fetchone()[0])
