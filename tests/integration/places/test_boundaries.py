from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyogrio import raw
from shapely import LineString, Polygon, box

from tuyendau.core.audit.models import Event
from tuyendau.core.places import actions
from tuyendau.core.places.actions import outlines
from tuyendau.core.places.actions.errors import PlacesRefused
from tuyendau.core.places.actions.rows import BoundaryRow, Loaded, UnitRow
from tuyendau.core.places.models import Boundary, Unit

AT = datetime(2026, 11, 23, tzinfo=UTC)
DAY = date(2021, 5, 15)


@pytest.fixture
def tree(db: None) -> Unit:
    """A province of four communes, one of which has no point; the province."""
    communes = [
        UnitRow("00001", 3, "Xã Một", (1, "24"), lon=106.05, lat=21.05),
        UnitRow("00002", 3, "Xã Hai", (1, "24"), lon=106.15, lat=21.05),
        UnitRow("00003", 3, "Xã Ba", (1, "24"), lon=106.10, lat=21.15),
        UnitRow("00004", 3, "Xã Bốn", (1, "24")),
    ]
    rows = [UnitRow("24", 1, "Tỉnh"), *communes]
    actions.load_units(rows, valid_from=date(2020, 2, 1), valid_to=None, by=None, at=AT)
    return Unit.objects.get(code="24")


def load(*rows: BoundaryRow, level: int = 3) -> Loaded:
    return actions.load_boundaries(rows, valid_on=DAY, level=level, source="outlines.geojson", by=None, at=AT)


def outline(code: str, shape: shapely.Geometry | None, row: int = 1, label: str = "") -> BoundaryRow:
    return BoundaryRow(code, None if shape is None else shapely.to_wkb(shape), row, label)


def shape_of(code: str) -> shapely.Geometry:
    return shapely.from_wkb(bytes(Boundary.objects.get(unit__code=code).wkb))


def test_cells_stand_in_for_outlines_and_are_marked(tree: Unit) -> None:
    assert actions.draw_cells([tree], by=None, at=AT) == Loaded(3, 0, 0)
    assert set(Boundary.objects.values_list("unit__code", "approximate")) == {
        ("00001", True), ("00002", True), ("00003", True),
    }  # fmt: skip
    assert shape_of("00001").contains(shapely.Point(106.05, 21.05))
    assert actions.draw_cells([tree], by=None, at=AT) == Loaded(0, 0, 3)
    assert Event.objects.filter(kind="boundaries.drawn").count() == 1


def test_imported_outlines_replace_cells_and_the_rest_are_drawn_beside_them(tree: Unit) -> None:
    actions.draw_cells([tree], by=None, at=AT)
    square = box(106, 21, 106.1, 21.1)
    assert load(outline("00001", square)) == Loaded(0, 1, 0)
    mine = Boundary.objects.get(unit__code="00001")
    assert (mine.approximate, mine.source) == (False, "outlines.geojson")
    assert shape_of("00001").equals(square)
    for other in ("00002", "00003"):
        assert Boundary.objects.get(unit__code=other).approximate
        assert shape_of(other).intersection(square).area == pytest.approx(0, abs=1e-9)


def test_cells_keep_inside_an_imported_province(tree: Unit) -> None:
    province = box(106, 21, 106.2, 21.2)
    load(outline("24", province), level=1)
    cells = [shape_of(code) for code in ("00001", "00002", "00003")]
    assert shapely.union_all(cells).area == pytest.approx(province.area)


def test_the_same_file_again_changes_nothing(tree: Unit) -> None:
    rows = [outline("00001", box(106, 21, 106.1, 21.1)), outline("00002", box(106.1, 21, 106.2, 21.1), 2)]
    load(*rows)
    events = Event.objects.count()
    before = set(Boundary.objects.values_list("pk", flat=True))
    assert load(*rows) == Loaded(0, 0, 2)
    assert set(Boundary.objects.values_list("pk", flat=True)) == before
    assert Event.objects.count() == events


def test_a_crossed_outline_is_repaired(tree: Unit) -> None:
    load(outline("00001", Polygon([(106, 21), (106.1, 21.1), (106.1, 21), (106, 21.1)])))
    assert shape_of("00001").is_valid
    assert shape_of("00001").area == pytest.approx(0.005)


def test_every_wrong_row_is_told_and_nothing_is_written(tree: Unit) -> None:
    square = box(106, 21, 106.1, 21.1)
    with pytest.raises(PlacesRefused) as error:
        load(
            outline("00001", square, 1),
            outline("99999", square, 2),
            outline("", square, 3),
            outline("00002", square, 4),
            outline("00002", square, 5),
            outline("00003", None, 6),
            outline("00004", LineString([(106, 21), (107, 21)]), 7),
        )
    assert [(p.row, p.column) for p in error.value.problems] == [
        (2, "code"), (3, "code"), (4, "code"), (5, "code"), (6, "geometry"), (7, "geometry"),
    ]  # fmt: skip
    assert not Boundary.objects.exists()


def test_outlines_that_overlap_are_told_by_both_units_and_nothing_is_written(tree: Unit) -> None:
    with pytest.raises(PlacesRefused) as error:
        load(
            outline("00001", box(106, 21, 106.1, 21.1), 1, "Xã Một"),
            outline("00002", box(106.05, 21, 106.2, 21.1), 2, "Xã Hai"),
            outline("00003", box(106.05, 21.1, 106.15, 21.2), 3, "Xã Ba"),
        )
    (problem,) = error.value.problems
    assert (problem.row, problem.column) == (2, "geometry")
    for told in ("Xã Hai (00002)", "Xã Một (00001)", "50%", "57.", "(Xã Hai)"):
        assert told in str(problem)
    assert not Boundary.objects.exists()


def test_slivers_along_a_border_are_no_overlap(tree: Unit) -> None:
    left, right = box(106, 21, 106.101, 21.1), box(106.1, 21, 106.2, 21.1)
    assert load(outline("00001", left), outline("00002", right, 2)) == Loaded(2, 0, 0)


def test_an_outline_over_one_that_stays_is_refused(tree: Unit) -> None:
    load(outline("00001", box(106, 21, 106.1, 21.1)))
    with pytest.raises(PlacesRefused, match=r"Xã Một \(00001\)"):
        load(outline("00002", box(106.05, 21, 106.2, 21.1)))
    assert Boundary.objects.get(approximate=False).unit.code == "00001"
    assert load(
        outline("00001", box(106, 21, 106.05, 21.1)), outline("00002", box(106.05, 21, 106.2, 21.1), 2)
    ) == Loaded(0, 2, 0), "both in one file: the new ones do not overlap"


def test_cells_and_units_of_other_levels_are_no_overlap(tree: Unit) -> None:
    actions.draw_cells([tree], by=None, at=AT)
    load(outline("24", box(106, 21, 106.2, 21.2)), level=1)
    load(outline("00001", box(106, 21, 106.1, 21.1)))


def test_outlines_far_from_their_units_are_refused(tree: Unit) -> None:
    """As those of a file in the projection of another zone."""
    with pytest.raises(PlacesRefused) as error:
        load(
            outline("00001", box(109, 21, 109.1, 21.1), 1),
            outline("00002", box(109.1, 21, 109.2, 21.1), 2),
            outline("00003", box(106.05, 21.1, 106.15, 21.2), 3),
        )
    assert [problem.row for problem in error.value.problems] == [1, 2]
    assert "32" in str(error.value.problems[0])
    assert not Boundary.objects.exists()


def test_one_outline_far_from_its_point_may_be_a_fault_of_the_point(tree: Unit) -> None:
    load(
        outline("00001", box(109, 21, 109.1, 21.1), 1),
        outline("00002", box(106.1, 21, 106.2, 21.1), 2),
        outline("00003", box(106.05, 21.1, 106.15, 21.2), 3),
    )
    assert Boundary.objects.filter(approximate=False).count() == 3


def test_a_feature_without_code_is_named_and_told_which_code_its_name_has(tree: Unit) -> None:
    with pytest.raises(PlacesRefused) as error:
        load(
            outline("", box(106, 21, 106.1, 21.1), 1, "XÃ MỘT"),
            outline("99999", box(106.1, 21, 106.2, 21.1), 2, "xa hai"),
            outline("", box(106.1, 21, 106.2, 21.1), 3, "Nơi khác"),
        )
    first, second, third = map(str, error.value.problems)
    assert "XÃ MỘT" in first
    assert "00001" in first
    assert "00002" in second
    assert "Nơi khác" in third


SQUARE = box(106, 21, 106.1, 21.1)
# VN-2000 / TM-3 105-45, in which Bắc Giang draws its maps: metres east of 105° 45' less 500 km, and north.
METRES = box(545_000, 2_354_000, 555_000, 2_364_000)


def write(path: Path, crs: str | None, shape: Polygon = SQUARE) -> Path:
    codes = np.array(["7801"], dtype=object)
    raw.write(
        path,
        np.array([shapely.to_wkb(shape)], dtype=object),
        [codes],
        ["ma"],
        geometry_type="Polygon",
        crs=crs,
    )
    return path


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp"])
def test_outlines_are_read_from_every_format(tmp_path: Path, name: str) -> None:
    (row,) = outlines.read_outlines(write(tmp_path / name, "EPSG:4326"), code_field="ma", level=3)
    assert (row.code, row.row) == ("07801", 1)
    assert row.wkb is not None
    assert shapely.from_wkb(row.wkb).equals(SQUARE)


def test_a_zipped_shapefile_in_vn2000_comes_out_in_wgs84(tmp_path: Path) -> None:
    write(tmp_path / "vn.shp", "EPSG:9210", METRES)
    with zipfile.ZipFile(tmp_path / "vn.zip", "w") as out:
        for part in tmp_path.glob("vn.*"):
            if part.suffix != ".zip":
                out.write(part, part.name)
    (row,) = outlines.read_outlines(tmp_path / "vn.zip", code_field="ma", level=3)
    assert row.wkb is not None
    west, south, east, north = shapely.from_wkb(row.wkb).bounds
    degree = 111_320 * np.cos(np.radians(21.3))
    assert west == pytest.approx(105.75 + 45_000 / degree, abs=0.005)
    assert east == pytest.approx(105.75 + 55_000 / degree, abs=0.005)
    assert south == pytest.approx(2_354_000 / 110_700, abs=0.05)
    assert north - south == pytest.approx(10_000 / 110_700, abs=0.001)


@pytest.mark.parametrize("field", ["code", ""])
def test_a_missing_field_is_refused(tmp_path: Path, field: str) -> None:
    with pytest.raises(PlacesRefused, match="ma"):
        outlines.read_outlines(write(tmp_path / "a.gpkg", "EPSG:4326"), code_field=field, level=3)


def test_a_file_without_projection_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.shp", "EPSG:4326")
    (tmp_path / "a.prj").unlink()
    with pytest.raises(PlacesRefused, match=r"\.prj"):
        outlines.read_outlines(tmp_path / "a.shp", code_field="ma", level=3)


@pytest.mark.parametrize(
    ("name", "content"), [("a.geojson", b"{"), ("a.zip", b"PK"), ("a.txt", b""), ("a.shp", b"")]
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PlacesRefused):
        outlines.read_outlines(tmp_path / name, code_field="ma", level=3)


def test_a_feature_without_geometry_or_code_is_kept_to_be_told(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"code": "7801"}, "geometry": None},
        {"type": "Feature", "properties": {"code": None}, "geometry": shapely.geometry.mapping(SQUARE)},
    ]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    empty, nameless = outlines.read_outlines(file, code_field="code", level=3)
    assert (empty.code, empty.wkb) == ("07801", None)
    assert nameless.code == ""
    assert nameless.wkb is not None


def geojson(path: Path, *shapes: Polygon, **properties: str) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"780{n}"} | properties,
            "geometry": shapely.geometry.mapping(shape),
        }
        for n, shape in enumerate(shapes, 1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_metres_of_a_projection_that_is_not_told_are_refused_by_feature(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", SQUARE, METRES, ten_xa="Xã Quang Châu")
    with pytest.raises(PlacesRefused) as error:
        outlines.read_outlines(file, code_field="code", level=3)
    (problem,) = error.value.problems
    assert (problem.row, problem.label) == (2, "Xã Quang Châu")
    assert "--crs" in str(problem)
    assert "545000" in str(problem) or "555000" in str(problem)


def test_a_geopackage_that_says_degrees_and_holds_metres_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlacesRefused, match="--crs"):
        outlines.read_outlines(write(tmp_path / "a.gpkg", "EPSG:4326", METRES), code_field="ma", level=3)


def test_a_projection_may_be_named(tmp_path: Path) -> None:
    (told,) = outlines.read_outlines(
        write(tmp_path / "a.gpkg", "EPSG:9210", METRES), code_field="ma", level=3
    )
    write(tmp_path / "b.shp", "EPSG:9210", METRES)
    (tmp_path / "b.prj").unlink()
    files = {"b.shp": "ma", geojson(tmp_path / "c.geojson", METRES).name: "code"}
    for name, field in files.items():
        (row,) = outlines.read_outlines(tmp_path / name, code_field=field, level=3, crs="EPSG:9210")
        assert row.wkb is not None
        assert told.wkb is not None
        assert (
            shapely.from_wkb(row.wkb).normalize().equals_exact(shapely.from_wkb(told.wkb).normalize(), 1e-6)
        )


def test_a_projection_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", METRES)
    with pytest.raises(PlacesRefused):
        outlines.read_outlines(file, code_field="code", level=3, crs="EPSG:123456")


def test_latitude_before_longitude_is_told(tmp_path: Path) -> None:
    swapped = box(21, 106, 21.1, 106.1)
    with pytest.raises(PlacesRefused, match=r"21.*106"):
        outlines.read_outlines(geojson(tmp_path / "a.geojson", swapped), code_field="code", level=3)


def test_a_file_without_features_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(PlacesRefused):
        outlines.read_outlines(file, code_field="code", level=3)


def test_the_names_that_a_file_has_are_read(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", SQUARE, NAME_3="Quang Châu", other="x")
    (row,) = outlines.read_outlines(file, code_field="code", level=3)
    assert row.label == "Quang Châu"
