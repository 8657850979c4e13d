"""Geometry of areas in WGS 84 (longitude, latitude in degrees), pure: repair, simplification, cells, GeoJSON."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

DIGITS = 5
"""Decimals of a coordinate on the map: 0.00001 degree is about one metre."""

Area = Polygon | MultiPolygon
Point = tuple[float, float]

GRID = 1e-9
"""Degrees to which overlays are rounded, a tenth of a millimetre: GEOS 3.14 loses whole parts without a grid."""

_SPREAD = 0.002
"""Degrees by which points that coincide are moved apart before cells are drawn: about 200 m."""


def area_of(geometry: BaseGeometry | None) -> Area | None:
    """`geometry` made valid, its polygons only, in two dimensions; None if it encloses nothing."""
    if geometry is None or geometry.is_empty:
        return None
    valid = shapely.make_valid(shapely.force_2d(geometry))
    polygons = [
        p for p in shapely.get_parts(shapely.get_parts(valid)) if isinstance(p, Polygon) and p.area > 0
    ]
    if not polygons:
        return None
    joined = shapely.union_all(polygons, grid_size=GRID) if len(polygons) > 1 else polygons[0]
    return joined if isinstance(joined, Polygon | MultiPolygon) else None


def simplify(areas: Sequence[Area], tolerance: float) -> list[Area]:
    """`areas` with fewer corners, borders that two of them share still shared. `tolerance` in degrees.

    Where a tiny area would vanish or break, its own form is kept.
    """
    if not areas:
        return []
    fewer = shapely.coverage_simplify(np.array(areas, dtype=object), tolerance)
    return [area_of(new) or old for new, old in zip(fewer, areas, strict=True)]


def hull(points: Iterable[Point], margin: float) -> Area:
    """The convex hull of `points`, widened by `margin` degrees on every side."""
    area: Area = MultiPoint(list(points)).convex_hull.buffer(margin, quad_segs=4)
    return area


def cells(points: Sequence[Point], within: Area) -> list[Area | None]:
    """For each of `points` the part of `within` that is nearer to it than to any other; None where there is none.

    Points that coincide are moved apart by about 200 m, so that each has a cell of its own. Each cell is cut by the
    bisectors towards its neighbours: the Voronoi diagram of GEOS 3.14 gives overlapping cells for some four points.
    """
    if len(points) < 2:
        return [within] * len(points)
    apart = np.array(_spread(points))
    frame = np.array(shapely.box(*within.bounds).exterior.coords)[:-1]
    return [
        area_of(shapely.intersection(Polygon(cell), within, grid_size=GRID)) if len(cell) > 2 else None
        for cell in (_cell(apart, own, frame) for own in range(len(apart)))
    ]


def _cell(points: NDArray[np.float64], own: int, frame: NDArray[np.float64]) -> NDArray[np.float64]:
    """The corners of that part of the convex `frame` that is nearest to `points[own]`; none where there is none."""
    centre = points[own]
    away = np.hypot(*(points - centre).T)
    corners = frame
    for other in np.argsort(away)[1:]:
        # Whoever is more than twice as far away as the furthest corner takes nothing any more.
        if not len(corners) or away[other] > 2 * np.hypot(*(corners - centre).T).max():
            break
        corners = _nearer(corners, centre, points[other])
    return corners


def _nearer(
    corners: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The part of a convex polygon that is nearer to `one` than to `other` (Sutherland and Hodgman, 1974)."""
    side = (corners - (one + other) / 2) @ (other - one)
    kept = []
    for here, there, at, to in zip(
        corners, np.roll(corners, -1, axis=0), side, np.roll(side, -1), strict=True
    ):
        if at <= 0:
            kept.append(here)
        if (at < 0 < to) or (to < 0 < at):
            kept.append(here + (there - here) * (at / (at - to)))
    return np.array(kept)


def _spread(points: Sequence[Point]) -> list[Point]:
    """`points` with the second, third, ... of those that coincide put on a small ring around the first."""
    times = Counter(points)
    seen: Counter[Point] = Counter()
    apart = []
    for point in points:
        nth, lon, lat = seen[point], *point
        seen[point] += 1
        if nth:
            angle = 2 * math.pi * nth / times[point]
            lon, lat = lon + _SPREAD * math.cos(angle), lat + _SPREAD * math.sin(angle)
        apart.append((lon, lat))
    return apart


def geojson(area: BaseGeometry, digits: int = DIGITS) -> str:
    """The GeoJSON geometry of `area` as text, its coordinates rounded to `digits` decimals.

    Each corner is rounded by itself, so that a border that two areas share stays shared.
    """
    text: str = shapely.to_geojson(shapely.transform(area, lambda xy: np.round(xy, digits)))
    return text


def containing(areas: Sequence[Area], points: Sequence[Point]) -> list[int | None]:
    """For each of `points` the index of the first of `areas` that holds it, else None."""
    tree = shapely.STRtree(list(areas))
    found: list[int | None] = [None] * len(points)
    which, where = tree.query(shapely.points(points), predicate="intersects")
    for point, area in sorted(zip(which.tolist(), where.tolist(), strict=True), reverse=True):
        found[point] = area
    return found
