"""Small files that say much are refused before memory is taken for them; what is refused on the web alone."""

from __future__ import annotations

import io
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from django.utils import translation

from tuyendau.insight.exchange.forms.limits import SERVER, WEB, Limits
from tuyendau.insight.exchange.forms.problems import FileRefused
from tuyendau.insight.exchange.forms.reading import Sheet, read
from tuyendau.insight.exchange.forms.specs import PEOPLE

AT = datetime(2021, 5, 20, 3, tzinfo=UTC)
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
SMALL = Limits(rows=4, columns=4, cells=12, unpacked=20_000, old_workbooks=False)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def people(data: bytes | str, limits: Limits = WEB) -> Sheet:
    return read(PEOPLE, data.encode() if isinstance(data, str) else data, at=AT, limits=limits)


def refusal(data: bytes | str, limits: Limits = WEB) -> str:
    """Why the file is refused, having seen that little memory was taken on the way."""
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused) as refused:
            people(data, limits)
        assert tracemalloc.get_traced_memory()[1] < 500 * 2**20
    finally:
        tracemalloc.stop()
    return str(refused.value)


def book(rows: int = 1) -> bytes:
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream)
    sheet = made.add_worksheet()
    for number, row in enumerate([["code", "full_name"], *[[f"A{i}", "Hà"] for i in range(rows)]]):
        sheet.write_row(number, 0, row)
    made.close()
    return stream.getvalue()


def rewritten(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one of its parts changed."""
    old, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(entry.filename, change(text.decode()) if entry.filename == name else text)
    return out.getvalue()


def parquet(table: pa.Table, **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def test_a_heading_of_very_many_cells() -> None:
    short = "\n" * 5 + "1\n" * 60_000
    assert "60001 columns" in refusal("," * 60_000 + short)
    assert "60001 columns" in refusal("code,name\n" + "," * 60_000 + short)
    assert "60001 columns" in refusal('"code",name\n' + "," * 60_000 + short)
    assert "60001 columns" in refusal("\r\n" + "," * 60_000 + short)


def test_one_wide_row_below_the_headings_does_not_widen_the_others() -> None:
    rows = "1,Hà\n" * 100_000
    assert "Row 100002: This row has more cells" in refusal("code,name\n" + rows + "1,Hà" + ",x" * 60_000)
    empty = people("code,name\n" + rows + "1,Hà" + "," * 60_000)
    assert (empty.frame.width, len(empty)) == (3, 100_001)


def test_more_rows_and_cells_than_fit() -> None:
    assert len(people("code,name\n1,a\n2,b\n", SMALL)) == 2
    assert "has 5 rows" in refusal("code,name\n" + "1,a\n" * 4, SMALL)
    assert "has 4 rows" in refusal("code,name,phone,from\n" + "1,a,,\n" * 3, SMALL)
    assert "has 5 rows" in refusal('code,name\n"1",a\n' + "1,a\n" * 3, SMALL)


def test_a_parquet_file_of_sixty_million_rows_in_few_bytes() -> None:
    table = pa.table({"code": pa.array(["A"]).take(pa.array([0])).dictionary_encode()})
    out = io.BytesIO()
    with pq.ParquetWriter(out, table.schema) as writer:
        for _ in range(60):
            indices = pa.array(memoryview(bytes(1_000_000)).cast("b"), pa.int8())
            codes = pa.DictionaryArray.from_arrays(indices, pa.array(["A"]))
            writer.write_table(pa.table({"code": codes.cast(table.schema.field(0).type)}))
    assert len(out.getvalue()) < 2_000_000
    assert "has 60000000 rows" in refusal(out.getvalue())


def test_a_parquet_file_of_many_columns() -> None:
    table = pa.table({f"c{i}": ["x"] for i in range(201)})
    assert "201 columns" in refusal(parquet(table))


def test_a_parquet_file_that_unpacks_to_much() -> None:
    table = pa.table({"code": ["x" * 60_000] * 2})
    data = parquet(table, use_dictionary=False, compression="zstd")
    assert len(data) < 5_000
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tuyendau.insight.exchange.forms.limits.PARQUET_UNPACKED", 100_000)
        assert "too large once unpacked" in refusal(data, SMALL)


@pytest.mark.parametrize("categorical", [False, True])
def test_a_long_text_that_stands_in_very_many_rows(categorical: bool) -> None:
    indices = pa.array(memoryview(bytes(1_000_000)).cast("b"), pa.int8())
    table = pa.table({"code": pa.DictionaryArray.from_arrays(indices, pa.array(["x" * 10_000]))})
    data = parquet(table, store_schema=categorical)
    assert len(data) < 100_000
    assert (pl.read_parquet(io.BytesIO(data)).schema["code"] == pl.String) is not categorical
    assert "too large once unpacked" in refusal(data)


def test_a_workbook_that_says_it_is_small_and_is_not() -> None:
    honest = rewritten(book(), SHEET, lambda text: text + " " * (WEB.unpacked + 1))
    # The length of the unpacked part, where the directory at the end says it.
    lied = honest.replace(
        struct.pack("<L", zipfile.ZipFile(io.BytesIO(honest)).getinfo(SHEET).file_size), b"\1\0\0\0"
    )
    assert zipfile.ZipFile(io.BytesIO(lied)).getinfo(SHEET).file_size == 1
    assert len(lied) < 500_000
    for data in (honest, lied):
        assert "too large once unpacked" in refusal(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('r="B2"', 'r="XFD1048576"').replace('<row r="2"', '<row r="1048576"'),
        lambda text: (
            text.replace('r="B2"', "s='1' r = 'XFD1048576'").replace("<c ", "<x:c ").replace("</c>", "</x:c>")
        ),
        lambda text: re.sub(
            r'<row r="2".*?</row>', '<row r="1048576">' + "<c><v>1</v></c>" * 400 + "</row>", text
        ),
    ],
)
def test_a_workbook_of_two_cells_far_apart(change: Callable[[str], str]) -> None:
    assert "reaches to row 1048576" in refusal(rewritten(book(), SHEET, change))


def test_a_long_heading_is_cut_where_it_is_told() -> None:
    told = refusal("code," + "x" * 100_000 + "\n1,2\n")
    assert len(told) < 2_000
    assert "x…" in told


def test_a_workbook_of_one_long_text_in_many_cells() -> None:
    long = rewritten(book(), TEXTS, lambda text: text.replace(">A0<", f">{'x' * 30_000}<"))
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>2</v></c></row>' for i in range(3, 20_003))
    assert len(people(long)) == 1
    data = rewritten(long, SHEET, lambda text: text.replace("</sheetData>", cells + "</sheetData>"))
    assert "too large once unpacked" in refusal(data)


def test_one_long_text_in_one_cell_is_no_harm() -> None:
    many = rewritten(book(20_000), TEXTS, lambda text: text.replace(">A7<", f">{'x' * 30_000}<"))
    assert len(people(many)) == 20_000


def test_other_formats_in_the_clothes_of_a_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("content.xml", "<office/>")
    assert "This is no workbook" in refusal(out.getvalue())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
    assert "damaged" in refusal(packed.getvalue())
    assert "damaged" in refusal(book()[:-30])
    old = b"\xd0\xcf\x11\xe0" + bytes(600)
    assert ".xls" in refusal(old)
    assert "cannot be opened" in refusal(old, SERVER)
