"""Workbooks read back by another library than the one that wrote them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import fastexcel
import polars as pl
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tuyendau.lib.spreadsheet import FORMATS, Column, Kind, csv_pieces, parquet_pieces, workbook, xlsx_pieces


def cells(stream: BytesIO) -> list[dict[str, object]]:
    return fastexcel.read_excel(stream.getvalue()).load_sheet(0).to_polars().to_dicts()


def test_every_kind_of_cell_comes_back() -> None:
    moment = datetime(2021, 5, 8, 20, 30, tzinfo=UTC)
    row = ["Nguyễn Thị Hà", 3, 0.5, date(2021, 5, 8), moment, True, None]
    book = workbook("Ca bệnh", [Column(c) for c in "abcdefg"], [row])
    assert cells(book) == [
        {"a": "Nguyễn Thị Hà", "b": 3.0, "c": 0.5, "d": datetime(2021, 5, 8), "e": datetime(2021, 5, 9, 3, 30),
         "f": True, "g": None}
    ]  # fmt: skip


def test_no_text_becomes_a_formula_or_a_link() -> None:
    texts = ["=1+1", "+84912345678", "-2", "@SUM(A1)", "{=1}", "http://example.org", "0012", "\tx"]
    book = workbook("s", [Column("t", 20)], [[t] for t in texts])
    assert [c["t"] for c in cells(book)] == texts


def test_what_excel_cannot_hold_is_text_or_empty() -> None:
    book = workbook("s", [Column("a"), Column("b")], [["x", float("nan")], [date(1899, 1, 2), "y"]])
    assert cells(book) == [{"a": "x", "b": None}, {"a": "02/01/1899", "b": "y"}]


def test_rows_beyond_a_sheet_go_on_to_the_next() -> None:
    name = "a/very*long:name [of] a sheet, too long for Excel"
    batches = [[[0], [1]], [], [[2], [3], [4]], [[5], [6]]]
    data = b"".join(xlsx_pieces(name, [Column("n")], batches, sheet_rows=4))
    reader = fastexcel.read_excel(data)
    found = [n for name in reader.sheet_names for n in reader.load_sheet(name).to_polars()["n"]]
    assert found == list(range(7))
    assert len(set(reader.sheet_names)) == 3


def test_no_rows_leave_the_header() -> None:
    reader = fastexcel.read_excel(workbook("s", [Column("Mã"), Column("Tên")], []).getvalue())
    assert reader.load_sheet(0, header_row=None).to_polars().rows() == [("Mã", "Tên")]


def test_what_xml_cannot_hold_is_left_out_and_the_rest_stays() -> None:
    texts = [
        "a & b < c > d",
        "_x000D_ stays",
        "two\nlines",
        "bell\x07gone",
        "lone \ud800 half",
        "  blanks  ",
        '"quoted"',
    ]
    book = workbook("Ca & <bệnh>", [Column('t & "u"')], [[t] for t in texts])
    found = [c['t & "u"'] for c in cells(book)]
    assert found == [*texts[:3], "bellgone", "lone ? half", *texts[5:]]


@pytest.mark.parametrize("day", [date(1900, 1, 2), date(1900, 2, 28), date(1900, 3, 1), date(2024, 2, 29)])
def test_days_are_those_of_excel_from_its_first_on(day: date) -> None:
    expected = BytesIO()
    with xlsxwriter.Workbook(expected) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "d")
        sheet.write_datetime(
            1, 0, datetime(day.year, day.month, day.day), book.add_format({"num_format": "0"})
        )
    ours = workbook("s", [Column("d")], [[day]])
    serial = re.search(rb"<v>(\d+)</v></c></row></sheetData>", part(ours, "xl/worksheets/sheet1.xml"))
    theirs = re.search(rb"<v>(\d+)</v></c></row></sheetData>", part(expected, "xl/worksheets/sheet1.xml"))
    assert serial[1] == theirs[1]


def part(book: BytesIO, name: str) -> bytes:
    return ZipFile(BytesIO(book.getvalue())).read(name)


def test_pieces_come_while_rows_are_read() -> None:
    """Nothing waits for the last row, in any format."""
    for each in FORMATS.values():
        read: list[int] = []

        def batches(read: list[int] = read) -> Iterator[list[list[str]]]:
            for n in range(4):
                read.append(n)
                yield [[f"{k * 7919 % 100_003}-{n}"] for k in range(50_000)]

        pieces = each.pieces("s", [Column("t")], batches())
        first = next(pieces)
        while not first:
            first = next(pieces)
        assert len(read) < 4, each.code
        pieces.close()


def test_a_csv_file_is_read_by_programs_and_run_by_none() -> None:
    columns = [Column("Tên"), Column("=Số"), Column("Ngày"), Column("Lúc")]
    moment = datetime(2021, 5, 8, 20, 30, tzinfo=UTC)
    rows = [["=cmd|' /C calc'!A0", -5, date(2021, 5, 8), moment], ['Hà, "Bé"', 1.5, None, None]]
    data = b"".join(csv_pieces("s", columns, [rows]))
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").splitlines()
    assert lines == [
        "Tên,'=Số,Ngày,Lúc", "'=cmd|' /C calc'!A0,-5,2021-05-08,2021-05-09 03:30", '"Hà, ""Bé""",1.5,,',
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_every_beginning_of_a_formula_is_taken_away(text: str) -> None:
    data = b"".join(csv_pieces("s", [Column("t")], [[[text]]])).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(data.split("\n", 1)[1], newline=""))) == ["'" + text]


def test_a_parquet_file_keeps_types_titles_and_classes() -> None:
    moment = datetime(2021, 5, 8, 20, 30, tzinfo=UTC)
    columns = [
        Column("Tên", 20, "personal", "name"), Column("Ct", 8, "sensitive", "ct", Kind.NUMBER),
        Column("Tuổi", 8, "personal", "age", Kind.WHOLE), Column("Khởi phát", 8, "sensitive", "onset", Kind.DAY),
        Column("Cách ly", 8, "sensitive", "isolated", Kind.MOMENT), Column("F1", 8, "sensitive", "f1", Kind.FLAG),
    ]  # fmt: skip
    rows = [["Hà", 17.5, 30, date(2021, 5, 8), moment, True], [None, None, None, None, None, None]]
    data = b"".join(parquet_pieces("Ca bệnh", columns, [rows[:1], rows[1:]]))
    table = pq.read_table(BytesIO(data))
    assert table.to_pylist() == [dict(zip([c.name for c in columns], row, strict=True)) for row in rows]
    about = table.schema.field("onset").metadata
    assert (about[b"title"].decode(), about[b"privacy"]) == ("Khởi phát", b"sensitive")


def test_no_rows_leave_the_columns() -> None:
    data = b"".join(parquet_pieces("s", [Column("a", name="a")], []))
    assert pl.read_parquet(BytesIO(data)).columns == ["a"]
