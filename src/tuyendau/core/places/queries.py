"""Reads of units and sites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.live.rules import Reach, Whereabouts
from tuyendau.core.places.models import Site, SiteKind, Unit, UnitLevel, UnitSuccessor
from tuyendau.lib import text

HOMES = (SiteKind.HOUSEHOLD, SiteKind.ROOM, SiteKind.QUARANTINE_ROOM)
"""Kinds of site whose name may tell who lives there."""


def under(paths: Iterable[str | None], field: str = "path") -> Q:
    """The condition that `field` (a path) lies at or below one of `paths`; of no paths, nothing."""
    condition = Q(pk__in=[])
    for path in filter(None, paths):
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def units_in_reach(viewer: Viewer, permission: Permission) -> QuerySet[Unit]:
    """The units at or below those over which the viewer holds `permission`, and those that went into them in reforms.

    So whoever answers for a commune of today also sees what was recorded of the communes that it was made of, two
    reforms back. A unit that was divided is in reach only of whoever holds all that it went into: which of its people
    live in which part is not recorded.
    """
    return _units_in_reach(viewer.paths(permission, ScopeKind.UNIT))


def units_in_reach_of_any(viewer: Viewer, permissions: Iterable[Permission]) -> set[int]:
    """Row numbers of the units in the viewer's reach for at least one of `permissions`."""
    found: set[int] = set()
    for paths in {viewer.paths(permission, ScopeKind.UNIT) for permission in permissions} - {()}:
        found.update(_units_in_reach(paths).values_list("pk", flat=True))
    return found


def _units_in_reach(paths: Iterable[str]) -> QuerySet[Unit]:
    return _reach_of_paths(tuple(paths)).all()


@lru_cache(maxsize=1_000)
def _reach_of_paths(paths: tuple[str, ...]) -> QuerySet[Unit]:
    """The query, not yet asked: a page builds it some thirty times for one viewer, which took longer than asking."""
    own = Unit.objects.filter(under(paths)).values("pk")
    before = _went_into(Q(new__in=own))
    long_before = _went_into(Q(new__in=own) | Q(new__in=before))
    return Unit.objects.filter(Q(pk__in=own) | Q(pk__in=before) | Q(pk__in=long_before))


def _went_into(such: Q) -> QuerySet[Any, Any]:
    """Row numbers of the units that went into such as `such` says of a successor, and no part of them into others."""
    every = (
        UnitSuccessor.objects.filter(old=OuterRef("old")).values("old").annotate(n=Count("pk")).values("n")
    )
    found = UnitSuccessor.objects.filter(such).values("old").annotate(n=Count("pk"))
    return found.filter(n=Subquery(every)).values("old")


def reaches_province(viewer: Viewer, permission: Permission) -> bool:
    """Whether the viewer holds `permission` over a whole province: a unit at the root of its tree."""
    return any(path.count("/") == 2 for path in viewer.paths(permission, ScopeKind.UNIT))


def visible_sites(viewer: Viewer, permission: Permission = Permission.VISIT_VIEW) -> QuerySet[Site]:
    """The sites in the viewer's reach: in their units, or at or below their own sites. Raises `Denied`.

    Sites of no known commune are for whoever answers for a whole province.
    """
    viewer.require(permission)
    reach = under(viewer.paths(permission, ScopeKind.SITE))
    if viewer.paths(permission, ScopeKind.UNIT):
        reach |= Q(unit__in=units_in_reach(viewer, permission))
    if reaches_province(viewer, permission):
        reach |= Q(unit__isnull=True)
    return Site.objects.filter(reach)


def nameable_sites(viewer: Viewer, permission: Permission) -> QuerySet[Site]:
    """The sites that somebody who records what a person told may name, also where they see nobody of those there.

    Whoever answers for a commune names any place of the province: a case went to markets of other communes. Homes and
    rooms, whose names may tell who lives there, only in their own reach. Whoever answers for sites names their own.
    """
    own = visible_sites(viewer, permission)
    if not viewer.paths(permission, ScopeKind.UNIT):
        return own
    return Site.objects.filter(~Q(kind__in=HOMES) | Q(pk__in=own.values("pk")))


MOST_PICKED = 12


def named(written: str) -> Q:
    """The condition that the name of a unit or site has all the words `written`, with or without marks."""
    condition = Q()
    for word in text.fold(written).split():
        condition &= Q(folded__contains=word)
    return condition


def pick_sites(viewer: Viewer, permission: Permission, written: str) -> list[Site]:
    """The first sites to choose from whose name has all the words `written`, or whose code begins so. Raises `Denied`.

    Names that begin so come first; homes and rooms last.
    """
    words = text.fold(written).split()
    if not words:
        return []
    found = nameable_sites(viewer, permission).filter(
        named(written) | Q(code__istartswith=text.clean(written))
    )
    first = Case(When(folded__startswith=" ".join(words), then=Value(0)), default=Value(1))
    last = Case(When(kind__in=HOMES, then=Value(1)), default=Value(0))
    return list(found.select_related("parent", "unit").order_by(last, first, "folded", "pk")[:MOST_PICKED])


def pick_communes(written: str, day: date) -> list[Unit]:
    """The first communes valid on `day` whose name has all the words `written`, with what they lie in."""
    if not text.fold(written):
        return []
    return list(
        units_on(day, level=UnitLevel.COMMUNE)
        .filter(Q(code=written.strip()) | named(written))
        .select_related("parent")
        .order_by("folded", "pk")[:MOST_PICKED]
    )


def unit_names(paths: Iterable[str]) -> dict[str, str]:
    """The names of the units with those paths, by path. Units are public: no viewer is asked for."""
    found = Unit.objects.filter(path__in=list(paths)).values_list("path", "name")
    return {str(path): name for path, name in found}


def site_names(paths: Iterable[str]) -> dict[str, str]:
    """The names of the sites with those paths, by path: for the record of events, not for lists."""
    found = Site.objects.filter(path__in=list(paths)).values_list("path", "name")
    return {str(path): name for path, name in found}


def reach_of(viewer: Viewer, permission: Permission) -> Reach:
    """The places over which the viewer holds `permission`, as `visible_sites` and its like narrow by them."""
    units = units_in_reach(viewer, permission).values_list("pk", flat=True)
    return Reach(
        frozenset(units), viewer.paths(permission, ScopeKind.SITE), reaches_province(viewer, permission)
    )


def whereabouts_of_site(site: Site) -> Whereabouts:
    """The places that a site belongs to: what decides in `visible_sites` who reaches it."""
    return Whereabouts(frozenset([site.unit_id]), frozenset([str(site.path)]))


def units_on(day: date, *, level: int | None = None) -> QuerySet[Unit]:
    """The units valid on `day`, of one level or of all. Units are public: no viewer is asked for."""
    valid = Unit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)
    return valid if level is None else valid.filter(level=level)


def unit_on(code: str, day: date) -> Unit | None:
    """The unit of that code on `day`, the lowest if two levels have it; None if there is none."""
    return units_on(day).filter(code=code).order_by("-level").first()


def units_by_code(codes: Iterable[str], day: date) -> dict[str, Unit]:
    """The units of those codes on `day`, by code; the lowest where two levels have it. Unknown codes are left out."""
    found = units_on(day).filter(code__in=set(codes)).order_by("level")
    return {unit.code: unit for unit in found}


_CARRIED = """
    WITH RECURSIVE walk (origin, unit_id, valid_from, valid_to) AS (
        SELECT id, id, valid_from, valid_to FROM places_unit WHERE id = ANY(%(units)s)
        UNION
        SELECT walk.origin, unit.id, unit.valid_from, unit.valid_to
        FROM walk
        CROSS JOIN LATERAL (
            SELECT new_id AS id FROM places_unitsuccessor WHERE old_id = walk.unit_id AND walk.valid_to <= %(day)s
            UNION ALL
            SELECT old_id FROM places_unitsuccessor WHERE new_id = walk.unit_id AND walk.valid_from > %(day)s
        ) AS next
        JOIN places_unit unit ON unit.id = next.id
    )
    SELECT origin, min(unit_id) FROM walk
    WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
    GROUP BY origin HAVING count(*) = 1
"""


def carried_to(units: Iterable[int], day: date) -> dict[int, int]:
    """For each unit (row number) the unit of the tree valid on `day` that it is, became or was, through any reforms.

    A unit that was divided, or whose forerunners were several, is left out: nobody can say which of them is meant.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CARRIED, {"units": list(units), "day": day})
        return dict(cursor.fetchall())


def counted_in(code: str, day: date) -> set[int]:
    """Row numbers of every unit, of any tree, that `carried_to` puts at or below the unit of that code on `day`."""
    named = units_on(day).filter(code=code).values_list("path", flat=True)
    own = set(units_on(day).filter(under(path for path in named if path)).values_list("pk", flat=True))
    kin, fresh = set(own), set(own)
    while fresh:
        before = UnitSuccessor.objects.filter(new__in=fresh).values_list("old", flat=True)
        after = UnitSuccessor.objects.filter(old__in=fresh).values_list("new", flat=True)
        fresh = {*before, *after} - kin
        kin |= fresh
    here = carried_to(kin, day)
    return {unit for unit in kin if here.get(unit) in own}


def ancestors(place: Unit | Site) -> list[int]:
    """Row numbers of what lies above `place`, from the root down; from its path, without a query."""
    return [int(part) for part in str(place.path).strip("/").split("/")][:-1]


def sites_under(site: Site) -> QuerySet[Site]:
    """The site and everything below it."""
    return Site.objects.filter(path__startswith=str(site.path))


def sites_above(site: Site) -> list[Site]:
    """What the site is a part of, from the root down."""
    found = Site.objects.in_bulk(ancestors(site))
    return [found[pk] for pk in ancestors(site) if pk in found]


@dataclass(frozen=True, slots=True)
class SiteFilter:
    """What a list of sites is narrowed to: words of the name or code, a kind, a unit, a site that they are under."""

    q: str = ""
    kind: str = ""
    unit: str = ""
    under: str = ""


def site_list(*, viewer: Viewer, chosen: SiteFilter) -> QuerySet[Site]:
    """The sites that the viewer may see and the filter keeps, with commune, parent and `child_count`, by tree.

    Words match the name typed with or without marks, or the beginning of the code. Raises `Denied`.
    """
    sites = visible_sites(viewer)
    if text.fold(chosen.q):
        sites = sites.filter(named(chosen.q) | Q(code__istartswith=text.clean(chosen.q)))
    if chosen.kind:
        sites = sites.filter(kind=chosen.kind)
    if chosen.unit:
        paths = Unit.objects.filter(code=chosen.unit).values_list("path", flat=True)
        sites = sites.filter(unit__in=Unit.objects.filter(under(map(str, paths))))
    if chosen.under:
        sites = sites.filter(under(_path_of(viewer, chosen.under)))
    return _with_children(sites).select_related("unit", "unit__parent").order_by("path")


def _path_of(viewer: Viewer, public_id: str) -> Sequence[str]:
    return [
        str(path) for path in visible_sites(viewer).filter(public_id=public_id).values_list("path", flat=True)
    ]


def _with_children(sites: QuerySet[Site]) -> QuerySet[Site]:
    children = Site.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
    count = Subquery(children.annotate(count=Count("pk")).values("count"))
    annotated: QuerySet[Site] = sites.annotate(child_count=Coalesce(count, 0))
    return annotated


def names_above(sites: Sequence[Site]) -> dict[int, list[Site]]:
    """For each of `sites` (by row number) what it is a part of, from the root down: one query for all."""
    numbers = {pk for site in sites for pk in ancestors(site)}
    found = Site.objects.in_bulk(numbers) if numbers else {}
    return {site.pk: [found[pk] for pk in ancestors(site) if pk in found] for site in sites}


def site_by_public_id(*, viewer: Viewer, public_id: str) -> Site:
    """The site, with its commune. Raises `Denied`, and `Site.DoesNotExist` also where the viewer may not see it."""
    return visible_sites(viewer).select_related("unit", "unit__parent").get(public_id=public_id)


def children_of(*, viewer: Viewer, site: Site) -> QuerySet[Site]:
    """The sites directly below `site`, with `child_count`, by kind and name. Raises `Denied`."""
    return _with_children(visible_sites(viewer).filter(parent=site)).order_by("kind", "folded", "code")
