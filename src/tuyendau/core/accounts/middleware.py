"""Who is asking and in which language, settled before any view runs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from tuyendau.access import Denied, Viewer
from tuyendau.core import acting
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import reach_of, viewer_of
from tuyendau.lib import clock

Handler = Callable[[HttpRequest], HttpResponse]
NOBODY = Viewer(None)


class SignedRequest(HttpRequest):
    """What a view receives once the middleware below has run: a user who signed in, and the viewer that they are.

    `HtmxMiddleware` adds `htmx`. It names types only; requests are Django's own.
    """

    user: User
    viewer: Viewer
    htmx: HtmxDetails


class LanguageMiddleware:
    """Vietnamese unless the user, or somebody not signed in by the switch on the page, chose otherwise."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if isinstance(request.user, User):
            chosen = request.user.language
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


class ViewerMiddleware:
    """Sets `request.viewer`, and has the database show only what that viewer reaches while the request lasts.

    What the viewer is denied becomes a page that says so, with status 403.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        today = clock.local_day(clock.now())
        request.viewer = viewer_of(user, on=today) if isinstance(user, User) else NOBODY  # type: ignore[attr-defined]
        with acting.as_viewer(reach_of(request.viewer)):  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Denied):
            return render(request, "403.html", {"permission": exception.permission}, status=403)
        return None
