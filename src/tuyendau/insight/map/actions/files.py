"""Layers as files: GeoJSON, GeoPackage, XLSX."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely

from tuyendau.access import Permission
from tuyendau.core.audit import actions as audit
from tuyendau.insight.map.layers import Asked, Column, Features, Kind, Layer
from tuyendau.insight.map.queries.taking import cell, feature_texts, taken_by, tells_of_people
from tuyendau.lib import spreadsheet
from tuyendau.lib.clock import ZONE

Writer = Callable[[Layer, Features], bytes]


@dataclass(frozen=True, slots=True)
class File:
    """A kind of file: what people call it, its media type, and what writes it."""

    word: str
    media_type: str
    write: Writer


def file_of(layer: Layer, form: str, *, asked: Asked, at: datetime) -> tuple[str, str, bytes]:
    """The name, the media type and the bytes of a layer, as it is asked for, as a file of the kind `form`.

    What tells of people is put on record before it is handed over. Raises `Denied`; KeyError for a kind of file that
    there is none of.
    """
    taken_by(asked.viewer, layer)
    kind = FILES[form]
    found = layer.features(asked)
    if tells_of_people(layer):
        audit.record_export(
            "map.layer_exported", viewer=asked.viewer, permission=Permission.EXPORT, subject="map", at=at,
            data={
                "layer": layer.code, "options": dict(asked.options), "known_at": asked.at.isoformat(),
                "format": form, "rows": len(found),
            },
        )  # fmt: skip
    name = f"{layer.code}-{asked.at.astimezone(ZONE):%Y-%m-%d-%H%M}.{form}"
    return name, kind.media_type, kind.write(layer, found)


def _geojson(layer: Layer, found: Features) -> bytes:
    texts = ",".join(feature_texts(layer, found, range(len(found))))
    title = json.dumps(str(layer.title), ensure_ascii=False)
    return f'{{"type":"FeatureCollection","name":{title},"features":[{texts}]}}'.encode()


def _geopackage(layer: Layer, found: Features) -> bytes:
    """One table, named by the layer's code, with the types of its columns; areas are all of several parts."""
    from pyogrio import raw

    shapes = found.geometry
    if layer.kind is Kind.AREA:
        shapes = np.array([_many(shape) for shape in shapes], dtype=object)
    taken = [_field(column, found.columns[column.name]) for column in layer.columns]
    into = io.BytesIO()
    raw.write(
        into,
        geometry=shapely.to_wkb(shapes),
        field_data=[np.array([str(own) for own in found.ids], dtype=object), *(values for values, _ in taken)],
        fields=["feature_id", *(column.name for column in layer.columns)],
        field_mask=[None, *(mask for _, mask in taken)],
        gdal_tz_offsets={
            column.name: np.full(len(found), _UTC) for column in layer.columns if column.type == "moment"
        },
        geometry_type={Kind.AREA: "MultiPolygon", Kind.POINT: "Point"}.get(layer.kind, "Unknown"),
        crs="EPSG:4326",
        driver="GPKG",
        layer=layer.code,
    )  # fmt: skip
    return into.getvalue()


_UTC = 100
"""GDAL's number for UTC; a quarter of an hour is one more."""


def _many(shape: Any) -> Any:
    return shapely.MultiPolygon([shape]) if isinstance(shape, shapely.Polygon) else shape


def _field(column: Column, values: Sequence[Any]) -> tuple[Any, Any]:
    """A column as GDAL takes it, and which of its values are missing where its type has no word for that."""
    missing = np.array([value is None for value in values], dtype=bool)
    if column.type in ("integer", "number", "flag"):
        types: dict[str, Any] = {"integer": np.int64, "number": np.float64, "flag": np.bool_}
        return np.array([0 if value is None else value for value in values], types[column.type]), missing
    if column.type == "day":
        return np.array([value or "NaT" for value in values], dtype="datetime64[D]"), None
    if column.type == "moment":
        moments = [value.astimezone(UTC).replace(tzinfo=None) if value else "NaT" for value in values]
        return np.array(moments, dtype="datetime64[ms]"), None
    return np.array([None if value is None else str(value) for value in values], dtype=object), None


_KINDS = {
    "integer": spreadsheet.Kind.WHOLE, "number": spreadsheet.Kind.NUMBER, "flag": spreadsheet.Kind.FLAG,
    "day": spreadsheet.Kind.DAY, "moment": spreadsheet.Kind.MOMENT,
}  # fmt: skip


def _xlsx(layer: Layer, found: Features) -> bytes:
    """The layer's table, and for points where they lie."""
    columns = [
        spreadsheet.Column(
            str(column.title), 24 if column.type == "text" else 14, str(column.privacy), column.name,
            _KINDS.get(column.type, spreadsheet.Kind.TEXT),
        )
        for column in layer.columns
    ]  # fmt: skip
    values: list[Sequence[Any]] = [[_shown(v) for v in found.columns[c.name]] for c in layer.columns]
    if layer.kind is Kind.POINT:
        for title, at in (("lon", shapely.get_x), ("lat", shapely.get_y)):
            columns.append(spreadsheet.Column(title, 12, "", title, spreadsheet.Kind.NUMBER))
            degrees = at(found.geometry)
            values.append([None if np.isnan(degree) else round(float(degree), 6) for degree in degrees])
    return spreadsheet.workbook(str(layer.title), columns, zip(*values, strict=True)).getvalue()


def _shown(value: Any) -> Any:
    """A value as the sheet takes it: dates stay dates."""
    return value if hasattr(value, "year") else cell(value)


FILES: Mapping[str, File] = {
    "geojson": File("GeoJSON", "application/geo+json", _geojson),
    "gpkg": File("GeoPackage", "application/geopackage+sqlite3", _geopackage),
    "xlsx": File("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}
