"""Who is asking and in which language, settled before any view runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from tuyendau.access import Denied, Viewer
from tuyendau.core import acting
from tuyendau.core.accounts import actions, api
from tuyendau.core.accounts.actions import signins
from tuyendau.core.accounts.models import Device, User
from tuyendau.core.accounts.queries import (
    device_key_in_force,
    guarded_since,
    has_second_factor,
    reach_of,
    tool_key_in_force,
    viewer_of,
    viewer_of_device,
)
from tuyendau.core.accounts.rules import factors, keys
from tuyendau.core.accounts.rules.sessions import is_act
from tuyendau.lib import clock

Handler = Callable[[HttpRequest], HttpResponse]
NOBODY = Viewer(None)


class SignedRequest(HttpRequest):
    """What a view receives once the middleware below has run: a user who signed in, and the viewer that they are.

    `HtmxMiddleware` adds `htmx`. It names types only; requests are Django's own.
    """

    user: User
    viewer: Viewer
    device: Device
    htmx: HtmxDetails


def for_programs(request: HttpRequest) -> bool:
    """Whether the address is one of the API, where nobody is led to a page for people."""
    return request.path_info.startswith("/api/")


FEATURES = "/api/features/"
BASIC = 'Basic realm="Tuyen Dau", charset="UTF-8"'
"""What tools that read features are asked for: a key of their user's as the password."""


def for_features(request: HttpRequest) -> bool:
    """Whether the address is one of the service of features, which tools write with a slash at the end and without."""
    return f"{request.path_info}/".startswith(FEATURES)


def unknown(request: HttpRequest) -> HttpResponse:
    """What is answered to a program whose asker is not known."""
    return api.unknown(BASIC if for_features(request) else "Bearer")


class SignInMiddleware(LoginRequiredMiddleware):
    """Leads whoever has not signed in to the sign-in page; a program that asks is answered by the API itself."""

    def process_view(self, request, view_func, view_args, view_kwargs):  # type: ignore[no-untyped-def]
        if for_programs(request):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


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
        response.headers.setdefault("Content-Language", language)
        return response


class _NotInForce(Exception):
    """The request carries a key that is unknown or no longer in force."""


def _viewer(request: HttpRequest) -> Viewer:
    """Who is asking: to the API a device by its key, else whoever signed in. Raises `_NotInForce`."""
    header = request.headers.get("Authorization", "")
    today = clock.local_day(clock.now())
    if header and for_programs(request):
        sent = keys.read(header)
        if sent is None:
            raise _NotInForce
        return _tool(request, sent, today) if sent.prefix == keys.TOOL else _device(request, sent, today)
    return viewer_of(request.user, on=today) if isinstance(request.user, User) else NOBODY


def _device(request: HttpRequest, sent: keys.Key, today: date) -> Viewer:
    known = device_key_in_force(sent.key_id)
    if known is None or not sent.is_of(bytes(known.digest)):
        raise _NotInForce
    actions.key_used(known, on=today)
    request.device = known.device  # type: ignore[attr-defined]
    return viewer_of_device(known)


def _tool(request: HttpRequest, sent: keys.Key, today: date) -> Viewer:
    """The user whose key a tool sent: it reads features, and nothing else, in that user's language."""
    known = tool_key_in_force(sent.key_id, at=clock.real_now())
    allowed = for_features(request) and request.method in ("GET", "HEAD")
    if known is None or not allowed or not sent.is_of(bytes(known.digest)):
        raise _NotInForce
    actions.tool_key_used(known, on=clock.local_day(clock.real_now()))
    request.user = known.user
    request.tool_key = known  # type: ignore[attr-defined]
    translation.activate(known.user.language)
    return viewer_of(known.user, on=today)


class ViewerMiddleware:
    """Sets `request.viewer`, and has the database show only what that viewer reaches while the request lasts.

    What the viewer is denied becomes a page that says so, with status 403.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.viewer = _viewer(request)  # type: ignore[attr-defined]
        except _NotInForce:
            return unknown(request)
        with acting.as_viewer(reach_of(request.viewer)):  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Denied):
            return render(request, "403.html", {"permission": exception.permission}, status=403)
        return None


class SessionMiddleware:
    """Ends a session that is over: after so long however busy, or so long without an act of a person."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if signins.seconds_left(request) <= 0:
                logout(request)
            elif is_act(request.headers.get("Sec-Fetch-Mode", ""), request.headers.get("X-Idle", "")):
                signins.keep(request)
        return self.get_response(request)


class DutyMiddleware:
    """Lets nobody go on who has yet to choose a password of their own, or to set up the second factor of their role."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and not request.path_info.startswith(("/accounts/", "/static/")):
            if request.user.must_change_password:
                return self._lead(request, "account_change_password", "password_due")
            if self._factor_due(request, request.user):
                return self._lead(request, "mfa_index", "second_factor_due")
        return self.get_response(request)

    def _factor_due(self, request: HttpRequest, user: User) -> bool:
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        by_key = hasattr(request, "tool_key")
        if settings.SECOND_FACTOR_GRACE is None or (not by_key and request.session.get(signins.GUARDED)):
            return False
        if not factors.is_needed(grant.role for grant in viewer.grants):
            return False
        if has_second_factor(user):
            if not by_key:
                request.session[signins.GUARDED] = True
            return False
        today = clock.local_day(clock.real_now())
        return factors.is_due(guarded_since(user), grace=settings.SECOND_FACTOR_GRACE, on=today)

    @staticmethod
    def _lead(request: HttpRequest, where: str, code: str) -> HttpResponse:
        if for_programs(request):
            return api.refused(403, code, _("Open the pages first: your account waits for something."))
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(where)})
        return redirect(where)
