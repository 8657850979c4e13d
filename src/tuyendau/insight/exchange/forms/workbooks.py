"""What is asked of a workbook beside its cells: its sheets, and which cells are merged."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from xml.etree import ElementTree

import fastexcel
import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms.problems import refused

MOST_SHEETS = 30
_LOOKED_AT = 30
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_MOST_MERGED = 50_000
_FILLED = 200_000
Span = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


def open_workbook(data: bytes) -> fastexcel.ExcelReader:
    """The workbook, once its size was looked at. Raises `FileRefused`."""
    try:
        return fastexcel.read_excel(data)
    except (fastexcel.FastExcelError, ValueError) as error:
        raise refused(
            _("The workbook cannot be opened. If it has a password, remove it; else save it again as .xlsx.")
        ) from error


def load(reader: fastexcel.ExcelReader, sheet: int, rows: int | None = None) -> pl.DataFrame:
    """The cells of a sheet as texts from its row 1, columns "0", "1", …; with `rows`, its first ones only."""
    try:
        loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
        frame = loaded.to_polars()
    except fastexcel.FastExcelError as error:
        raise refused(
            _("The workbook cannot be opened. If it has a password, remove it; else save it again as .xlsx.")
        ) from error
    frame.columns = [str(i) for i in range(frame.width)]
    return frame


def sheet_names(data: bytes) -> tuple[str, ...]:
    """The names of the sheets."""
    return tuple(open_workbook(data).sheet_names[:MOST_SHEETS])


def heads(data: bytes) -> list[tuple[str, pl.DataFrame]]:
    """The name and the first rows of each sheet."""
    reader = open_workbook(data)
    return [
        (name, load(reader, index, _LOOKED_AT)) for index, name in enumerate(reader.sheet_names[:MOST_SHEETS])
    ]


def merged(data: bytes, sheet: int) -> list[Span]:
    """Which cells of a sheet of an .xlsx are merged; none for another kind of workbook."""
    if not data.startswith(b"PK"):
        return []
    try:
        book = zipfile.ZipFile(io.BytesIO(data))
        part = book.read(_path(book, sheet))
    except (KeyError, IndexError, ElementTree.ParseError, zipfile.BadZipFile):
        return []
    found = _MERGED.findall(part)[:_MOST_MERGED]
    return [(int(r1) - 1, _column(c1), int(r2) - 1, _column(c2)) for c1, r1, c2, r2 in found]


def _path(book: zipfile.ZipFile, sheet: int) -> str:
    """Where the part of a sheet stands, by the order of the workbook."""
    listed = ElementTree.fromstring(book.read("xl/workbook.xml"))  # noqa: S314 no entities: expat of today refuses bombs
    relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): str(relation.get("Target")) for relation in relations}
    sheets = [element for element in listed.iter() if element.tag.rpartition("}")[2] == "sheet"]
    key = next(
        value for name, value in sheets[sheet].items() if name.rpartition("}")[2] == "id" and "}" in name
    )
    target = targets[key]
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def filled(frame: pl.DataFrame, spans: list[Span]) -> pl.DataFrame:
    """`frame` with the value of cells that are merged downwards in each of them. Never to the side: a line that is
    merged across a table is no value of its columns."""
    changes: dict[int, dict[int, str]] = {}
    count = 0
    for first, left, last, _right in spans:
        if last == first or first >= frame.height or left >= frame.width or not frame[first, left]:
            continue
        last = min(last, frame.height - 1)
        count += last - first
        if count > _FILLED:
            break
        changes.setdefault(left, {}).update(dict.fromkeys(range(first, last + 1), frame[first, left]))
    for column, cells in changes.items():
        values = frame[str(column)].to_list()
        for row, value in cells.items():
            values[row] = values[row] or value
        frame = frame.with_columns(pl.Series(str(column), values, dtype=pl.String))
    return frame
