"""Writes of boundaries: those of a file, and cells where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import shapely
from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.actions import checking
from tuyendau.core.places.actions.errors import PlacesRefused
from tuyendau.core.places.actions.rows import BoundaryRow, Loaded
from tuyendau.core.places.actions.trees import lock_trees
from tuyendau.core.places.models import Boundary, Unit, UnitLevel
from tuyendau.core.places.queries import units_on
from tuyendau.lib import geometry
from tuyendau.lib.geometry import Area

TOLERANCE = 0.0005
"""Degrees, about 50 m: what the map of a province cannot show."""
MARGIN = 0.03
"""Degrees, about 3 km: how far the outermost cells reach beyond the units' own points."""
CELLS = "cells around the units' own points"
BATCH = 500


@as_program()
def load_boundaries(
    rows: Sequence[BoundaryRow],
    *,
    valid_on: date,
    level: int,
    source: str,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Loaded:
    """Take in outlines of units of `level` that are valid on a day, in place of what they had.

    Geometry is repaired and its polygons kept. Cells of the other communes of these provinces are drawn again beside
    them. The same file again changes nothing. Raises `PlacesRefused` that lists every row which has no code, an unknown
    one, one that another row has too, or no area, and which lies over another or over an outline that stays; or says
    that they lie far from where their units are.
    """
    lock_trees()
    units = {unit.code: unit for unit in units_on(valid_on, level=level)}
    problems, solid = checking.checked(rows, units, valid_on=valid_on, staying=_imported)
    if problems:
        raise PlacesRefused(problems)
    loaded = _replace(solid, approximate=False, source=source)
    if loaded.changed:
        data = {"source": source, "created": loaded.created, "updated": loaded.updated}
        audit.record("boundaries.loaded", by=by, at=at, subject=f"units:{valid_on.isoformat()}", data=data)
        draw_cells(_roots(solid), at=at, by=by)
    return loaded


def _roots(units: Iterable[Unit]) -> list[Unit]:
    """The provinces of `units`."""
    return list(Unit.objects.filter(pk__in={int(str(unit.path).split("/")[1]) for unit in units}))


def _replace(areas: dict[Unit, Area], *, approximate: bool, source: str) -> Loaded:
    """Write the boundaries of the units that differ from what is there."""
    had = {b.unit_id: b for b in Boundary.objects.filter(unit__in=areas)}
    outlines = dict(zip(areas, geometry.simplify(list(areas.values()), TOLERANCE), strict=True))
    new: list[Boundary] = []
    changed: list[Boundary] = []
    for unit, area in areas.items():
        boundary = had.get(unit.pk)
        wkb = shapely.to_wkb(area)
        if boundary is not None and bytes(boundary.wkb) == wkb and boundary.approximate == approximate:
            continue
        (new if boundary is None else changed).append(
            Boundary(
                unit=unit,
                wkb=wkb,
                outline=shapely.to_wkb(outlines[unit]),
                approximate=approximate,
                source=source,
            )
        )
    Boundary.objects.filter(unit__in=[b.unit_id for b in changed]).delete()
    Boundary.objects.bulk_create([*new, *changed], batch_size=BATCH)
    return Loaded(len(new), len(changed), len(areas) - len(new) - len(changed))


@as_program()
def draw_cells(provinces: Iterable[Unit], *, by: AbstractBaseUser | None, at: datetime) -> Loaded:
    """Draw an approximate boundary for each commune of `provinces` that has a point and no imported boundary.

    A commune's cell is what lies nearer to its point than to another's, within the province's outline if that was
    imported and else within the hull of these points, less what imported boundaries cover.
    """
    lock_trees()
    loaded = [_draw(province) for province in provinces]
    total = Loaded(*(sum(getattr(one, f) for one in loaded) for f in ("created", "updated", "unchanged")))
    if total.changed:
        data = {"created": total.created, "updated": total.updated}
        audit.record("boundaries.drawn", by=by, at=at, subject="units", data=data)
    return total


def _draw(province: Unit) -> Loaded:
    cells = _cells_of(province)
    old = Boundary.objects.filter(unit__path__startswith=str(province.path), approximate=True)
    old.exclude(unit__in=cells).delete()
    return _replace(cells, approximate=True, source=CELLS)


def _cells_of(province: Unit) -> dict[Unit, Area]:
    """Cells of the communes of a province; communes that share a point get cells of their own."""
    communes = Unit.objects.filter(path__startswith=str(province.path), level=UnitLevel.COMMUNE).order_by(
        "code"
    )
    points = {u: (u.lon, u.lat) for u in communes if u.lon is not None and u.lat is not None}
    imported = _imported(communes.values_list("pk", flat=True))
    missing = [unit for unit in points if unit.pk not in imported]
    if not missing:
        return {}
    outline = _imported([province.pk]).get(province.pk)
    within = outline or geometry.hull([points[unit] for unit in missing], MARGIN)
    if imported:
        drawn = shapely.union_all(list(imported.values()), grid_size=geometry.GRID)
        rest = geometry.area_of(shapely.difference(within, drawn, grid_size=geometry.GRID))
        if rest is None:
            return {}
        within = rest
    cells = dict(zip(points, geometry.cells(list(points.values()), within), strict=True))
    return {unit: cell for unit in missing if (cell := cells[unit]) is not None}


def _imported(units: Iterable[int]) -> dict[int, Area]:
    """Imported boundaries by unit."""
    rows = Boundary.objects.filter(unit__in=list(units), approximate=False).values_list("unit_id", "wkb")
    found: dict[int, Area] = {}
    for unit_id, wkb in rows:
        area = geometry.area_of(shapely.from_wkb(bytes(wkb)))
        if area is not None:
            found[unit_id] = area
    return found
