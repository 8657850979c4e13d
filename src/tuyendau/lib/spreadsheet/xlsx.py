"""XLSX workbooks, written as their rows come: a frozen header, dates as dates, texts as texts whatever they begin with.

The usual writers keep the whole sheet, or a copy of it on disk, and hand over nothing before the last row. Here the
archive is written into a pipe that need not be sought in, and each batch of rows is a piece that goes out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from tuyendau.lib.spreadsheet.columns import Batches, Column, Row, local
from tuyendau.lib.spreadsheet.pipe import Pipe

SHEET_ROWS = 1_048_576
"""Rows that one sheet of Excel holds, its header among them."""

SHEET_BYTES = 1_800_000_000
"""A part of the archive stays below two gigabytes: Excel opens none that has the long form of sizes."""

_LONGEST_TEXT = 32_767
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": ""}
_FIRST_YEAR = 1900
_EPOCH = date(1899, 12, 30).toordinal()
_LEVEL = 3
_BATCH = 2_000

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}">
<numFmts count="2">
<numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/>
</numFmts>
<fonts count="2">
<font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>
</fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>
<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">
<alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">
<alignment horizontal="left"/></xf>
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">
<alignment horizontal="left"/></xf></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""
_ROOT = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def workbook(sheet: str, columns: Sequence[Column], rows: Iterable[Row]) -> BytesIO:
    """A whole XLSX file with `rows` under a frozen header, ready to be read from its beginning; see `xlsx_pieces`."""
    stream = BytesIO()
    for piece in xlsx_pieces(sheet, columns, _batches(rows)):
        stream.write(piece)
    stream.seek(0)
    return stream


def xlsx_pieces(
    name: str, columns: Sequence[Column], batches: Batches, *, sheet_rows: int = SHEET_ROWS
) -> Iterator[bytes]:
    """An XLSX file with a sheet `name`, a piece for each batch of rows.

    Cells may be None (empty), str, bool, int, float, date or datetime; anything else is written as its text. A text
    is written as text, so that "=1+1" stays four characters; one beyond what a cell holds is cut there. Aware
    datetimes are shown in the province's time; days before 1900, which Excel does not know, are texts. Rows that no
    longer fit on a sheet go on to a next one, and none is left out. Memory does not grow with the rows.
    """
    pipe = Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        sheets = _Sheets(archive, columns, sheet_rows)
        try:
            for batch in batches:
                sheets.add(batch)
                yield pipe.take()
        finally:
            # Also where whoever took the pieces has gone.
            sheets.close()
        _bind(archive, name, sheets.count)
    yield pipe.take()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


class _Sheets:
    """Writes rows one after the other, with a new sheet whenever one is full."""

    def __init__(self, archive: ZipFile, columns: Sequence[Column], sheet_rows: int) -> None:
        self._archive, self._columns, self._sheet_rows = archive, columns, sheet_rows
        self._letters = [_letters(place) for place in range(len(columns))]
        self.count = 0
        self._part: IO[bytes]
        self._open()

    def _open(self) -> None:
        self.count += 1
        self._part = self._archive.open(f"xl/worksheets/sheet{self.count}.xml", "w")
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{column.width + 0.7}" customWidth="1"/>'
            for n, column in enumerate(self._columns, 1)
        )
        self._size = 0
        self._write(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"{f'<cols>{widths}</cols>' if widths else ''}<sheetData>"
        )
        titles = "".join(
            f'<c r="{letters}1" s="1" t="inlineStr">{_text(str(column.title))}</c>'
            for letters, column in zip(self._letters, self._columns, strict=True)
        )
        self._write(f'<row r="1">{titles}</row>')
        self._row = 1

    def add(self, rows: Sequence[Row]) -> None:
        """Write rows below the last."""
        lines: list[str] = []
        for row in rows:
            if self._row == self._sheet_rows or self._size > SHEET_BYTES:
                self._write("".join(lines))
                lines.clear()
                self.close()
                self._open()
            self._row += 1
            lines.append(f'<row r="{self._row}">{self._cells(row)}</row>')
        self._write("".join(lines))

    def _cells(self, row: Row) -> str:
        number = self._row
        return "".join(
            [
                _cell(f"{letters}{number}", value)
                for letters, value in zip(self._letters, row, strict=True)
                if value is not None and value != ""
            ]
        )

    def close(self) -> None:
        """End the sheet."""
        self._write("</sheetData></worksheet>")
        self._part.close()

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._size += len(data)
        self._part.write(data)


def _cell(at: str, value: object) -> str:
    if type(value) is str:
        return f'<c r="{at}" t="inlineStr">{_text(value)}</c>'
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value}</v></c>' if math.isfinite(value) else ""
    if isinstance(value, date):
        return _when(at, value)
    return f'<c r="{at}" t="inlineStr">{_text(str(value))}</c>'


def _when(at: str, value: date) -> str:
    """A date or a datetime; Excel knows none before 1900, and one day of 1900 that never was."""
    moment = local(value) if isinstance(value, datetime) else None
    day = value if moment is None else moment
    if day.year < _FIRST_YEAR:
        return _cell(at, f"{day.day:02}/{day.month:02}/{day.year:04}")
    serial = day.toordinal() - _EPOCH
    serial -= serial < 61
    if moment is None:
        return f'<c r="{at}" s="2"><v>{serial}</v></c>'
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return f'<c r="{at}" s="3"><v>{serial + seconds / 86_400:.15g}</v></c>'


def _text(text: str) -> str:
    return f'<is><t xml:space="preserve">{_escaped(text)}</t></is>'


def _escaped(text: str) -> str:
    text = text[:_LONGEST_TEXT]
    return _SPECIAL.sub(_escape, text) if _SPECIAL.search(text) else text


def _escape(found: re.Match[str]) -> str:
    """What XML or Excel would read as something else; what neither can hold is left out."""
    special = found.group()
    return f"_x005F{special}" if len(special) > 1 else _ESCAPES.get(special, "")


def _bind(archive: ZipFile, name: str, sheets: int) -> None:
    """The parts that make sheets a workbook; they come last, when it is known how many there are."""
    numbers = range(1, sheets + 1)
    listed = "".join(
        f'<sheet name="{_escaped(_sheet_name(name, n))}" sheetId="{n}" r:id="rId{n}"/>'.replace("\n", " ")
        for n in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    styles = f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    archive.writestr(
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    archive.writestr(
        "xl/_rels/workbook.xml.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}{styles}</Relationships>',
    )
    archive.writestr("xl/styles.xml", _STYLES)
    archive.writestr("_rels/.rels", _ROOT)
    archive.writestr(
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'{parts}<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    )


def _letters(place: int) -> str:
    """The letters of a column: 0 is A, 26 AA."""
    place, letters = place + 1, ""
    while place:
        place, left = divmod(place - 1, 26)
        letters = chr(65 + left) + letters
    return letters


def _sheet_name(name: str, number: int) -> str:
    """A name that Excel takes: at most 31 characters, none of those it forbids, different on every sheet."""
    ending = "" if number == 1 else f" {number}"
    plain = _FORBIDDEN_IN_NAME.sub(" ", str(name)).replace('"', " ").strip(" '") or "Sheet"
    return plain[: 31 - len(ending)] + ending
