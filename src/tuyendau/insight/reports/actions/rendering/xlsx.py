"""A report as a workbook: every table on a sheet, numbers as numbers, the curves as charts that can be changed."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from tuyendau.insight.reports.actions.rendering.archive import settled
from tuyendau.insight.reports.actions.rendering.figures import COLOURS, FEMALE, MALE, Drawing
from tuyendau.insight.reports.queries.paper.cases import band_words
from tuyendau.insight.reports.rules.paper import Heading, Line, Paper, Picture, Shown, Table
from tuyendau.insight.situation.queries.words import FOUND, PLACES

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_CHARACTERS = 13
"""Characters that a column of width 1 holds."""


class _Book:
    """A workbook under way, with its formats and the names of sheets that are taken."""

    def __init__(self, at: datetime, paper: Paper) -> None:
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self.stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.book.set_properties(
            {
                "title": f"{paper.title}: {paper.about}",
                "author": paper.authority[-1],
                "comments": paper.foot,
                "created": at,
            }
        )
        make = self.book.add_format
        self.bold = make({"bold": True, "font_size": 14})
        self.italic = make({"italic": True})
        self.head = make(
            {"bold": True, "bg_color": "#E8E8E8", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.formats = {
            Shown.TEXT: make({"text_wrap": True, "valign": "top"}),
            Shown.WHOLE: make({"num_format": "#,##0"}),
            Shown.TENTHS: make({"num_format": "#,##0.0"}),
            Shown.SIGNED: make({"num_format": "+#,##0;−#,##0;0"}),
        }
        self.day = make({"num_format": "dd/mm/yyyy", "align": "left"})
        self.wrapped = make({"text_wrap": True, "valign": "top"})
        self.names: set[str] = set()

    def sheet(self, name: str) -> Any:
        """A new sheet; names are unique and have at most 31 characters."""
        base = _FORBIDDEN.sub(" ", name)[:28]
        name, n = base, 2
        while name.lower() in self.names:
            name, n = f"{base} {n}", n + 1
        self.names.add(name.lower())
        made = self.book.add_worksheet(name)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        return made


def xlsx_of(paper: Paper, content: Mapping[str, Any], drawings: Mapping[str, Drawing]) -> bytes:
    """The paper as an XLSX file."""
    book = _Book(datetime.fromisoformat(content["at"]).astimezone(UTC).replace(tzinfo=None), paper)
    _summary(book, paper)
    for block in paper.blocks:
        if isinstance(block, Table):
            _table(book, block)
    if not content["nothing_known"]:
        for of, words, name in zip(
            content["curves"], (FOUND, PLACES), (_("By report"), _("By onset")), strict=True
        ):
            if of["series"]:
                _curve(book, of, words, name)
        _ages(book, content["ages"])
        if "map" in drawings:
            _map(book, drawings["map"])
    for table in paper.workbook_only:
        _table(book, table)
    book.book.close()
    return settled(book.stream.getvalue())


def _summary(book: _Book, paper: Paper) -> None:
    """What the paper says in words."""
    sheet = book.sheet(_("Summary"))
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, f"{paper.title}: {paper.about}", book.bold)
    sheet.write_string(1, 0, paper.moment, book.italic)
    sheet.write_string(2, 0, paper.authority[-1])
    row = 4
    for block in (*paper.blocks, *paper.annex):
        if isinstance(block, Heading):
            sheet.write_string(row, 0, block.text, book.bold)
        elif isinstance(block, Line):
            sheet.write_string(row, 0, block.text, book.wrapped)
        elif isinstance(block, Picture):
            sheet.write_string(row, 0, block.alt, book.wrapped)
        else:
            continue
        row += 1


def _table(book: _Book, table: Table) -> None:
    sheet = book.sheet(table.name)
    sheet.write_string(0, 0, table.caption, book.bold)
    for n, column in enumerate(table.columns):
        sheet.set_column(n, n, max(11, _CHARACTERS * column.width))
        sheet.write_string(2, n, column.head, book.head)
    for r, row in enumerate(table.rows, start=3):
        for n, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            if isinstance(cell, int | float):
                sheet.write_number(r, n, cell, book.formats[column.shown])
            elif cell is not None:
                sheet.write_string(r, n, cell, book.formats[Shown.TEXT])
    if table.note:
        sheet.write_string(4 + len(table.rows), 0, table.note, book.italic)
    sheet.freeze_panes(3, 1)


def _curve(book: _Book, of: Mapping[str, Any], words: Mapping[str, Any], name: str) -> None:
    sheet = book.sheet(name)
    days = [date.fromisoformat(day) for day in of["days"]]
    sheet.write_string(0, 0, _("Day"), book.head)
    sheet.set_column(0, 0, 12)
    chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
    for r, day in enumerate(days, start=1):
        sheet.write_datetime(r, 0, datetime(day.year, day.month, day.day), book.day)
    for n, each in enumerate(of["series"], start=1):
        sheet.write_string(0, n, str(words.get(each["code"], each["code"])), book.head)
        sheet.set_column(n, n, 16)
        sheet.write_column(1, n, each["counts"])
        chart.add_series({
            "name": [sheet.name, 0, n], "categories": [sheet.name, 1, 0, len(days), 0],
            "values": [sheet.name, 1, n, len(days), n], "fill": {"color": COLOURS[(n - 1) % len(COLOURS)]}, "gap": 10,
        })  # fmt: skip
    chart.set_title({"name": name, "name_font": {"size": 11}})
    chart.set_x_axis({"num_format": "dd/mm", "date_axis": True, "major_unit": 7})
    chart.set_y_axis({"name": _("cases"), "num_format": "0"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(1, len(of["series"]) + 2, chart)
    sheet.freeze_panes(1, 1)


def _ages(book: _Book, of: Mapping[str, Any]) -> None:
    sheet = book.sheet(_("Ages"))
    heads = (_("age in years"), _("female"), _("male"), _("sex not known"))
    for n, head in enumerate(heads):
        sheet.write_string(0, n, head, book.head)
        sheet.set_column(n, n, 14)
    rows = [*of["bands"], [None, None, *of["no_age"]]]
    for r, band in enumerate(rows, start=1):
        sheet.write_string(r, 0, _("age not known") if band[0] is None else band_words(band))
        sheet.write_row(r, 1, band[2:])
    chart = book.book.add_chart({"type": "bar"})
    for n, colour in ((1, FEMALE), (2, MALE)):
        chart.add_series({
            "name": [sheet.name, 0, n], "categories": [sheet.name, 1, 0, len(of["bands"]), 0],
            "values": [sheet.name, 1, n, len(of["bands"]), n], "fill": {"color": colour},
        })  # fmt: skip
    chart.set_legend({"position": "bottom"})
    sheet.insert_chart(1, 6, chart)


def _map(book: _Book, drawing: Drawing) -> None:
    sheet = book.sheet(_("Map"))
    sheet.insert_image(0, 0, "map.png", {"image_data": io.BytesIO(drawing.png)})
