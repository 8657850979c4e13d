"""The map as a drawing: outlines and places in whole steps, small enough to be sent with the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from tuyendau.insight.map.queries.trees import outlines_of
from tuyendau.insight.public.queries.numbers import Numbers

WIDTH = 2_000
"""Steps across the drawing: of a province 100 km wide one is 50 m, which no screen shows."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing's size in steps; each commune's path as SVG writes it; where each of the points lies, None unknown.

    `approximate` where any outline is a cell around a point.
    """

    width: int
    height: int
    paths: Mapping[int, str]
    points: Sequence[tuple[int, int] | None]
    approximate: bool


def drawing(told: Numbers) -> Drawing:
    """The drawing of what is told. Places outside it are not drawn; they stand in the list."""
    outlines = outlines_of([commune.pk for commune in told.communes])
    numbers = tuple(sorted(outlines.shapes))
    frame, paths = _drawn(numbers, tuple(outlines.shapes[pk] for pk in numbers))
    places = []
    for point in told.points:
        at = frame.at(point.lon, point.lat) if point.lon is not None and point.lat is not None else None
        places.append(at if at and 0 <= at[0] <= frame.width and 0 <= at[1] <= frame.height else None)
    return Drawing(frame.width, frame.height, paths, places, bool(outlines.approximate))


@dataclass(frozen=True, slots=True)
class _Frame:
    """How degrees become steps: equal steps east and north at the middle latitude, which a province does not bend."""

    west: float
    north: float
    east_step: float
    north_step: float
    width: int
    height: int

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        return round((lon - self.west) / self.east_step), round((self.north - lat) / self.north_step)


@lru_cache(maxsize=4)
def _drawn(numbers: tuple[int, ...], shapes: tuple[BaseGeometry, ...]) -> tuple[_Frame, Mapping[int, str]]:
    if not shapes:
        return _Frame(0, 0, 1, 1, 0, 0), {}
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    step = (east - west) / WIDTH or 1.0
    high = step * math.cos(math.radians((south + north) / 2))
    frame = _Frame(west, north, step, high, WIDTH, max(1, round((north - south) / high)))
    return frame, {pk: _path(shape, frame) for pk, shape in zip(numbers, shapes, strict=True)}


def _path(shape: BaseGeometry, frame: _Frame) -> str:
    """Every ring by its first corner and the way from each corner to the next. Corners that fall together are one."""
    parts = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            xy = shapely.get_coordinates(ring)
            steps = np.column_stack(
                [
                    np.rint((xy[:, 0] - frame.west) / frame.east_step),
                    np.rint((frame.north - xy[:, 1]) / frame.north_step),
                ]
            ).astype(int)
            moved = np.any(np.diff(steps, axis=0) != 0, axis=1)
            corners = steps[np.concatenate([[True], moved])]
            if len(corners) > 3:
                ways = "".join(f"{dx} {dy} " for dx, dy in np.diff(corners[:-1], axis=0).tolist())
                parts.append(f"M{corners[0][0]} {corners[0][1]}l{ways.rstrip()}z")
    return "".join(parts)
