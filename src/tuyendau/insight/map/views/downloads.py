"""A layer as a file."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tuyendau.insight.map.actions.files import FILES, file_of
from tuyendau.insight.map.layers import Layer, layer_of
from tuyendau.lib import clock


@require_safe
def download(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """A layer, as it was known at the moment `at` (now), with its options, as GeoJSON, GeoPackage or XLSX.

    Options stand in the address by their names, or as on the map's page behind the layer's code and a point.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    layer = layer_of(viewer, code)
    if layer is None or form not in FILES:
        raise Http404(_("There is no such layer, or no such kind of file."))
    at = _moment(request.GET.get("at", ""))
    options = _options(request, layer)
    name, media_type, body = file_of(layer, form, viewer=viewer, known_at=at, options=options, at=clock.now())
    response = HttpResponse(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _options(request: HttpRequest, layer: Layer) -> dict[str, str]:
    given = {}
    for option in layer.options:
        for name in (option.name, f"{layer.code}.{option.name}"):
            if name in request.GET:
                given[option.name] = str(request.GET[name])
    return given


def _moment(text: str) -> datetime:
    """As of when; nothing is now, and what is yet to come is now too. Raises `Http404` for what is no moment."""
    if not text:
        return clock.now()
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise Http404(_("“%(value)s” is no moment.") % {"value": text}) from None
    return min(moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE), clock.now())
