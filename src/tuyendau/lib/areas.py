"""An area that somebody means on a map, as it stands in an address. Pure.

    box:106.1,21.2,106.2,21.3          west, south, east, north
    ring:106.1,21.2;106.2,21.2;106.2,21.3   corners, the last joined to the first
    round:106.15,21.25,500             a point and metres around it
    unit:07201                         an administrative unit, by its code
    site:site_7k3...                   a site with all below it, by its public id
    at:106.15,21.25                    the lowest unit in which a point lies

Coordinates are longitude and latitude in degrees (WGS 84).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

MOST_CORNERS = 500
MOST_DEGREES = 6.0
"""So wide or high an area may be: no province of Viet Nam is half of it. A larger one is a slip of the hand."""

LEAST_METRES, MOST_METRES = 10.0, 100_000.0
"""Of a radius: below, no point on a map is so exact; above, the circle would be larger than a province."""

LEAST_SQUARE_METRES = 25.0
"""An area that is smaller holds no house: two presses at one spot, or corners on one line."""

DIGITS = 6
"""Decimals of a coordinate in an address: a tenth of a metre."""

_EARTH = 6_371_008.8
"""Mean radius in metres (IUGG)."""
_CIRCLE = 96


class Fault(Enum):
    """Why something drawn or written is no area."""

    UNREADABLE = "unreadable"
    OFF_EARTH = "off_earth"
    ANTIMERIDIAN = "antimeridian"
    FEW_CORNERS = "few_corners"
    MANY_CORNERS = "many_corners"
    CROSSES_ITSELF = "crosses_itself"
    TURNED_ROUND = "turned_round"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    RADIUS = "radius"


class AreaError(ValueError):
    """What was drawn or written is no area; `fault` says why, for the reader's language."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Shape:
    """Something drawn: its `polygon`, and `text` as it stands in addresses. Of a circle `centre` and `metres`."""

    polygon: Polygon
    text: str
    centre: tuple[float, float] | None = None
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class OfUnit:
    """An administrative unit with all below it, by its code."""

    code: str

    @property
    def text(self) -> str:
        return f"unit:{self.code}"


@dataclass(frozen=True, slots=True)
class OfSite:
    """A site with all below it, by its public id."""

    public_id: str

    @property
    def text(self) -> str:
        return f"site:{self.public_id}"


@dataclass(frozen=True, slots=True)
class OfPoint:
    """The lowest unit in which a point lies; which that is, the boundaries say."""

    lon: float
    lat: float

    @property
    def text(self) -> str:
        return _text("at", [(self.lon, self.lat)])


Area = Shape | OfUnit | OfSite | OfPoint


def read(text: str) -> Area:
    """The area that an address means. Raises `AreaError`."""
    kind, _colon, rest = text.strip().partition(":")
    if kind in ("unit", "site") and rest and len(rest) <= 32 and rest.replace("_", "").isalnum():
        return OfUnit(rest) if kind == "unit" else OfSite(rest)
    if kind == "at":
        lon, lat = _numbers(rest, 2)
        _on_earth([(lon, lat)])
        return OfPoint(lon, lat)
    if kind == "box":
        return box(*_numbers(rest, 4))
    if kind == "round":
        return circle(*_numbers(rest, 3))
    if kind == "ring":
        return ring([tuple(_numbers(corner, 2)) for corner in rest.split(";")])
    raise AreaError(Fault.UNREADABLE)


def box(west: float, south: float, east: float, north: float) -> Shape:
    """A rectangle. Raises `AreaError`, also where it is turned round or would reach over the antimeridian."""
    _on_earth([(west, south), (east, north)])
    if south > north:
        raise AreaError(Fault.TURNED_ROUND)
    if west > east:
        # As RFC 7946 writes a rectangle over the antimeridian: wide ones are that, narrow ones a slip.
        raise AreaError(Fault.ANTIMERIDIAN if west - east > 180 else Fault.TURNED_ROUND)
    return Shape(_fitting(shapely.box(west, south, east, north)), _text("box", [(west, south, east, north)]))


def ring(corners: list[tuple[float, ...]]) -> Shape:
    """A polygon by its corners; closed or not. Raises `AreaError`, also where its border crosses itself."""
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners = corners[:-1]
    if len(corners) > MOST_CORNERS:
        raise AreaError(Fault.MANY_CORNERS)
    if len(set(corners)) < 3:
        raise AreaError(Fault.FEW_CORNERS)
    _on_earth(corners)
    across = zip(corners, [*corners[1:], corners[0]], strict=True)
    if any(abs(one[0] - other[0]) > 180 for one, other in across):
        raise AreaError(Fault.ANTIMERIDIAN)
    polygon = Polygon(corners)
    # Corners on one line enclose nothing; that is said of them, and not that they cross.
    if square_metres(polygon.convex_hull) >= LEAST_SQUARE_METRES and not polygon.is_valid:
        raise AreaError(Fault.CROSSES_ITSELF)
    return Shape(_fitting(polygon), _text("ring", corners))


def circle(lon: float, lat: float, metres: float) -> Shape:
    """What lies within `metres` of a point. Raises `AreaError`."""
    _on_earth([(lon, lat)])
    if not LEAST_METRES <= metres <= MOST_METRES:
        raise AreaError(Fault.RADIUS)
    corners = _around(lon, lat, metres)
    if (np.abs(corners[:, 0]) > 180).any():
        raise AreaError(Fault.ANTIMERIDIAN)
    return Shape(_fitting(Polygon(corners)), _text("round", [(lon, lat, metres)]), (lon, lat), metres)


def square_metres(polygon: BaseGeometry) -> float:
    """The size of a polygon, on the plane that touches the earth in its middle: within 1 % for what fits here."""
    _west, south, _east, north = polygon.bounds
    degree = math.radians(1) * _EARTH
    return float(polygon.area * degree**2 * math.cos(math.radians((south + north) / 2)))


def _around(lon: float, lat: float, metres: float) -> np.ndarray:
    """The corners of a circle on the sphere: where one comes to who goes `metres` in each direction."""
    angle = np.linspace(0, 2 * math.pi, _CIRCLE, endpoint=False)
    far, north = metres / _EARTH, math.radians(lat)
    lats = np.arcsin(math.sin(north) * math.cos(far) + math.cos(north) * math.sin(far) * np.cos(angle))
    east = np.arctan2(
        np.sin(angle) * math.sin(far) * math.cos(north), math.cos(far) - math.sin(north) * np.sin(lats)
    )
    return np.column_stack((lon + np.degrees(east), np.degrees(lats)))


def _numbers(text: str, many: int) -> list[float]:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        raise AreaError(Fault.UNREADABLE) from None
    if len(found) != many or not all(map(math.isfinite, found)):
        raise AreaError(Fault.UNREADABLE)
    return found


def _on_earth(corners: list[tuple[float, ...]]) -> None:
    for lon, lat in corners:
        if abs(lat) > 90 or abs(lon) > 540:
            raise AreaError(Fault.OFF_EARTH)
        if abs(lon) > 180:
            # A map that shows the world twice gives such numbers beyond its edge.
            raise AreaError(Fault.ANTIMERIDIAN)


def _fitting(polygon: Polygon) -> Polygon:
    west, south, east, north = polygon.bounds
    if max(east - west, north - south) > MOST_DEGREES:
        raise AreaError(Fault.TOO_LARGE)
    if square_metres(polygon) < LEAST_SQUARE_METRES:
        raise AreaError(Fault.TOO_SMALL)
    return polygon


def _text(kind: str, corners: list[tuple[float, ...]]) -> str:
    def number(value: float) -> str:
        return f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")

    return f"{kind}:" + ";".join(",".join(map(number, corner)) for corner in corners)
