"""Taking the map away as a picture or on paper: the browser makes it from what it shows, and it goes on record."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.insight.map.layers import Layer, layer_of
from tuyendau.lib import clock


@require_POST
def picture(request: SignedRequest) -> HttpResponse:
    """Put on record that layers which show people are taken away; answers with the picture's name.

    Raises `Denied` where there are such and the viewer may not take data away.
    """
    request.viewer.require(Permission.MAP_VIEW)
    codes = [code for code in request.POST.get("layers", "").split(",") if code]
    layers = [_known(request, code) for code in codes]
    if any(layer.sensitive for layer in layers):
        request.viewer.require(Permission.EXPORT)
        audit.record_export(
            "map.pictured",
            viewer=request.viewer,
            permission=Permission.EXPORT,
            subject="map",
            at=clock.now(),
            data={
                "layers": codes,
                "at": request.POST.get("at", "")[:40],
                "as": "print" if request.POST.get("as") == "print" else "png",
            },
        )
    day = clock.local_day(clock.now())
    return JsonResponse({"name": f"ban-do-{day:%Y%m%d}.png"})


def _known(request: SignedRequest, code: str) -> Layer:
    layer = layer_of(request.viewer, code)
    if layer is None:
        raise Http404
    return layer
