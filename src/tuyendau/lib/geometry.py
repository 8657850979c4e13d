"""Geometry of areas in WGS 84 (longitude, latitude in degrees), pure: repair, simplification, cells, GeoJSON."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely import MultiPoint, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

DIGITS = 5
"""Decimals of a coordinate on the map: 0.00001 degree is about one metre."""

Area = Polygon | MultiPolygon
Point = tuple[float, float]

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
    joined = shapely.union_all(polygons) if len(polygons) > 1 else polygons[0]
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

    Points that coincide are moved apart by about 200 m, so that each has a cell of its own.
    """
    if len(points) < 2:
        return [within] * len(points)
    apart = MultiPoint(_spread(points))
    drawn = shapely.get_parts(shapely.voronoi_polygons(apart, extend_to=within, ordered=True))
    return [area_of(shapely.intersection(cell, within)) for cell in drawn]


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
