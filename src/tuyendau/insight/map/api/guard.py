"""Who may ask, and what every refusal of the service looks like."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tuyendau.access import Denied, Permission
from tuyendau.core.accounts.middleware import unknown
from tuyendau.insight.map.layers import Layer, layer_of
from tuyendau.insight.map.queries.taking import taken_by

JSON = "application/json"
GEOJSON = "application/geo+json"


class Refused(Exception):
    """What was asked cannot be answered: `status`, a stable `code`, words for whoever asked; `field` is at fault."""

    def __init__(self, status: int, code: str, words: str, field: str = "") -> None:
        super().__init__(words)
        self.status, self.code, self.field = status, code, field


def for_tools(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, for whoever is known and may see the map; what is refused is told in one form."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        viewer = request.viewer  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD"):
            return _refusal(Refused(405, "not_allowed", _("This service is read only.")))
        if viewer.user_id is None and not viewer.device:
            return unknown(request)
        try:
            viewer.require(Permission.MAP_VIEW)
            return view(request, *args, **kwargs)
        except Denied as denied:
            words = _("Your role does not allow this.")
            return _refusal(Refused(403, "denied", words, str(denied.permission)))
        except Refused as refused:
            return _refusal(refused)

    return guarded


def answer(request: HttpRequest, body: Any, media_type: str = JSON, status: int = 200) -> HttpResponse:
    """`body` as JSON in the letters that it is written in."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type=f"{media_type}; charset=utf-8", status=status)


def layer_asked(request: HttpRequest, code: str) -> Layer:
    """The layer of that code. Raises `Refused` where there is none, `Denied` where the viewer may not take it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    found = layer_of(viewer, code)
    if found is None:
        raise Refused(404, "not_found", _("There is no layer “%(code)s”.") % {"code": code}, "collectionId")
    taken_by(viewer, found)
    return found


def _refusal(refused: Refused) -> HttpResponse:
    """As every refusal of the program's API, with the `description` that the standard asks for beside it."""
    words = str(refused)
    body = {"code": refused.code, "message": words, "description": words}
    fields = {refused.field: words} if refused.field else {}
    text = json.dumps(body | {"fields": fields}, ensure_ascii=False)
    return HttpResponse(text, content_type=f"{JSON}; charset=utf-8", status=refused.status)
