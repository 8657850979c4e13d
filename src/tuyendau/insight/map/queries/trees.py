"""The units that a map shows: of one day's tree and one level, in the viewer's provinces; what counts into which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import shapely
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.models import Boundary, Unit, UnitLevel, UnitSuccessor
from tuyendau.core.places.queries import carried_to, reaches_province, under, units_in_reach, units_on
from tuyendau.lib import geometry

LAST_OF_DISTRICTS, FIRST_WITHOUT = date(2025, 6, 30), date(2025, 7, 1)
"""The last day of the tree with districts, and the first of the one without (Resolution 202/2025/QH15)."""


@dataclass(frozen=True, slots=True)
class Area:
    """A unit on the map. `own`: the viewer may see its numbers; of others only the outline is public."""

    pk: int
    code: str
    name: str
    above: str
    population: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """The areas that are shown, by code, and for every unit of any tree in the viewer's reach where it counts.

    `reach` are row numbers of units in the viewer's reach, `province` says whether what has no unit is as well. Units
    that are in reach and not in `into` count beside the map: above the level that is shown, or divided in a reform.
    """

    areas: tuple[Area, ...]
    into: Mapping[int, int]
    reach: tuple[int, ...]
    province: bool


def tree(viewer: Viewer, day: date, *, level: int = UnitLevel.COMMUNE) -> Tree:
    """The tree of `day` as the viewer sees it. Raises `Denied`.

    Where there are no districts on that day, communes stand in their place. A unit of another tree than that of the
    viewer's own units shows its numbers where all that it was made of is in reach.
    """
    viewer.require(Permission.MAP_VIEW)
    found = list(units_in_reach(viewer, Permission.MAP_VIEW).values_list("pk", "path"))
    reach = tuple(sorted(pk for pk, _path in found))
    here = carried_to(reach, day)
    shown = _shown(_roots(found, day), day, level)
    above = _above(here.values(), {area.pk for area in shown})
    into = {unit: above[at] for unit, at in here.items() if at in above}
    own = set(reach) | _made_of(reach)
    areas = tuple(Area(a.pk, a.code, a.name, _above_name(a), a.population, a.pk in own) for a in shown)
    return Tree(areas, into, reach, reaches_province(viewer, Permission.MAP_VIEW))


def day_of_tree(wanted: str, day: date) -> date:
    """The day whose tree is meant by "day", "districts" (before July 2025) or "communes" (since then)."""
    return {"districts": LAST_OF_DISTRICTS, "communes": FIRST_WITHOUT}.get(wanted, day)


def _roots(found: Sequence[tuple[int, str | None]], day: date) -> list[str]:
    """The paths of the provinces that the units in reach lie in, on the tree of `day`."""
    tops = {int(path.split("/")[1]) for _pk, path in found if path}
    carried = carried_to(tops, day).values()
    return [str(path) for path in Unit.objects.filter(pk__in=carried).values_list("path", flat=True)]


def _shown(roots: Sequence[str], day: date, level: int) -> list[Unit]:
    units = units_on(day, level=level).filter(under(roots)).select_related("parent").order_by("code")
    shown = list(units)
    if not shown and level == UnitLevel.DISTRICT:
        return _shown(roots, day, UnitLevel.COMMUNE)
    return shown


def _above(units: Iterable[int], shown: set[int]) -> dict[int, int]:
    """For each unit the shown one that it is or lies in; those that lie in none are left out."""
    paths = Unit.objects.filter(pk__in=units).values_list("pk", "path")
    found = {}
    for pk, path in paths:
        at = next((int(part) for part in str(path).strip("/").split("/") if int(part) in shown), None)
        if at is not None:
            found[pk] = at
    return found


def _made_of(reach: Sequence[int]) -> set[int]:
    """The units that were made of units in reach alone."""
    made = UnitSuccessor.objects.filter(old__in=reach).values("new")
    others = UnitSuccessor.objects.filter(~Q(old__in=reach), new__in=made).values("new")
    return set(
        UnitSuccessor.objects.filter(new__in=made).exclude(new__in=others).values_list("new", flat=True)
    )


def _above_name(unit: Unit) -> str:
    return unit.parent.name if unit.parent and unit.parent.level == UnitLevel.DISTRICT else ""


@dataclass(frozen=True, slots=True)
class Outlines:
    """Outlines by the row number of the unit, and which of them are approximate."""

    shapes: Mapping[int, BaseGeometry]
    approximate: frozenset[int]


def outlines_of(units: Sequence[int]) -> Outlines:
    """The outlines of units; one that has none of its own is made of those of its communes. Public.

    What was read is kept until boundaries change: a changed one is a new row.
    """
    own = Boundary.objects.filter(unit__in=units).order_by("pk").values_list("pk", flat=True)
    found = _read(tuple(own))
    missing = sorted(set(units) - set(found.shapes))
    if not missing:
        return found
    below = Boundary.objects.filter(unit__parent__in=missing).order_by("pk").values_list("pk", flat=True)
    joined = _joined(tuple(below))
    return Outlines({**found.shapes, **joined.shapes}, found.approximate | joined.approximate)


@lru_cache(maxsize=32)
def _read(numbers: tuple[int, ...]) -> Outlines:
    rows = Boundary.objects.filter(pk__in=numbers).values_list("unit_id", "outline", "approximate")
    shapes = {unit: shapely.from_wkb(bytes(wkb)) for unit, wkb, _about in rows}
    return Outlines(shapes, frozenset(unit for unit, _wkb, about in rows if about))


@lru_cache(maxsize=8)
def _joined(numbers: tuple[int, ...]) -> Outlines:
    """The outlines of the units above those of these boundaries, joined from them."""
    rows = Boundary.objects.filter(pk__in=numbers).values_list("unit__parent_id", "outline", "approximate")
    parts: dict[int, list[BaseGeometry]] = {}
    for above, wkb, _about in rows:
        if above is not None:
            parts.setdefault(above, []).append(shapely.from_wkb(bytes(wkb)))
    shapes = {
        above: shapely.union_all(np.array(each), grid_size=geometry.GRID) for above, each in parts.items()
    }
    return Outlines(shapes, frozenset(above for above, _wkb, about in rows if about and above is not None))
