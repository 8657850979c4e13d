from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
import xlsxwriter
from click.testing import CliRunner, Result
from shapely import box

from tests.factories import UnitFactory
from tuyendau.config.cli import import_boundaries, import_sites, import_units
from tuyendau.core.places.models import Boundary, Site, Unit, UnitSuccessor

pytestmark = pytest.mark.django_db
FLAT = """code,name,district_code,district,province_code,province,lon,lat,next
7807,Xã Quang Châu,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,106.11,21.21,07795
7795,Thị trấn Nếnh,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,106.12,21.24,07795
"""


def run(module: object, *arguments: str | Path) -> Result:
    return CliRunner().invoke(module.command, [str(argument) for argument in arguments])  # type: ignore[attr-defined]


def test_one_province_of_both_trees_with_links_and_cells() -> None:
    result = run(import_units, "--province", "24")
    assert result.exit_code == 0, result.output
    assert Unit.objects.filter(valid_to__isnull=False, level=3).count() == 192
    assert Unit.objects.filter(valid_to__isnull=True, level=3).count() == 99
    assert Unit.objects.filter(level=1).count() == 2
    assert Boundary.objects.filter(approximate=True).count() == 192 + 99
    assert UnitSuccessor.objects.filter(old__level=3).values("old").distinct().count() == 192
    again = run(import_units, "--province", "24")
    assert again.exit_code == 0
    assert "0 new, 0 changed, 203 as before" in again.output


def test_a_tree_of_a_file_with_what_it_went_into(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(FLAT, encoding="utf-8")
    run(import_units, "--province", "24", "--no-cells")
    days = ("--valid-from", "2020-02-01", "--valid-to", "01/01/2025", "--successors", "next")
    result = run(import_units, tmp_path / "units.csv", *days)
    assert result.exit_code == 0, result.output
    quang_chau = Unit.objects.get(code="07807", valid_from="2020-02-01")
    assert [link.new.code for link in quang_chau.successors.all()] == ["07795"]
    assert Boundary.objects.count() == 2


def test_a_file_whose_successors_are_unknown_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(FLAT, encoding="utf-8")
    days = ("--valid-from", "2020-02-01", "--valid-to", "2025-01-01", "--successors", "next")
    result = run(import_units, tmp_path / "units.csv", *days)
    assert result.exit_code == 1
    assert "07795" in result.output
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--valid-from", "2020-02-01"],
        ["{file}"],
        ["{file}", "--valid-from", "2020-02-01", "--successors", "next"],
    ],
)
def test_days_belong_to_a_file_and_a_file_needs_them(tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "units.csv"
    file.write_text(FLAT, encoding="utf-8")
    assert run(import_units, *(a.format(file=file) for a in arguments)).exit_code == 2


def test_an_unknown_province_is_told() -> None:
    result = run(import_units, "--province", "99")
    assert result.exit_code == 1
    assert not Unit.objects.exists()


def test_boundaries_of_a_file(tmp_path: Path) -> None:
    UnitFactory.create(code="07807", parent=UnitFactory.create(code="24", level=1))
    geometry = json.loads(shapely.to_geojson(box(106, 21, 106.1, 21.1)))
    feature = {"type": "Feature", "properties": {"ma_xa": 7807}, "geometry": geometry}
    file = tmp_path / "xa.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    result = run(import_boundaries, file, "--valid-on", "15/05/2021", "--code-field", "ma_xa")
    assert result.exit_code == 0, result.output
    assert Boundary.objects.get().source == "xa.geojson"
    assert run(import_boundaries, file, "--valid-on", "2019-01-01", "--code-field", "ma_xa").exit_code == 1
    assert run(import_boundaries, file, "--valid-on", "2021-05-15").exit_code == 1


def test_sites_of_a_csv(tmp_path: Path) -> None:
    UnitFactory.create(code="07807")
    file = tmp_path / "sites.csv"
    file.write_text(
        "code,kind,name,parent,unit,capacity,lon\nL1,line,Chuyền 1,CT,,40,\nCT,company,Công ty,,7807,,106.1\n"
    )
    result = run(import_sites, file, "--unit-on", "2021-05-15")
    assert result.exit_code == 0, result.output
    line = Site.objects.get(code="L1")
    assert line.parent is not None
    assert (line.parent.code, line.capacity, line.parent.lon) == ("CT", 40, 106.1)
    assert line.unit == line.parent.unit == Unit.objects.get()


def test_sites_of_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "sites.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["Mã", "Loại", "Tên", "Thuộc"], ["P1", "room", "Phòng 1", "K1"],
                                      ["K1", "dormitory", "Ký túc xá", ""]]):  # fmt: skip
            sheet.write_row(number, 0, row)
    result = run(import_sites, tmp_path / "sites.xlsx")
    assert result.exit_code == 0, result.output
    assert str(Site.objects.get(code="P1").path).startswith(str(Site.objects.get(code="K1").path))


def test_wrong_cells_of_sites_are_told_with_row_and_column(tmp_path: Path) -> None:
    file = tmp_path / "sites.csv"
    file.write_text("code,kind,name,lon,dwell_minutes\nA,castle,A,,\nB,line,B,206,9999\n")
    result = run(import_sites, file)
    assert result.exit_code == 1
    for told in ("castle", "206", "9999"):
        assert told in result.output
    assert not Site.objects.exists()
