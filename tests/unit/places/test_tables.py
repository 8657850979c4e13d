from __future__ import annotations

import json
from pathlib import Path

import pytest

from tuyendau.core.places.actions import tables
from tuyendau.core.places.actions.errors import PlacesRefused
from tuyendau.core.places.actions.rows import UnitRow

FLAT = """code,name,district_code,district,province_code,province,lon,lat,area_km2,pop2019_est,next
7801,Xã Vân Trung,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,106.14,21.24,9.5,9100,07795|07798
07807,Xã  Quang Châu,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,106.11,21.21,,,
"""


def read(tmp_path: Path, text: str, name: str = "units.csv", **options: str) -> list[UnitRow]:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return tables.read_units(file, **options)


def why(error: pytest.ExceptionInfo[PlacesRefused]) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.column) for problem in error.value.problems]


def test_a_flat_table_gives_province_district_and_communes(tmp_path: Path) -> None:
    province, district, first, second = read(tmp_path, FLAT, successors="next")
    assert (province.code, province.level, province.name, province.parent) == (
        "24",
        1,
        "Tỉnh Bắc Giang",
        None,
    )
    assert (district.code, district.level, district.parent) == ("222", 2, (1, "24"))
    assert (first.code, first.parent, first.lon, first.population) == ("07801", (2, "222"), 106.14, 9100)
    assert first.successors == ("07795", "07798")
    assert (second.name, second.area_km2, second.successors) == ("Xã Quang Châu", None, ())


def test_a_table_with_parents_in_any_order(tmp_path: Path) -> None:
    units = read(
        tmp_path,
        "ma;ten;cap;ma cap tren\n7807;Xã Quang Châu;xã;222\n222;Việt Yên;huyện;24\n24;Bắc Giang;tỉnh;\n",
    )
    assert [(u.code, u.level, u.parent) for u in units] == [
        ("24", 1, None),
        ("222", 2, (1, "24")),
        ("07807", 3, (2, "222")),
    ]


def test_without_a_level_the_length_of_the_code_tells(tmp_path: Path) -> None:
    units = read(tmp_path, "code,name,parent_code\n07777,Phường Việt Yên,24\n24,Tỉnh Bắc Ninh,\n")
    assert [(u.code, u.level, u.parent) for u in units] == [("24", 1, None), ("07777", 3, (1, "24"))]


def test_a_short_code_without_a_level_is_refused_by_row(tmp_path: Path) -> None:
    with pytest.raises(PlacesRefused) as error:
        read(tmp_path, "code,name,parent_code\n24,Tỉnh Bắc Ninh,\n7777,Phường Việt Yên,24\n")
    assert why(error) == [(3, "code")]


def test_geojson_features_are_read_by_their_properties(tmp_path: Path) -> None:
    feature = {
        "properties": {"code": "07801", "name": "Xã Vân Trung", "province_code": 24, "province": "Bắc Giang"}
    }
    units = read(tmp_path, json.dumps({"features": [feature]}), "units.geojson")
    assert [(u.code, u.parent) for u in units] == [("24", None), ("07801", (1, "24"))]


def test_every_wrong_cell_is_told_at_once(tmp_path: Path) -> None:
    table = FLAT.splitlines()[0] + "\n" + "\n".join(
        [
            ",Xã A,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,106,21,,,",
            "07801,,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,106,21,,,",
            "07802,Xã C,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,206,x,,-3,",
            "07803,Xã D,222,Huyện Khác,24,Tỉnh Bắc Giang,106,21,,,",
            "07803,Xã E,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,106,21,,,",
            "QC,Xã F,222,Huyện Việt Yên,24,Tỉnh Bắc Giang,106,21,,,",
        ]
    )  # fmt: skip
    with pytest.raises(PlacesRefused) as error:
        read(tmp_path, table)
    assert why(error) == [
        (2, "code"), (3, "name"), (4, "lon"), (4, "lat"), (4, "pop2019_est"), (5, "district"), (6, "code"), (7, "code"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "code\n07801\n", "name\nXã A\n"])
def test_a_table_without_rows_or_columns_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PlacesRefused):
        read(tmp_path, text)


def test_a_named_column_of_successors_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(PlacesRefused, match="code_2030"):
        read(tmp_path, FLAT, successors="code_2030")


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_bytes("code,name\n07801,Xã Vân\n".encode("utf-16"))
    with pytest.raises(PlacesRefused, match="UTF-8"):
        tables.read_units(tmp_path / "old.csv")


def test_only_one_province_is_kept(tmp_path: Path) -> None:
    other = FLAT + "00004,Xã Ba,001,Ba Đình,01,Hà Nội,,,,,\n"
    units = read(tmp_path, other)
    assert {u.code for u in tables.only_province(units, "24")} == {"24", "222", "07801", "07807"}
    assert tables.only_province(units, "99") == []


@pytest.mark.parametrize(
    ("told", "people"), [("9100", 9100), ("9.100", 9100), ("1,234,567", 1_234_567), ("9100.0", 9100)]
)
def test_numbers_of_people_as_either_country_writes_them(tmp_path: Path, told: str, people: int) -> None:
    (_province, unit) = read(
        tmp_path, f"ma;ten;ma tinh;tinh;kinh do;dan so\n7801;Vân Trung;24;Bắc Giang;106,14;{told}\n"
    )
    assert (unit.population, unit.lon) == (people, 106.14)


@pytest.mark.parametrize("told", ["9.1", "9.10", "-5", "nine", "1.23.456"])
def test_a_number_of_people_that_could_mean_another_is_refused(tmp_path: Path, told: str) -> None:
    with pytest.raises(PlacesRefused) as error:
        read(tmp_path, f"ma;ten;ma tinh;dan so\n7801;Vân Trung;24;{told}\n")
    assert why(error) == [(2, "dan so")]
