"""Areas as they stand in an address: what is one, and why something is none."""

from __future__ import annotations

import math

import pytest
from shapely import Point

from tuyendau.lib import areas
from tuyendau.lib.areas import AreaError, Fault, OfSite, OfUnit, Shape


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.UNREADABLE),
        ("heart:1,2", Fault.UNREADABLE),
        ("box:106,21,107", Fault.UNREADABLE),
        ("box:106,21,nan,22", Fault.UNREADABLE),
        ("box:106,21,inf,22", Fault.UNREADABLE),
        ("box:a,b,c,d", Fault.UNREADABLE),
        ("unit:", Fault.UNREADABLE),
        ("unit:07201'--", Fault.UNREADABLE),
        ("round:106,21", Fault.UNREADABLE),
        ("at:106", Fault.UNREADABLE),
        ("at:106,95", Fault.OFF_EARTH),
        ("ring:106,21;107", Fault.UNREADABLE),
        ("box:106,91,107,92", Fault.OFF_EARTH),
        ("box:638000,2350000,639000,2351000", Fault.OFF_EARTH),
        ("box:170,10,-170,12", Fault.ANTIMERIDIAN),
        ("box:179,10,181,12", Fault.ANTIMERIDIAN),
        ("ring:179,10;-179,10;-179,12;179,12", Fault.ANTIMERIDIAN),
        ("round:179.999,10,50000", Fault.ANTIMERIDIAN),
        ("box:107,21,106,22", Fault.TURNED_ROUND),
        ("box:106,22,107,21", Fault.TURNED_ROUND),
        ("ring:106,21;107,21", Fault.FEW_CORNERS),
        ("ring:106,21;107,21;106,21", Fault.FEW_CORNERS),
        ("ring:106,21;107,22;107,21;106,22", Fault.CROSSES_ITSELF),
        ("ring:106,21;106.1,21;106.05,21.1;106.05,21;106.05,20.9", Fault.CROSSES_ITSELF),
        ("ring:106,21;106.1,21.1;106.2,21.2", Fault.TOO_SMALL),
        ("box:106,21,106.00001,21.00001", Fault.TOO_SMALL),
        ("box:100,10,107,12", Fault.TOO_LARGE),
        ("box:106,10,107,17", Fault.TOO_LARGE),
        ("round:106,21,5", Fault.RADIUS),
        ("round:106,21,200000", Fault.RADIUS),
        ("ring:" + ";".join(f"{106 + n / 1000},21" for n in range(501)), Fault.MANY_CORNERS),
    ],
)
def test_what_is_no_area_is_refused_by_its_fault(text: str, fault: Fault) -> None:
    with pytest.raises(AreaError) as refused:
        areas.read(text)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    "text",
    ["box:106.1,21.2,106.2,21.3", "ring:106.1,21.2;106.2,21.2;106.2,21.3", "round:106.15,21.25,500", "unit:07201",
     "site:site_7k3q", "at:106.15,21.25"],
)  # fmt: skip
def test_an_area_reads_as_it_was_written(text: str) -> None:
    assert areas.read(text).text == text


def test_units_and_sites_go_by_their_names() -> None:
    assert areas.read("unit:24") == OfUnit("24")
    assert areas.read("site:site_7k3q") == OfSite("site_7k3q")


def test_a_closed_ring_is_the_same_as_an_open_one() -> None:
    open_one = areas.read("ring:106.1,21.2;106.2,21.2;106.2,21.3")
    closed = areas.read("ring:106.1,21.2;106.2,21.2;106.2,21.3;106.1,21.2")
    assert open_one == closed


@pytest.mark.parametrize(
    ("lat", "metres"), [(0.0, 100.0), (21.3, 500.0), (21.3, 50_000.0), (-60.0, 10_000.0)]
)
def test_every_point_of_a_circles_border_is_so_far_away(lat: float, metres: float) -> None:
    shape = areas.circle(106.0, lat, metres)
    away = [_metres((106.0, lat), corner) for corner in shape.polygon.exterior.coords]
    assert max(away) == pytest.approx(metres, rel=1e-6)
    assert min(away) == pytest.approx(metres, rel=1e-6)
    assert areas.square_metres(shape.polygon) == pytest.approx(math.pi * metres**2, rel=0.01)


def test_a_circle_holds_its_middle_and_nothing_beyond() -> None:
    shape = areas.read("round:106,21,1000")
    assert isinstance(shape, Shape)
    assert shape.polygon.contains(Point(106, 21))
    assert not shape.polygon.contains(Point(106, 21.0091))
    assert shape.polygon.contains(Point(106, 21.0089))


def _metres(one: tuple[float, float], other: tuple[float, ...]) -> float:
    """The haversine formula, written down a second time."""
    (lon1, lat1), (lon2, lat2) = (map(math.radians, point) for point in (one, other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))
