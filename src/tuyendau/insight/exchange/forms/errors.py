"""The bad rows of an import as a workbook in the original columns, with what is wrong in a column behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from tuyendau.insight.exchange.forms.layout import ERROR_HEADING
from tuyendau.insight.exchange.forms.specs import key

PROPERTY = "tuyendau"
_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?: 00:00:00)?$")
_WIDTH, _WIDE = 16, 70


def error_workbook(
    public_id: str, heads: Sequence[str], rows: Iterable[tuple[Sequence[str | None], Sequence[str]]]
) -> BytesIO:
    """Each row: its cells as in the file, and what is wrong with it.

    Everything is text, so that a number keeps its zeros and no cell is run as a formula. A property of the workbook
    names the import, so that the mended file is known as its continuation.
    """
    out = BytesIO()
    # A file that is itself a continuation has a column of errors already: the new one takes its place.
    kept = [index for index, head in enumerate(heads) if key(head) != key(ERROR_HEADING)]
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_custom_property(PROPERTY, public_id)
        sheet = book.add_worksheet("Lỗi")
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@", "valign": "top"})
        wrong = book.add_format({"text_wrap": True, "bg_color": "#FFE3E3", "valign": "top"})
        sheet.set_column(0, max(len(kept) - 1, 0), _WIDTH, text)
        sheet.set_column(len(kept), len(kept), _WIDE)
        for column, index in enumerate(kept):
            sheet.write_string(0, column, heads[index], bold)
        sheet.write_string(0, len(kept), ERROR_HEADING, bold)
        sheet.freeze_panes(1, 0)
        for number, (cells, messages) in enumerate(rows, 1):
            _write(sheet, number, [cells[index] for index in kept], text)
            sheet.write_string(number, len(kept), "\n".join(messages), wrong)
    out.seek(0)
    return out


def _write(sheet: Any, number: int, cells: Sequence[str | None], text: Any) -> None:
    for column, cell in enumerate(cells):
        if cell:
            sheet.write_string(number, column, _DAY.sub(r"\3/\2/\1", cell), text)
