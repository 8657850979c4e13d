"""What signing in, a session and a person's own second factors leave behind. Connected in `AppConfig.ready`."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from tuyendau.core.accounts.actions.toolkeys import revoke_tool_keys
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.rules import sessions
from tuyendau.core.accounts.rules.sessions import BEGUN, SEEN
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock

GUARDED = "second_factor"
FRESH = 300
"""Seconds after signing in for which nobody is asked to prove again who they are."""


def begin(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note when a session began: it ends so long after, see `rules.sessions`."""
    request.session[BEGUN] = request.session[SEEN] = clock.real_now().timestamp()


def is_fresh(request: HttpRequest | None) -> bool:
    """Whether the session of a request began a moment ago."""
    begun = request.session.get(BEGUN, 0) if request is not None else 0
    return bool(clock.real_now().timestamp() - begun < FRESH)


def seconds_left(request: HttpRequest) -> float:
    """For how long the session of a request goes on if nobody does anything."""
    now = clock.real_now().timestamp()
    request.session.setdefault(BEGUN, now)
    return sessions.left_of(request.session, now)


def keep(request: HttpRequest) -> None:
    """Note that somebody did something, once a minute."""
    now = clock.real_now().timestamp()
    if now - request.session.get(SEEN, 0) >= sessions.KEPT_EVERY:
        request.session[SEEN] = now


def password_changed(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever chose a password of their own is let through everywhere; it is on record."""
    with as_program():
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        revoke_tool_keys(user, by=user, at=clock.now())
        audit.record("user.password_changed", by=user, at=clock.now(), subject=f"user:{user.pk}")


def factor_added(sender: object, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """A second factor was set up."""
    _record("user.factor_added", user, authenticator)


def factor_removed(
    sender: object, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any
) -> None:
    """A second factor was taken away: whether one is left is asked again at the next request."""
    request.session.pop(GUARDED, None)
    _record("user.factor_removed", user, authenticator)


def codes_made(sender: object, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """New recovery codes were made."""
    _record("user.codes_made", user, authenticator)


def _record(kind: str, user: User, authenticator: Authenticator) -> None:
    with as_program():
        subject = f"user:{user.pk}"
        audit.record(kind, by=user, at=clock.now(), subject=subject, data={"type": str(authenticator.type)})
