from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from tuyendau.lib import geometry


def test_a_bow_tie_becomes_its_two_triangles() -> None:
    area = geometry.area_of(Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    assert isinstance(area, MultiPolygon)
    assert area.area == pytest.approx(2)


def test_lines_and_points_beside_polygons_are_left_out() -> None:
    mixed = shapely.GeometryCollection([box(0, 0, 1, 1), Point(5, 5), shapely.LineString([(2, 2), (3, 3)])])
    assert geometry.area_of(mixed) == box(0, 0, 1, 1)


@pytest.mark.parametrize("nothing", [None, Polygon(), Point(1, 1), shapely.LineString([(0, 0), (1, 1)])])
def test_what_encloses_nothing_is_no_area(nothing: object) -> None:
    assert geometry.area_of(nothing) is None  # type: ignore[arg-type]


def test_heights_are_dropped() -> None:
    area = geometry.area_of(Polygon([(0, 0, 7), (1, 0, 7), (1, 1, 7)]))
    assert area is not None
    assert not area.has_z


def test_simplified_neighbours_still_share_their_border() -> None:
    wavy = [(1, 0), (1.001, 0.2), (0.999, 0.4), (1.001, 0.6), (0.999, 0.8), (1, 1)]
    left = Polygon([(0, 0), *wavy, (0, 1)])
    right = Polygon([*wavy, (2, 1), (2, 0)])
    a, b = geometry.simplify([left, right], 0.1)
    assert len(a.exterior.coords) < len(left.exterior.coords)  # type: ignore[union-attr]
    assert a.intersection(b).length == pytest.approx(1)
    assert a.intersection(b).area == 0


def test_simplifying_nothing_gives_nothing() -> None:
    assert geometry.simplify([], 0.1) == []


points = st.lists(
    st.tuples(st.floats(0.1, 0.9).map(lambda x: round(x, 2)), st.floats(0.1, 0.9).map(lambda x: round(x, 2))),
    min_size=1,
    max_size=25,
)


@given(points)
def test_cells_cover_the_whole_and_do_not_overlap(places: list[tuple[float, float]]) -> None:
    within = box(0, 0, 1, 1)
    cells = [cell for cell in geometry.cells(places, within) if cell is not None]
    assert len(cells) == len(places)
    assert sum(cell.area for cell in cells) == pytest.approx(1)
    assert shapely.union_all(cells, grid_size=geometry.GRID).area == pytest.approx(1)


@given(points)
def test_a_point_that_stands_alone_lies_in_its_own_cell(places: list[tuple[float, float]]) -> None:
    cells = geometry.cells(places, box(0, 0, 1, 1))
    for place, cell in zip(places, cells, strict=True):
        # Points that coincide are moved apart by 0.002, which may put one across a neighbour's border.
        assert cell is not None
        assert cell.distance(Point(place)) <= 0.003


def test_four_points_of_which_two_are_level_have_cells_of_their_own() -> None:
    places = [(0.59, 0.19), (0.6, 0.37), (0.23, 0.37), (0.24, 0.39)]
    cells = geometry.cells(places, box(0, 0, 1, 1))
    assert [[cell.contains(Point(place)) for place in places] for cell in cells if cell] == np.eye(4).tolist()


def test_parts_that_share_a_border_are_joined_without_loss() -> None:
    left = Polygon(
        [(1, 0), (0.7428571428571429, 0), (0.2928571428571429, 0.35), (0.8500000000000001, 1), (1, 1)]
    )
    right = Polygon([(0.8500000000000001, 1), (0.2928571428571429, 0.35), (0, 0.35), (0, 1)])
    joined = geometry.area_of(shapely.MultiPolygon([left, right]))
    assert joined is not None
    assert joined.area == pytest.approx(left.area + right.area)


def test_points_that_coincide_each_get_a_cell() -> None:
    cells = geometry.cells([(0.5, 0.5), (0.5, 0.5), (0.5, 0.5)], box(0, 0, 1, 1))
    assert all(cell is not None and cell.area > 0.1 for cell in cells)


def test_a_point_far_outside_has_no_cell() -> None:
    cells = geometry.cells([(0.5, 0.5), (0.2, 0.2), (50, 50)], box(0, 0, 1, 1))
    assert cells[0] is not None
    assert cells[2] is None


def test_hull_reaches_beyond_the_points() -> None:
    assert geometry.hull([(0, 0), (1, 0)], 0.1).contains(Point(1.05, 0))


def test_geojson_rounds_to_five_decimals() -> None:
    shape = json.loads(geometry.geojson(Polygon([(106.1234567, 21.0000001), (106.2, 21), (106.2, 21.1)])))
    assert shape["type"] == "Polygon"
    assert shape["coordinates"][0][0] == [106.12346, 21.0]


def test_containing_finds_the_area_of_each_point() -> None:
    areas = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    assert geometry.containing(areas, [(0.5, 0.5), (1.5, 0.5), (9, 9), (1, 0.5)]) == [0, 1, None, 0]
