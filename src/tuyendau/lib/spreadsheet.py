"""Writing of XLSX workbooks: a frozen header, dates as dates, and no cell that Excel would run as a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from tuyendau.lib.clock import ZONE

SHEET_ROWS = 1_048_576
"""Rows that one sheet of Excel holds, its header among them."""

_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and the class of its data, as `access.Privacy` names them."""

    title: str
    width: int = 14
    privacy: str = ""


def workbook(sheet: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> BytesIO:
    """An XLSX file with `rows` under a frozen header, ready to be read from its beginning.

    Cells may be None (empty), str, bool, int, float, date or datetime; anything else is written as its text. A text
    is written as text whatever it begins with, so that "=1+1" stays four characters. Aware datetimes are shown in
    the province's time. Rows that no longer fit on a sheet go on to a next one, and none is left out. Memory does
    not grow with the number of rows, apart from the compressed file itself.
    """
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True, "nan_inf_to_errors": False})
    writer = _Writer(book, sheet, columns)
    for row in rows:
        writer.add(row)
    book.close()
    stream.seek(0)
    return stream


class _Writer:
    """Writes rows one after the other, with a new sheet whenever one is full."""

    def __init__(self, book: Any, name: str, columns: Sequence[Column], sheet_rows: int = SHEET_ROWS) -> None:
        self._book, self._name, self._columns, self._sheet_rows = book, name, columns, sheet_rows
        self._bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._date = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self._moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
        self._sheets = 0
        self._open_sheet()

    def _open_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet(_sheet_name(self._name, self._sheets))
        for index, column in enumerate(self._columns):
            self._sheet.set_column(index, index, column.width)
            self._sheet.write_string(0, index, str(column.title), self._bold)
        self._sheet.freeze_panes(1, 0)
        self._row = 1

    def add(self, row: Sequence[object]) -> None:
        """Write one row below the last."""
        if self._row == self._sheet_rows:
            self._open_sheet()
        for index, value in enumerate(row):
            self._cell(index, value)
        self._row += 1

    def _cell(self, index: int, value: object) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self._sheet.write_boolean(self._row, index, value)
        elif isinstance(value, int | float):
            if math.isfinite(value):
                self._sheet.write_number(self._row, index, value)
        elif isinstance(value, date):
            self._when(index, value)
        else:
            self._sheet.write_string(self._row, index, str(value))

    def _when(self, index: int, value: date) -> None:
        """A date or a datetime; Excel knows none before 1900, which are written as text."""
        moment = isinstance(value, datetime)
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = value.astimezone(ZONE).replace(tzinfo=None)
        if value.year < _FIRST_YEAR:
            text = f"{value.day:02}/{value.month:02}/{value.year:04}"
            self._sheet.write_string(self._row, index, text)
        else:
            self._sheet.write_datetime(self._row, index, value, self._moment if moment else self._date)


def _sheet_name(name: str, number: int) -> str:
    """A name that Excel takes: at most 31 characters, none of those it forbids, different on every sheet."""
    ending = "" if number == 1 else f" {number}"
    plain = _FORBIDDEN_IN_NAME.sub(" ", str(name)).strip(" '") or "Sheet"
    return plain[: 31 - len(ending)] + ending
