"""The API under /api/v1/, put together from each room's own part; its description is for whoever is known."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from tuyendau import __version__
from tuyendau.core.accounts.api import API, SessionOrKey, refuse_in_one_form, unknown
from tuyendau.core.accounts.api import router as accounts
from tuyendau.records.visits.api import router as visits


def _known(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, for whoever signed in or holds a key in force."""

    @wraps(view, assigned=())
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        viewer = request.viewer  # type: ignore[attr-defined]
        if viewer.user_id is None and not viewer.device:
            return unknown()
        return view(request, *args, **kwargs)

    return guarded


class Pages(DocsBase):
    """The description as a page of our own: no script of another machine, and readable without any."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema()
        operations = [
            {"method": method.upper(), "path": path, **operation}
            for path, methods in schema["paths"].items()
            for method, operation in methods.items()
        ]
        context = {"operations": operations, "schema_url": self.get_openapi_url(api, {}), "api": api}
        return render(request, "api/docs.html", context)


api = API(
    title="Tuyến Đầu",
    version=__version__,
    urls_namespace="api",
    auth=SessionOrKey(),
    docs=Pages(),
    docs_decorator=_known,
)
refuse_in_one_form(api)
api.add_router("", accounts)
api.add_router("", visits)
