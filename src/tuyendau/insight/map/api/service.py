"""What the service has: its landing page, what it conforms to, its collections, and the description of it all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tuyendau.insight.map.api.asked import CRS84
from tuyendau.insight.map.api.description import openapi, schema
from tuyendau.insight.map.api.guard import GEOJSON, JSON, answer, for_tools, layer_asked
from tuyendau.insight.map.layers import Layer, layers_for
from tuyendau.insight.map.queries.extent import extent
from tuyendau.insight.map.queries.taking import may_take

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
RELATION = "http://www.opengis.net/def/rel/ogc/1.0"
CONFORMS = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
]


@for_tools
def landing(request: HttpRequest) -> HttpResponse:
    """Where everything is."""
    title = _("Tuyến Đầu: layers of the map")
    links = [
        _link(request, "self", JSON, "features:landing"),
        _link(request, "service-desc", OPENAPI, "features:api"),
        _link(request, "conformance", JSON, "features:conformance"),
        _link(request, "data", JSON, "features:collections"),
    ]
    described = _(
        "Each layer as the viewer may see it, as the records were known at the moment that is asked for."
    )
    return answer(request, {"title": title, "description": described, "links": links})


@for_tools
def conformance(request: HttpRequest) -> HttpResponse:
    """The parts of the standards that hold here."""
    return answer(request, {"conformsTo": CONFORMS})


@for_tools
def description(request: HttpRequest) -> HttpResponse:
    """The service in OpenAPI 3.0: every collection with its options and filters."""
    base = request.build_absolute_uri(reverse("features:landing"))
    return answer(request, openapi(base, _layers(request)), media_type=OPENAPI)


@for_tools
def collections(request: HttpRequest) -> HttpResponse:
    """The layers that the viewer may take."""
    within = extent(request.viewer)  # type: ignore[attr-defined]
    found = [_collection(request, layer, within) for layer in _layers(request)]
    links = [_link(request, "self", JSON, "features:collections")]
    return answer(request, {"collections": found, "links": links})


@for_tools
def collection(request: HttpRequest, code: str) -> HttpResponse:
    """One layer."""
    layer = layer_asked(request, code)
    return answer(request, _collection(request, layer, extent(request.viewer)))  # type: ignore[attr-defined]


@for_tools
def queryables(request: HttpRequest, code: str) -> HttpResponse:
    """The columns of a layer, each of which is a filter, as JSON Schema."""
    layer = layer_asked(request, code)
    own = request.build_absolute_uri(reverse("features:queryables", args=[code]))
    return answer(request, schema(layer, own), media_type=SCHEMA)


def _layers(request: HttpRequest) -> list[Layer]:
    viewer = request.viewer  # type: ignore[attr-defined]
    return [layer for layer in layers_for(viewer) if may_take(viewer, layer)]


def _collection(request: HttpRequest, layer: Layer, within: list[float] | None) -> dict[str, Any]:
    code = layer.code
    said: dict[str, Any] = {
        "id": code,
        "title": str(layer.title),
        "description": str(layer.group),
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "links": [
            _link(request, "self", JSON, "features:collection", code),
            _link(request, "items", GEOJSON, "features:items", code),
            _link(request, f"{RELATION}/queryables", SCHEMA, "features:queryables", code),
            _link(request, f"{RELATION}/schema", SCHEMA, "features:queryables", code),
        ],
    }
    if within is not None:
        said["extent"] = {"spatial": {"bbox": [within], "crs": CRS84}}
    return said


def _link(request: HttpRequest, rel: str, media_type: str, name: str, *args: str) -> dict[str, str]:
    return {"rel": rel, "type": media_type, "href": request.build_absolute_uri(reverse(name, args=args))}
