"""What is asked of a layer's items, from the address."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tuyendau.insight.map.api.guard import Refused
from tuyendau.insight.map.layers import Area, Column, Layer
from tuyendau.lib import clock

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
MOST, USUAL = 10_000, 1_000
"""Features of one page: the most, and how many where nothing is asked."""

OWN = frozenset({"f", "bbox", "bbox-crs", "crs", "datetime", "limit", "offset"})
"""The parameters that every layer takes; beside them it takes its options, and its columns as filters."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which features are asked for. `at` None is now; no `boxes` is everywhere, two lie across the 180th meridian."""

    at: datetime | None
    boxes: tuple[Area, ...] = ()
    limit: int = USUAL
    offset: int = 0
    options: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, Any] = field(default_factory=dict)


def read(request: HttpRequest, layer: Layer) -> Wanted:
    """What the address asks for. Raises `Refused` that names the parameter."""
    given = {name: str(value).strip() for name, value in request.GET.items()}
    options = {option.name: option for option in layer.options}
    columns = {column.name: column for column in layer.columns if column.name not in OWN | options.keys()}
    for name in given.keys() - OWN - options.keys() - columns.keys():
        words = _("The layer takes no parameter “%(name)s”.") % {"name": name}
        raise Refused(400, "unknown_parameter", words, name)
    _settled(given)
    for name in given.keys() & options.keys():
        values = [value for value, _words in options[name].choices]
        if values and given[name] not in values:
            words = _("“%(value)s” is none of: %(values)s.") % {
                "value": given[name],
                "values": ", ".join(values),
            }
            raise Refused(400, "bad_value", words, name)
    return Wanted(
        at=_moment(given.get("datetime", "")),
        boxes=_boxes(given["bbox"]) if given.get("bbox") else (),
        limit=max(1, min(_whole(given, "limit", USUAL, 1), MOST)),
        offset=_whole(given, "offset", 0, 0),
        options={name: given[name] for name in given.keys() & options.keys()},
        filters={name: filter_value(columns[name], given[name]) for name in given.keys() & columns.keys()},
    )


def _settled(given: Mapping[str, str]) -> None:
    """Coordinates are degrees of WGS 84, longitude first, and the form is JSON: nothing else is on offer."""
    for name in ("crs", "bbox-crs"):
        if given.get(name, CRS84) != CRS84:
            raise Refused(400, "unknown_crs", _("Coordinates are in %(crs)s only.") % {"crs": CRS84}, name)
    if given.get("f", "json") not in ("json", "geojson"):
        raise Refused(400, "unknown_format", _("Only JSON is on offer here: f=json."), "f")


def _whole(given: Mapping[str, str], name: str, usual: int, least: int) -> int:
    text = given.get(name) or str(usual)
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or int(text) < least:
        words = _("“%(value)s” is no whole number from %(least)d.") % {"value": text, "least": least}
        raise Refused(400, "bad_value", words, name)
    return int(text)


def _boxes(text: str) -> tuple[Area, ...]:
    """One box, or two where it reaches over the 180th meridian: there west is more than east."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        # Heights are no matter here.
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise Refused(400, "bad_value", _("A box is four numbers: west,south,east,north in degrees."), "bbox")
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        words = _("The box lies outside the globe, or its south is north of its north.")
        raise Refused(400, "bad_value", words, "bbox")
    if west > east:
        return ((west, south, 180.0, north), (-180.0, south, east, north))
    return ((west, south, east, north),)


def _moment(text: str) -> datetime | None:
    """As of when: a moment, or the end of an interval. An open end, and what is yet to come, is now."""
    parts = text.split("/")
    if len(parts) > 2:
        raise _bad_moment(text)
    moments = [_instant(part, text) for part in parts]
    if len(moments) == 2 and None not in moments and moments[0] > moments[1]:  # type: ignore[operator]
        raise Refused(400, "bad_value", _("The interval ends before it begins."), "datetime")
    end = moments[-1]
    return None if end is None or end >= clock.now() else end


def _instant(part: str, text: str) -> datetime | None:
    """One moment; None where it is open. A day without an hour is its end in the province."""
    if part in ("", ".."):
        return None
    try:
        if len(part) == len("2021-05-08"):
            # Its last moment: the next day's first would be of that day.
            return clock.midnight(date.fromisoformat(part)) + timedelta(days=1, microseconds=-1)
        moment = datetime.fromisoformat(part.replace(" ", "+"))
        return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)
    except (ValueError, OverflowError):
        raise _bad_moment(text) from None


def _bad_moment(text: str) -> Refused:
    words = _("“%(value)s” is no moment: write 2021-05-08T07:00:00Z, or an interval with /.") % {
        "value": text
    }
    return Refused(400, "bad_value", words, "datetime")


def _flag(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text.lower()]


_READERS: Mapping[str, Callable[[str], Any]] = {
    "integer": int, "number": float, "flag": _flag, "day": date.fromisoformat, "moment": datetime.fromisoformat,
}  # fmt: skip


def filter_value(column: Column, text: str) -> Any:
    """What a column must be, as its type writes it. Raises `Refused`."""
    try:
        return _READERS.get(column.type, str)(text)
    except (ValueError, KeyError):
        words = _("“%(value)s” is no value of this column: %(type)s.") % {"value": text, "type": column.type}
        raise Refused(400, "bad_value", words, column.name) from None
