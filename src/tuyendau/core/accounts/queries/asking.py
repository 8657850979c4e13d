"""Reads of users and devices: who is asking."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest

from tuyendau.access import ROLES, Grant, Permission, ScopeKind, Viewer
from tuyendau.core.accounts.models import DeviceKey, Membership, User
from tuyendau.core.accounts.rules.sessions import left_of
from tuyendau.core.acting import as_program
from tuyendau.core.live.queries import Session
from tuyendau.core.places.models import Site, Unit
from tuyendau.core.places.queries import reaches_province, units_in_reach_of_any
from tuyendau.lib import clock

SEES = {
    "person": Permission.PERSON_VIEW,
    "case": Permission.CASE_VIEW,
    "sample": Permission.SAMPLE_TAKE,
    "contact": Permission.CONTACT_VIEW,
    "visit": Permission.VISIT_VIEW,
    "interview": Permission.INTERVIEW_RECORD,
    "order": Permission.ORDER_VIEW,
    "notification": Permission.CASE_NOTIFY,
    "stay": Permission.STAY_VIEW,
    "audit": Permission.AUDIT_VIEW,
}
"""The kinds of record that the database's own rules know, and what allows to see them."""
_OF_PEOPLE = tuple(permission for kind, permission in SEES.items() if kind != "audit")


def viewer_of(user: User, *, on: date) -> Viewer:
    """The viewer that `user` is on the day `on`: one grant a membership in force."""
    held = in_force(on).filter(user_id=user.pk).values_list("role", "unit__path", "site__path")
    return Viewer(
        user.pk,
        tuple(
            Grant(role, ScopeKind.UNIT, unit) if unit else Grant(role, ScopeKind.SITE, site or "")
            for role, unit, site in held
        ),
    )


@as_program()
def device_key_in_force(key_id: str, *, lock: bool = False) -> DeviceKey | None:
    """The key of that id with its device and site; None where there is none, it was revoked or the device closed.

    `lock` keeps the key from being revoked, and the device from being closed, until the transaction ends: asked last,
    before a batch is committed, it says whether the batch may stand.
    """
    keys = DeviceKey.objects.select_related("device", "device__site")
    if lock:
        keys = keys.select_for_update(of=("self", "device"), no_key=True)
    return keys.filter(key_id=key_id, revoked_at__isnull=True, device__closed_at__isnull=True).first()


def viewer_of_device(key: DeviceKey) -> Viewer:
    """The viewer that a device is: it records at its own site, and sees nobody."""
    grant = Grant("gate_device", ScopeKind.SITE, str(key.device.site.path))
    return Viewer(None, (grant,), key.device.public_id)


def places_of(viewer: Viewer) -> list[dict[str, Any]]:
    """Each role that the viewer holds, with the kind, code and name of its place."""
    paths = [grant.path for grant in viewer.grants]
    found: dict[str, dict[str | None, tuple[str, str]]] = {
        kind: {path: (code, name) for path, code, name in rows}
        for kind, rows in (
            (ScopeKind.UNIT, Unit.objects.filter(path__in=paths).values_list("path", "code", "name")),
            (ScopeKind.SITE, Site.objects.filter(path__in=paths).values_list("path", "code", "name")),
        )
    }
    held = []
    for grant in viewer.grants:
        code, name = found[grant.kind].get(grant.path, ("", ""))
        held.append({"role": grant.role, "kind": str(grant.kind), "code": code, "name": name})
    return held


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
    left = left_of(request.session, clock.real_now().timestamp())
    if left <= 0:
        return None
    viewer = viewer_of(user, on=clock.local_day(clock.now()))
    return Session(viewer, f"user:{user.pk}", clock.real_now() + timedelta(seconds=left))


def has_second_factor(user: User) -> bool:
    """Whether the user set up a code or a key beside the password."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=types).exists())


def guarded_since(user: User) -> date | None:
    """Since which day the user holds a role that asks for a second factor; None where they hold none."""
    roles = [role.code for role in ROLES.values() if role.guarded]
    held = in_force(clock.local_day(clock.now())).filter(user_id=user.pk, role__in=roles)
    return held.order_by("valid_from").values_list("valid_from", flat=True).first()


def accounts(*, on: date) -> QuerySet[User]:
    """Every user by name, `memberships` being those in force on the day `on`. For the program itself."""
    held = in_force(on).select_related("unit", "site").order_by("pk")
    return User.objects.prefetch_related(Prefetch("memberships", held)).order_by("username")


def in_force(on: date) -> QuerySet[Membership]:
    """The memberships that allow something on the day `on`: begun, not ended, and approved."""
    begun = Membership.objects.filter(valid_from__lte=on, awaiting=False)
    return begun.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
