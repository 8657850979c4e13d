"""Reads of users: who is asking."""

from __future__ import annotations

from datetime import date
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest

from tuyendau.access import Grant, Permission, ScopeKind, Viewer
from tuyendau.core.accounts.models import Membership, User
from tuyendau.core.live.queries import Session
from tuyendau.core.places.queries import reaches_province, units_in_reach_of_any
from tuyendau.lib import clock

SEES = {
    "person": Permission.PERSON_VIEW,
    "case": Permission.CASE_VIEW,
    "contact": Permission.CONTACT_VIEW,
    "visit": Permission.VISIT_VIEW,
    "audit": Permission.AUDIT_VIEW,
}
"""The kinds of record that the database's own rules know, and what allows to see them."""
_OF_PEOPLE = tuple(permission for kind, permission in SEES.items() if kind != "audit")


def viewer_of(user: User, *, on: date) -> Viewer:
    """The viewer that `user` is on the day `on`: one grant a membership in force."""
    in_force = _in_force(on).filter(user_id=user.pk).values_list("role", "unit__path", "site__path")
    return Viewer(
        user.pk,
        tuple(
            Grant(role, ScopeKind.UNIT, unit) if unit else Grant(role, ScopeKind.SITE, site or "")
            for role, unit, site in in_force
        ),
    )


def reach_of(viewer: Viewer) -> dict[str, str]:
    """What a viewer reaches, as settings of the database under which its own rules narrow every read.

    Units and sites over which any permission to see people, cases, contacts or visits is held; and which of these
    kinds may be seen at all.
    """
    units = sorted(units_in_reach_of_any(viewer, _OF_PEOPLE))
    paths = {path for permission in _OF_PEOPLE for path in viewer.paths(permission, ScopeKind.SITE)}
    whole = any(reaches_province(viewer, permission) for permission in _OF_PEOPLE)
    return {
        "units": "{" + ",".join(map(str, units)) + "}",
        "sites": "{" + ",".join(sorted(paths)) + "}",
        "province": "on" if whole else "",
    } | {f"may_{kind}": "on" if viewer.may(permission) else "" for kind, permission in SEES.items()}


def session_of(key: str) -> Session | None:
    """Who is signed in with the session of the cookie `key`, as what viewer, until when. Looking does not prolong it.

    None where it has ended, the account is closed or its password was changed since.
    """
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key or None)
    user = get_user(request)
    if not isinstance(user, User):
        return None
    viewer = viewer_of(user, on=clock.local_day(clock.now()))
    return Session(viewer, f"user:{user.pk}", request.session.get_expiry_date())


def accounts(*, on: date) -> QuerySet[User]:
    """Every user by name, `memberships` being those in force on the day `on`. For the program itself."""
    held = _in_force(on).select_related("unit", "site").order_by("pk")
    return User.objects.prefetch_related(Prefetch("memberships", held)).order_by("username")


def _in_force(on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
