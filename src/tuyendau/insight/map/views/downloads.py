"""A layer as a file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.insight.map.actions.files import FILES, file_of
from tuyendau.insight.map.views.common import wanted
from tuyendau.lib import clock


@require_safe
def download(request: SignedRequest, code: str, form: str) -> HttpResponse:
    """A layer as the address asks for it, as on the map: as GeoJSON, GeoPackage or XLSX.

    An address that cannot be understood leads to the table, which says why. Raises `Denied`, `Http404`.
    """
    found = wanted(request, code)
    if form not in FILES:
        raise Http404(_("There is no such kind of file."))
    if found.asked is None:
        context = {"wanted": found, "layer": found.layer, "form": found.form}
        return render(request, "map/table.html", context, status=400)
    name, media_type, body = file_of(found.layer, form, asked=found.asked, at=clock.now())
    response = HttpResponse(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
