"""The features of a layer: a page of them, or one."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np
import shapely
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from numpy.typing import NDArray

from tuyendau.core.live.queries import position
from tuyendau.insight.map.api.asked import CRS84, Wanted, read
from tuyendau.insight.map.api.guard import GEOJSON, Refused, answer, for_tools, layer_asked
from tuyendau.insight.map.layers import Asked, Features, Layer
from tuyendau.insight.map.queries.taking import feature_texts, kept, note_taken
from tuyendau.lib import clock


@gzip_page
@for_tools
def items(request: HttpRequest, code: str) -> HttpResponse:
    """A page of a layer's features as GeoJSON, as known at one moment; the address of the next page names it."""
    layer = layer_asked(request, code)
    wanted = read(request, layer)
    at, found = _features(request, layer, wanted)
    rows = _chosen(found, wanted)
    page = rows[wanted.offset : wanted.offset + wanted.limit]
    said = {
        "numberMatched": len(rows),
        "numberReturned": len(page),
        "timeStamp": _iso(at),
        "links": _links(request, code, wanted, at, len(rows)),
    }
    texts = ",".join(feature_texts(layer, found, page))
    head = json.dumps(said, ensure_ascii=False, separators=(",", ":"))[1:]
    response = answer(
        request, '{"type":"FeatureCollection","features":[' + texts + "]," + head, media_type=GEOJSON
    )
    response.headers["Content-Crs"] = f"<{CRS84}>"
    return response


@gzip_page
@for_tools
def item(request: HttpRequest, code: str, feature: str) -> HttpResponse:
    """One feature by its id."""
    layer = layer_asked(request, code)
    _at, found = _features(request, layer, read(request, layer))
    row = next((row for row, own in enumerate(found.ids) if str(own) == feature), None)
    if row is None:
        raise Refused(
            404, "not_found", _("The layer has no feature “%(id)s”.") % {"id": feature}, "featureId"
        )
    text = next(iter(feature_texts(layer, found, [row])))
    above = request.build_absolute_uri(reverse("features:collection", args=[code]))
    links = [
        {"rel": "self", "type": GEOJSON, "href": request.build_absolute_uri()},
        {"rel": "collection", "type": "application/json", "href": above},
    ]
    response = answer(request, text[:-1] + f',"links":{json.dumps(links)}}}', media_type=GEOJSON)
    response.headers["Content-Crs"] = f"<{CRS84}>"
    return response


def _features(request: HttpRequest, layer: Layer, wanted: Wanted) -> tuple[datetime, Features]:
    """The whole layer as of the moment asked; that it was taken is on record where it tells of people."""
    viewer = request.viewer  # type: ignore[attr-defined]
    known = position()
    at = wanted.at or clock.now()
    key = getattr(request, "tool_key", None)
    note_taken(viewer, layer, wanted.options, at=clock.now(), key=key.key_id if key else "")
    asked = Asked(viewer, at, wanted.options)
    return at, kept(layer, asked, known=None if wanted.at else known, now=wanted.at is None)


def _chosen(found: Features, wanted: Wanted) -> NDArray[np.int64]:
    """The rows that lie in the box and are as the filters say. What has no place lies in no box."""
    keep = np.ones(len(found), dtype=bool)
    if wanted.boxes:
        inside = np.zeros(len(found), dtype=bool)
        for box in wanted.boxes:
            inside |= shapely.intersects(found.geometry, shapely.box(*box))
        keep &= inside
    for name, value in wanted.filters.items():
        keep &= np.fromiter((_is(each, value) for each in found.columns[name]), bool, len(found))
    return np.flatnonzero(keep)


def _is(each: Any, value: Any) -> bool:
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=clock.ZONE)
    return each is not None and (str(each) == value if isinstance(value, str) else bool(each == value))


def _iso(at: datetime) -> str:
    return (
        f"{at:%Y-%m-%dT%H:%M:%S.%f}Z" if at.utcoffset() is not None and not at.utcoffset() else at.isoformat()
    )


def _links(
    request: HttpRequest, code: str, wanted: Wanted, at: datetime, matched: int
) -> list[dict[str, str]]:
    """This page, its neighbours, the layer. Neighbours are of the same moment, so that none is missed."""
    base = request.build_absolute_uri(reverse("features:items", args=[code]))

    def page(offset: int) -> str:
        given = {name: value for name, value in request.GET.items() if name != "offset"}
        given |= {"datetime": _iso(at), "limit": str(wanted.limit), "offset": str(offset)}
        return f"{base}?{urlencode(given)}"

    links = [{"rel": "self", "type": GEOJSON, "href": request.build_absolute_uri()}]
    if wanted.offset + wanted.limit < matched:
        links.append({"rel": "next", "type": GEOJSON, "href": page(wanted.offset + wanted.limit)})
    if wanted.offset:
        links.append({"rel": "prev", "type": GEOJSON, "href": page(max(0, wanted.offset - wanted.limit))})
    above = request.build_absolute_uri(reverse("features:collection", args=[code]))
    return [*links, {"rel": "collection", "type": "application/json", "href": above}]
