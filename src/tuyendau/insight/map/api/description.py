"""The service described: in OpenAPI 3.0, and each layer's columns in JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from tuyendau import __version__
from tuyendau.insight.map.api.asked import MOST, OWN, USUAL
from tuyendau.insight.map.layers import Column, Kind, Layer

_TYPES: dict[str, dict[str, str]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
}
# A commune may be of several parts, a movement of several lines.
_GEOMETRIES = {Kind.AREA: "geometry-any", Kind.POINT: "geometry-point", Kind.LINE: "geometry-any"}


def schema(layer: Layer, own: str) -> dict[str, Any]:
    """The columns and the geometry of a layer."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": own,
        "type": "object",
        "title": str(layer.title),
        "properties": {column.name: _column(column) for column in layer.columns}
        | {"geometry": {"x-ogc-role": "primary-geometry", "format": _GEOMETRIES[layer.kind]}},
        "additionalProperties": False,
    }


def _column(column: Column) -> dict[str, str]:
    return {"title": str(column.title)} | _TYPES.get(column.type, _TYPES["text"])


def openapi(base: str, layers: Iterable[Layer]) -> dict[str, Any]:
    """The whole service. `base` is the address of its landing page."""
    paths: dict[str, Any] = {
        "/": _get("landing", _("Where everything is")),
        "/conformance": _get("conformance", _("What the service conforms to")),
        "/collections": _get("collections", _("The layers")),
    }
    for layer in layers:
        at, title = f"/collections/{quote(layer.code)}", str(layer.title)
        paths[at] = _get(f"{layer.code}.collection", title)
        paths[f"{at}/queryables"] = _get(f"{layer.code}.queryables", title)
        paths[f"{at}/items"] = _get(f"{layer.code}.items", title, _parameters(layer))
        one = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
        paths[f"{at}/items/{{featureId}}"] = _get(f"{layer.code}.item", title, [one, *_options(layer)])
    return {
        "openapi": "3.0.3",
        "info": {"title": _("Tuyến Đầu: layers of the map"), "version": __version__},
        "servers": [{"url": base.rstrip("/")}],
        "paths": paths,
        "components": {
            "parameters": _COMMON,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic"},
            },
        },
        "security": [{"key": []}, {"basic": []}],
    }


_COMMON: dict[str, Any] = {
    "limit": {
        "name": "limit", "in": "query", "required": False, "style": "form", "explode": False,
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    },
    "offset": {
        "name": "offset", "in": "query", "required": False,
        "schema": {"type": "integer", "minimum": 0, "default": 0},
    },
    "bbox": {
        "name": "bbox", "in": "query", "required": False, "style": "form", "explode": False,
        "schema": {
            "type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            "items": {"type": "number"},
        },
    },
    "datetime": {
        "name": "datetime", "in": "query", "required": False, "style": "form", "explode": False,
        "description": "The records as they were known at this moment, or at the end of this interval.",
        "schema": {"type": "string"},
    },
}  # fmt: skip


def _parameters(layer: Layer) -> list[dict[str, Any]]:
    own = {option.name for option in layer.options}
    filters = [
        {
            "name": column.name, "in": "query", "required": False, "description": str(column.title),
            "schema": _TYPES.get(column.type, _TYPES["text"]),
        }
        for column in layer.columns
        if column.name not in OWN | own
    ]  # fmt: skip
    common = [{"$ref": f"#/components/parameters/{name}"} for name in _COMMON]
    return [*common, *_options(layer), *filters]


def _options(layer: Layer) -> list[dict[str, Any]]:
    return [
        {
            "name": option.name, "in": "query", "required": False, "description": str(option.title),
            "schema": {"type": "string", "default": option.default}
            | ({"enum": [value for value, _words in option.choices]} if option.choices else {}),
        }
        for option in layer.options
    ]  # fmt: skip


def _get(operation: str, summary: str, parameters: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    said = {
        "operationId": operation,
        "summary": summary,
        "responses": {"200": {"description": "OK"}, "4XX": {"description": "Refused"}},
    }
    given = list(parameters)
    return {"get": said | ({"parameters": given} if given else {})}
