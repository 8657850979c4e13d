"""One's own account: language, password, second factors, where one is signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuyendau.core.accounts import actions, queries
from tuyendau.core.accounts.actions import signins
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.rules import factors
from tuyendau.core.accounts.rules.sessions import SEEN
from tuyendau.lib import clock


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language: kept with the user, and in a cookie for who has not signed in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = redirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax", secure=settings.HTTPS
    )
    return response


@require_GET
def own_account(request: HttpRequest) -> HttpResponse:
    """What guards one's own account, and where one is signed in."""
    viewer = request.viewer  # type: ignore[attr-defined]
    user: Any = request.user
    found = list(Authenticator.objects.filter(user=user).order_by("pk"))
    keys = [each.wrap() for each in found if each.type == Authenticator.Type.WEBAUTHN]
    totp = next((each for each in found if each.type == Authenticator.Type.TOTP), None)
    codes = next((each for each in found if each.type == Authenticator.Type.RECOVERY_CODES), None)
    needed = factors.is_needed(grant.role for grant in viewer.grants)
    if totp or keys:
        request.session.pop("advise_second_factor", None)
    elif needed:
        request.session["advise_second_factor"] = True
    today = clock.local_day(clock.real_now())
    context = {
        "totp": totp,
        "keys": keys,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "advised": needed and not totp and not keys,
        "due": factors.is_due(queries.guarded_since(user), grace=settings.SECOND_FACTOR_GRACE, on=today),
        "sessions": _sessions(request),
    }
    return render(request, "mfa/index.html", context)


def _sessions(request: HttpRequest) -> list[dict[str, Any]]:
    """Where the user is signed in, this browser first."""
    user: Any = request.user
    found = []
    for session in UserSession.objects.purge_and_list(user):
        seen = session._session_store(session.session_key).get(SEEN)
        here = session.session_key == request.session.session_key
        found.append({
            "here": here,
            "browser": browser_name(session.user_agent),
            "address": session.ip,
            "begun": session.created_at,
            "seen": datetime.fromtimestamp(seen, UTC) if seen else session.last_seen_at,
        })  # fmt: skip
    return sorted(found, key=lambda each: (not each["here"], -each["seen"].timestamp()))


_BROWSERS = {
    "Edg/": "Edge", "OPR/": "Opera", "coc_coc": "Cốc Cốc", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS", "Linux": "Linux",
}  # fmt: skip


def browser_name(agent: str) -> str:
    """The browser and the system that a User-Agent header names, as "Firefox, Windows"."""
    found = [
        next((name for mark, name in names.items() if mark in agent), "") for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or _("unknown browser")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user: Any = request.user
    ended = actions.end_sessions(user, but=request.session.session_key, by=user, at=clock.now())
    messages.success(request, _("Signed out elsewhere: %(count)d.") % {"count": ended})
    return redirect("mfa_index")


@require_http_methods(["GET", "POST"])
def session_left(request: HttpRequest) -> JsonResponse:
    """Seconds until this session ends; POST, the button “stay signed in”, lets it go on."""
    if request.method == "POST":
        signins.keep(request)
    return JsonResponse({"left": round(signins.seconds_left(request))})
