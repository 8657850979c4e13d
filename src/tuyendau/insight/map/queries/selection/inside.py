"""Which sites and communes lie in an area, as far as the viewer reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet
from numpy.typing import NDArray
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program, packed
from tuyendau.core.places.models import Boundary, Site, Unit, UnitLevel
from tuyendau.core.places.queries import (
    counted_in,
    reaches_province,
    sites_above,
    under,
    unit_on,
    units_in_reach,
    units_on,
    visible_sites,
)
from tuyendau.lib.areas import Area, OfPoint, OfSite, OfUnit, Shape
from tuyendau.lib.geometry import GRID

_OWN_POINT = """s.lon BETWEEN %(west)s AND %(east)s AND s.lat BETWEEN %(south)s AND %(north)s
    AND point(s.lon, s.lat) <@ %(ring)s::polygon"""
# A room or a line without a point of its own lies where the nearest of what it is a part of lies. One reading of all
# sites finds both.
_ABOVE = f"""s.lon IS NULL AND s.parent_id IS NOT NULL AND (
    SELECT {_OWN_POINT.replace("s.l", "above.l")} FROM places_site above
    WHERE above.id = ANY(string_to_array(trim(both '/' FROM s.path), '/')::int[]) AND above.lon IS NOT NULL
    ORDER BY length(above.path) DESC LIMIT 1)"""  # noqa: S608
_REACHED = "(s.unit_id = ANY(%(units)s) OR (s.unit_id IS NULL AND %(province)s))"
_SITES = "SELECT s.id FROM places_site s WHERE " + _REACHED  # noqa: S608 its parts stand above


class Unknown(Exception):
    """There is no such unit or site, or the viewer may not see it."""


@dataclass(frozen=True, eq=False)
class Inside:
    """What of an area the viewer reaches: `sites` (true by row id), and communes by row id.

    Of the communes in `whole` the area holds the whole outline, of those in `part` some of it. `beyond` says that parts
    of it lie outside the viewer's units, and count nothing there.
    """

    sites: NDArray[np.bool_]
    whole: frozenset[int]
    part: frozenset[int]
    beyond: bool

    @property
    def has_sites(self) -> bool:
        return bool(self.sites.any())


@as_program()
def inside(viewer: Viewer, area: Area, day: date) -> Inside:
    """What lies in the area, of the units on which `viewer` may see the map. Raises `Denied` and `Unknown`."""
    viewer.require(Permission.MAP_VIEW)
    reach = frozenset(units_in_reach(viewer, Permission.MAP_VIEW).values_list("pk", flat=True))
    province = reaches_province(viewer, Permission.MAP_VIEW)
    values: dict[str, Any] = {"units": list(reach), "province": province}
    area = settled(area, day)
    if isinstance(area, OfUnit):
        return _of_unit(area, day, reach, values)
    if isinstance(area, OfSite):
        return _of_site(viewer, area, values)
    return _of_shape(area, reach, values)


def settled(area: Area, day: date) -> Shape | OfUnit | OfSite:
    """The area, a point being the commune in which it lies on that day. Units are public. Raises `Unknown`."""
    if not isinstance(area, OfPoint):
        return area
    units, outlines = _outlines(_boundaries(units_on(day, level=UnitLevel.COMMUNE)))
    if units:
        hit = np.flatnonzero(shapely.intersects(outlines, shapely.Point(area.lon, area.lat)))
        if len(hit):
            return OfUnit(str(Unit.objects.get(pk=units[hit[0]]).code))
    raise Unknown


def outline_of(area: Area, day: date) -> BaseGeometry | None:
    """What of an area is drawn on the map: its border, the outlines of a unit's communes, or the point of a site."""
    if isinstance(area, Shape):
        return area.polygon
    if isinstance(area, OfUnit):
        unit = unit_on(area.code, day)
        below = units_on(day, level=UnitLevel.COMMUNE).filter(under([unit.path if unit else None]))
        _units, outlines = _outlines(_boundaries(below))
        return shapely.union_all(outlines, grid_size=GRID) if len(_units) else None
    if isinstance(area, OfSite):
        site = Site.objects.filter(public_id=area.public_id).first()
        chain = [site, *reversed(sites_above(site))] if site else []
        return next(
            (shapely.Point(s.lon, s.lat) for s in chain if s.lon is not None and s.lat is not None), None
        )
    return None


def _of_unit(area: OfUnit, day: date, reach: frozenset[int], values: dict[str, Any]) -> Inside:
    if unit_on(area.code, day) is None:
        raise Unknown
    own = counted_in(area.code, day)
    found = _sites(
        _SITES + " AND s.unit_id = ANY(%(own)s)",
        values | {"own": list(own)},
    )
    return Inside(found, frozenset(own & reach), frozenset(), not own <= reach)


def _of_site(viewer: Viewer, area: OfSite, values: dict[str, Any]) -> Inside:
    site = visible_sites(viewer, Permission.MAP_VIEW).filter(public_id=area.public_id).first()
    if site is None:
        raise Unknown
    # Paths are compared byte by byte: what begins so stands between it and the next that does not.
    query = _SITES + " AND s.path >= %(own)s AND s.path < %(behind)s"
    path = str(site.path)
    return Inside(
        _sites(query, values | {"own": path, "behind": path[:-1] + "0"}), frozenset(), frozenset(), False
    )


def _of_shape(area: Shape, reach: frozenset[int], values: dict[str, Any]) -> Inside:
    west, south, east, north = area.polygon.bounds
    ring = "(" + ",".join(f"({x!r},{y!r})" for x, y in area.polygon.exterior.coords[:-1]) + ")"
    values |= {"west": west, "south": south, "east": east, "north": north, "ring": ring}
    whole, part = covered(area.polygon)
    return Inside(
        _sites(f"{_SITES} AND ({_OWN_POINT} OR {_ABOVE})", values),
        whole & reach,
        part & reach,
        not (whole | part) <= reach,
    )


def _sites(query: str, values: dict[str, Any]) -> NDArray[np.bool_]:
    (numbers,) = packed(query, values, 1)
    found = np.zeros(int(numbers.max(initial=-1)) + 1, bool)
    found[numbers] = True
    return found


def covered(polygon: Polygon) -> tuple[frozenset[int], frozenset[int]]:
    """Row ids of the communes, of any tree, whose outline lies wholly in `polygon`, and of those that it cuts."""
    units, outlines = _outlines(_boundaries(Unit.objects.filter(level=UnitLevel.COMMUNE)))
    if not units:
        return frozenset(), frozenset()
    shapely.prepare(polygon)
    whole = shapely.covers(polygon, outlines)
    cut = shapely.intersects(polygon, outlines) & ~shapely.touches(polygon, outlines) & ~whole
    numbered = np.array(units)
    return frozenset(numbered[whole].tolist()), frozenset(numbered[cut].tolist())


def _boundaries(units: QuerySet[Unit]) -> tuple[int, ...]:
    found = Boundary.objects.filter(unit__in=units).order_by("pk")
    return tuple(found.values_list("pk", flat=True))


@lru_cache(maxsize=8)
def _outlines(numbers: tuple[int, ...]) -> tuple[Sequence[int], NDArray[np.object_]]:
    """Outlines by row number; a changed one is a new row, so that what is kept never ages."""
    rows = list(Boundary.objects.filter(pk__in=numbers).values_list("unit_id", "outline"))
    return [unit for unit, _wkb in rows], shapely.from_wkb([bytes(wkb) for _unit, wkb in rows])
