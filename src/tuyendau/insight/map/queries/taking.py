"""Layers as they are taken away: by other tools, and as files."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely

from tuyendau.access import Denied, Permission, Privacy, Viewer
from tuyendau.core.audit import actions as audit
from tuyendau.insight.map.layers import Asked, Features, Layer
from tuyendau.lib.clock import ZONE

DIGITS = 6
"""Decimals of a coordinate: 0.000001 degree is about ten centimetres."""

KEEP_SECONDS = 60.0
KEEP_LAYERS = 6


def tells_of_people(layer: Layer) -> bool:
    """Whether the layer shows people or cases, or any of its columns is not for everybody."""
    return layer.sensitive or any(column.privacy is not Privacy.PUBLIC for column in layer.columns)


def taken_by(viewer: Viewer, layer: Layer) -> None:
    """Raise `Denied` where the viewer may not take the layer away: what tells of people needs the right to export."""
    viewer.require(layer.permission)
    if not may_take(viewer, layer):
        raise Denied(Permission.EXPORT)


def may_take(viewer: Viewer, layer: Layer) -> bool:
    """Whether the viewer may take the layer away."""
    return viewer.may(layer.permission) and (viewer.may(Permission.EXPORT) or not tells_of_people(layer))


def note_taken(
    viewer: Viewer, layer: Layer, options: Mapping[str, str], *, at: datetime, key: str = ""
) -> None:
    """Put on record that a tool reads a layer that tells of people; a tool that pages and pans is told of once."""
    if tells_of_people(layer):
        audit.record_read(
            "map.layer_read", viewer=viewer, permission=Permission.EXPORT, subject="map", at=at,
            data={"layer": layer.code, "options": dict(options), "key": key},
        )  # fmt: skip


class _Kept:
    """The layers read last, for a minute: a tool asks for page after page of the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[Any, tuple[float, Features]] = OrderedDict()

    def get(self, key: Any) -> Features | None:
        with self._lock:
            held = self._held.get(key)
            return held[1] if held and time.monotonic() - held[0] < KEEP_SECONDS else None

    def put(self, key: Any, found: Features) -> None:
        with self._lock:
            self._held[key] = (time.monotonic(), found)
            self._held.move_to_end(key)
            while len(self._held) > KEEP_LAYERS:
                self._held.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._held.clear()


_kept = _Kept()
forget = _kept.forget


def kept(layer: Layer, asked: Asked, *, known: int | None, now: bool) -> Features:
    """The features of a layer; those read a moment ago where nothing can have changed since. Raises `Denied`.

    As of now, that is where no event came after the number `known`, within the same minute; None where nobody follows
    events here. A moment of the past stays what it was.
    """
    who = (asked.viewer, layer.code, tuple(sorted(asked.options.items())))
    then = (*who, asked.at)
    key = (*who, known, asked.at.replace(second=0, microsecond=0)) if now else then
    found = None if now and known is None else _kept.get(key)
    if found is None:
        found = layer.features(asked)
        _kept.put(key, found)
        if now:
            # The pages that follow ask for this very moment.
            _kept.put(then, found)
    return found


def feature_texts(layer: Layer, found: Features, rows: Iterable[int]) -> Iterator[str]:
    """Each of the rows as a GeoJSON feature with the layer's columns as properties."""
    rows = list(rows)
    places = found.geometry[rows]
    shapes = shapely.to_geojson(shapely.transform(places, lambda xy: np.round(xy, DIGITS)))
    columns = [(column.name, found.columns[column.name]) for column in layer.columns]
    for row, shape in zip(rows, shapes, strict=True):
        properties = {name: cell(values[row]) for name, values in columns}
        said = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
        own = json.dumps(str(found.ids[row]), ensure_ascii=False)
        yield f'{{"type":"Feature","id":{own},"geometry":{shape or "null"},"properties":{said}}}'


def cell(value: Any) -> Any:
    """A value as JSON has it: days and moments as ISO 8601 writes them, moments in the province's time."""
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.generic):
        return value.item()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
