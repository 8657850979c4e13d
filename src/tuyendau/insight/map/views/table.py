"""The table behind a layer: the same features, for whoever does not see the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.insight.map.actions.files import FILES
from tuyendau.insight.map.layers import Column, Features, Layer
from tuyendau.insight.map.queries.taking import may_take
from tuyendau.insight.map.views.common import on_record, wanted
from tuyendau.lib import text

PAGE = 50
NUMBERS = {"integer", "number"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is written in a cell; numbers stand to the right."""

    text: str
    number: bool

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `nowhere` says that the map does not show it."""

    name: str
    label: str
    url: str | None
    cells: tuple[Cell, ...]
    colour: str
    word: str
    nowhere: bool


@require_safe
def table(request: SignedRequest, code: str) -> HttpResponse:
    """The features of a layer as rows, sorted by `sort`: a column's name, with a minus the largest first."""
    found = wanted(request, code)
    context: dict[str, Any] = {"wanted": found, "layer": found.layer, "form": found.form}
    if found.asked is not None:
        on_record(request, found.layer)
        drawn = found.layer.features(found.asked)
        sort = request.GET.get("sort", "")
        page = Paginator(_order(found.layer, drawn, sort), PAGE).get_page(request.GET.get("page"))
        classes = {c.value: c for c in found.layer.legend(found.asked)}
        context |= {
            "files": FILES if may_take(request.viewer, found.layer) else (),
            "asked": found.asked,
            "past": found.form.at is not None,
            "drawn": drawn,
            "page": page,
            "rows": [_row(found.layer, drawn, row, classes) for row in page.object_list],
            "sorts": list(_sorts(found.layer, sort)),
        }
    return render(request, "map/table.html#table" if request.htmx else "map/table.html", context)


def cells(layer: Layer, drawn: Features, row: int) -> tuple[Cell, ...]:
    """What stands in the columns of one row, as it is written in the reader's language."""
    return tuple(
        Cell(_written(column, drawn.columns[column.name][row]), column.type in NUMBERS)
        for column in layer.columns
    )


def _written(column: Column, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if column.type == "integer":
        return str(number_format(value, 0, force_grouping=True))
    if column.type == "number":
        return str(number_format(value, 1, force_grouping=True))
    if column.type == "day":
        return date_format(value, "SHORT_DATE_FORMAT")
    if column.type == "moment":
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    return str(value)


def _row(layer: Layer, drawn: Features, row: int, classes: dict[int, Any]) -> Row:
    drawn_as = classes.get(drawn.classes[row])
    return Row(
        drawn.ids[row],
        drawn.labels[row],
        drawn.urls[row],
        cells(layer, drawn, row),
        drawn_as.colour if drawn_as else "",
        str(drawn_as.word) if drawn_as else "",
        drawn.geometry[row] is None,
    )


def _order(layer: Layer, drawn: Features, sort: str) -> Sequence[int]:
    """Row numbers in the order asked for, what is not known last; else the layer's own order."""
    column = next((c for c in layer.columns if c.name == sort.removeprefix("-")), None)
    if column is None:
        return range(len(drawn))
    values = drawn.columns[column.name]
    known = [row for row in range(len(drawn)) if values[row] not in (None, "")]
    if column.type == "text":
        known.sort(key=lambda row: text.fold(str(values[row])), reverse=sort.startswith("-"))
    else:
        known.sort(key=lambda row: values[row], reverse=sort.startswith("-"))
    seen = set(known)
    return known + [row for row in range(len(drawn)) if row not in seen]


def _sorts(layer: Layer, sort: str) -> Iterator[dict[str, Any]]:
    """The head of each column: what a press on it sorts by, and whether it is sorted so now."""
    for column in layer.columns:
        first = f"-{column.name}" if column.type in NUMBERS else column.name
        other = column.name if first.startswith("-") else f"-{column.name}"
        now = sort if sort.removeprefix("-") == column.name else ""
        yield {
            "column": column,
            "next": other if now == first else first,
            "now": "descending" if now.startswith("-") else "ascending" if now else "none",
            "number": column.type in NUMBERS,
        }
