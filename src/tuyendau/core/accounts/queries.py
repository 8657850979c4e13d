"""Reads of users: who is asking."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from tuyendau.access import Grant, ScopeKind, Viewer
from tuyendau.core.accounts.models import Membership, User


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


def accounts(*, on: date) -> QuerySet[User]:
    """Every user by name, `memberships` being those in force on the day `on`. For the program itself."""
    held = _in_force(on).select_related("unit", "site").order_by("pk")
    return User.objects.prefetch_related(Prefetch("memberships", held)).order_by("username")


def _in_force(on: date) -> QuerySet[Membership]:
    return Membership.objects.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
