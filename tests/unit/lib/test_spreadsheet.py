"""Workbooks read back by another library than the one that wrote them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import fastexcel
import xlsxwriter

from tuyendau.lib import spreadsheet
from tuyendau.lib.spreadsheet import Column, workbook


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
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    writer = spreadsheet._Writer(
        book, "a/very*long:name [of] a sheet, too long for Excel", [Column("n")], sheet_rows=4
    )
    for n in range(7):
        writer.add([n])
    book.close()
    reader = fastexcel.read_excel(stream.getvalue())
    found = [n for name in reader.sheet_names for n in reader.load_sheet(name).to_polars()["n"]]
    assert found == list(range(7))
    assert len(set(reader.sheet_names)) == 3


def test_no_rows_leave_the_header() -> None:
    reader = fastexcel.read_excel(workbook("s", [Column("Mã"), Column("Tên")], []).getvalue())
    assert reader.load_sheet(0, header_row=None).to_polars().rows() == [("Mã", "Tên")]
