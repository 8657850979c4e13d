"""What holds for every answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from tuyendau.core.live.queries import position


class PrivacyMiddleware:
    """No browser or proxy keeps a page of somebody signed in: health records stay out of caches of shared machines.

    It also keeps the part of a page that htmx asked for from being shown for the page itself on the way back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class LiveMiddleware:
    """Notes, before anything is read for a page, up to which event it will be complete; from there it is kept so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.live_after = position()  # type: ignore[attr-defined]
        return self.get_response(request)
