"""A layer's features for the browser, and the card of one of them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import shapely
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.insight.map import rules
from tuyendau.insight.map.layers import Asked, Features, Kind, Layer
from tuyendau.insight.map.rules.packing import Part
from tuyendau.insight.map.views.common import on_record, wanted
from tuyendau.insight.map.views.table import cells
from tuyendau.lib import geometry

CONTENT_TYPE = "application/vnd.tuyendau.layer"
SMALL = 1_000
"""Bytes that are sent as they are."""


@require_safe
@conditional_page
@cache_control(private=True, no_cache=True)
def features(request: SignedRequest, code: str) -> HttpResponse:
    """The features of a layer, packed as `rules.packed` says.

    `have` names the outlines that the browser holds already: those are not sent again, as while a map is played from
    day to day. What cannot be understood is answered with 400 and `errors` in the reader's language.
    """
    found = wanted(request, code)
    if found.asked is None:
        return JsonResponse({"errors": found.errors}, status=400)
    on_record(request, found.layer)
    drawn = found.layer.features(found.asked)
    body = rules.packed(*packed_parts(found.layer, found.asked, drawn, request.GET.get("have", "")))
    return _compressed(request, body)


def _compressed(request: SignedRequest, body: bytes) -> HttpResponse:
    """The answer, compressed by the quickest level: that of most pages takes longer than it saves on a wire.

    Nothing of the request stands in the body, so that its length gives nothing away.
    """
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    packed = gzip.compress(body, compresslevel=1, mtime=0) if takes and len(body) > SMALL else body
    answer = HttpResponse(packed, content_type=CONTENT_TYPE)
    if packed is not body:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def packed_parts(
    layer: Layer, asked: Asked, drawn: Features, have: str
) -> tuple[dict[str, Any], dict[str, Part]]:
    """Head and parts of a layer as they are packed; `have` names the outlines that need not be sent."""
    nowhere = shapely.is_missing(drawn.geometry) | shapely.is_empty(drawn.geometry)
    head: dict[str, Any] = {
        "count": len(drawn),
        "nowhere": int(nowhere.sum()),
        "at": asked.at.isoformat(),
        "notes": [{"text": str(note.text), "url": note.url} for note in drawn.notes],
        "legend": [
            {"value": c.value, "word": str(c.word), "colour": c.colour, "span": c.span, "shape": c.shape}
            for c in layer.legend(asked)
        ],
    }
    parts: dict[str, Part] = {"classes": np.asarray(drawn.classes, dtype=np.int16)}
    if layer.kind is Kind.POINT:
        parts["places"] = _places(drawn)
    else:
        # Outlines stand by the ids of their features: numbers of another day come in another order.
        order = sorted(range(len(drawn)), key=lambda row: (drawn.ids[row], row))
        parts["outline"] = np.argsort(np.array(order, dtype=np.int32)).astype(np.int32)
        head["outlines"] = _digest(drawn, order)
        if head["outlines"] != have:
            parts["shapes"] = list(_shapes(drawn, order))
    parts |= {"ids": drawn.ids, "labels": drawn.labels}
    if layer.written:
        parts["names"] = [str(name) for name in drawn.columns[layer.written]]
    if drawn.approximate is not None:
        parts["approximate"] = np.asarray(drawn.approximate, dtype=np.int8)
    return head, parts


def _places(drawn: Features) -> Any:
    """Where each point is; of anything else, a point on it."""
    points = drawn.geometry
    other = ~np.isin(shapely.get_type_id(points), (-1, shapely.GeometryType.POINT))
    if other.any():
        points = points.copy()
        points[other] = shapely.point_on_surface(points[other])
    return rules.places(shapely.get_x(points), shapely.get_y(points))


def _shapes(drawn: Features, order: Sequence[int]) -> Iterator[str]:
    for one in drawn.geometry[order]:
        yield "" if one is None or one.is_empty else geometry.geojson(one)


def _digest(drawn: Features, order: Sequence[int]) -> str:
    """What tells these outlines from any others."""
    told = blake2b(digest_size=12)
    for row, one in zip(order, shapely.to_wkb(drawn.geometry[order]), strict=True):
        told.update(drawn.ids[row].encode() + b"\0" + (one or b"") + b"\0")
    return told.hexdigest()


@require_safe
def feature(request: SignedRequest, code: str, name: str) -> HttpResponse:
    """All that the layer's table says of one feature, and what it opens."""
    found = wanted(request, code)
    if found.asked is None:
        return JsonResponse({"errors": found.errors}, status=400)
    on_record(request, found.layer)
    drawn = found.layer.features(found.asked)
    row = next((row for row, other in enumerate(drawn.ids) if other == name), None)
    if row is None:
        raise Http404
    context = {
        "layer": found.layer,
        "label": drawn.labels[row],
        "url": drawn.urls[row],
        "told": list(zip(found.layer.columns, cells(found.layer, drawn, row), strict=True)),
        "approximate": drawn.approximate is not None and drawn.approximate[row],
        "query": found.query,
        "asked": found.asked,
        "past": found.form.at is not None,
    }
    return render(request, "map/feature.html#card" if request.htmx else "map/feature.html", context)
