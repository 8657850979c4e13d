"""Writes of an administrator, who manages the users of a province and never themselves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.accounts.actions import users
from tuyendau.core.accounts.actions.toolkeys import revoke_tool_keys
from tuyendau.core.accounts.actions.users import UserRefused
from tuyendau.core.accounts.models import Membership, User
from tuyendau.core.accounts.queries.locks import lock_keys
from tuyendau.core.accounts.queries.users import in_reach, is_wholly_in_reach, place_in_reach
from tuyendau.core.accounts.rules import giving, passwords
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock


@as_program()
def make_user(
    username: str,
    *,
    full_name: str,
    language: str,
    role: str,
    place: str,
    begins: date | None,
    ends: date | None,
    viewer: Viewer,
    by: User,
    at: datetime,
) -> tuple[User, str]:
    """Make a user with a role over a place in reach, and the one-time password they come in with.

    `place` is as `queries.users.places_for` tells it. Raises `UserRefused`, `Denied`.
    """
    held = _place(viewer, role, place)
    password = passwords.one_time()
    code = {kind: each.code for kind, each in held.items()}
    user = users.add_user(
        username, password=password, full_name=full_name, role=role, language=language,
        begins=begins, ends=ends, one_time=True, by=by, at=at, **code,
    )  # fmt: skip
    # A code may be of several units: the one chosen is meant.
    Membership.objects.filter(user=user).update(**{f"{kind}_id": each.pk for kind, each in held.items()})
    return user, password


@as_program()
def add_role(
    user: User,
    *,
    role: str,
    place: str,
    begins: date | None,
    ends: date | None,
    viewer: Viewer,
    by: User,
    at: datetime,
) -> Membership:
    """Give a user a further role over a place in reach. Raises `UserRefused`, `Denied`."""
    _not_oneself(user, by)
    held = _place(viewer, role, place)
    same = Membership.objects.filter(user=user, role=role, **held)
    if any(each.valid_to is None or each.valid_to > clock.local_day(at) for each in same):
        raise UserRefused(_("The user “%(name)s” has this role already.") % {"name": user.username})
    given = users.give(user, role, held, begins=begins, ends=ends, by=by, at=at)
    data = {"role": role, **users.codes_of(given)}
    audit.record("user.role_given", by=by, at=at, subject=f"user:{user.pk}", data=data)
    return given


@as_program()
def end_role(user: User, number: int, *, viewer: Viewer, by: User, at: datetime) -> Membership:
    """End one role of a user as of now, or refuse one that awaits approval. Raises `UserRefused`, `Denied`."""
    _not_oneself(user, by)
    membership = _membership(user, number, viewer)
    membership.valid_to = max(clock.local_day(at), membership.valid_from)
    membership.awaiting = False
    membership.save(update_fields=["valid_to", "awaiting"])
    data = {"role": membership.role, **users.codes_of(membership)}
    audit.record("user.role_ended", by=by, at=at, subject=f"user:{user.pk}", data=data)
    return membership


@as_program()
def approve_role(
    user: User, number: int, *, viewer: Viewer | None, by: User | None, at: datetime
) -> Membership:
    """Put a role in force that another administrator gave. Raises `UserRefused`, `Denied`.

    `viewer` None is the program itself, at the hands of whoever runs the machine.
    """
    membership = _membership(user, number, viewer)
    if not membership.awaiting:
        raise UserRefused(_("This role awaits no approval."))
    if not giving.may_approve(
        by=by.pk if by else None, given_by=membership.given_by_id, whose=membership.user_id
    ):
        raise UserRefused(_("Another administrator than the one who gave this role approves it."))
    membership.awaiting, membership.approved_by = False, by
    membership.save(update_fields=["awaiting", "approved_by"])
    data = {"role": membership.role, **users.codes_of(membership)}
    audit.record("user.role_approved", by=by, at=at, subject=f"user:{user.pk}", data=data)
    return membership


@as_program()
def give_one_time_password(user: User, *, viewer: Viewer, by: User, at: datetime) -> str:
    """A password that opens nothing but the choice of another; ends the user's sessions. Raises `UserRefused`."""
    _whole(user, viewer, at)
    password = passwords.one_time()
    users.set_password(user.username, password=password, one_time=True, by=by, at=at)
    end_sessions(user, by=by, at=at)
    return password


@as_program()
def close(user: User, *, viewer: Viewer, by: User, at: datetime) -> User:
    """Close an account and end its sessions. Raises `UserRefused`, `Denied`."""
    _whole(user, viewer, at)
    closed = users.disable_user(user.username, by=by, at=at)
    end_sessions(user, by=by, at=at)
    return closed


@as_program()
def open_again(user: User, *, viewer: Viewer, by: User, at: datetime) -> User:
    """Open a closed account again. Raises `UserRefused`, `Denied`."""
    _whole(user, viewer, at)
    return users.enable_user(user.username, by=by, at=at)


@as_program()
def sign_out(user: User, *, viewer: Viewer, by: User, at: datetime) -> int:
    """End every session of a user; how many. Raises `UserRefused`, `Denied`."""
    _whole(user, viewer, at)
    return end_sessions(user, by=by, at=at)


@as_program()
def reset_second_factor(user: User, *, viewer: Viewer | None, by: User | None, at: datetime) -> User:
    """Take a user's second factors and recovery codes away, and end their sessions. Raises `UserRefused`, `Denied`.

    `viewer` None is the program itself.
    """
    if viewer is not None:
        _whole(user, viewer, at)
    _not_oneself(user, by)
    gone, _each = Authenticator.objects.filter(user_id=user.pk).delete()
    if not gone:
        raise UserRefused(_("The user “%(name)s” has no second factor.") % {"name": user.username})
    end_sessions(user, by=by, at=at)
    audit.record("user.factor_reset", by=by, at=at, subject=f"user:{user.pk}")
    return user


@as_program()
def unlock(user: User, *, viewer: Viewer, by: User, at: datetime) -> User:
    """Forget the wrong passwords and codes that locked an account. Raises `UserRefused`, `Denied`."""
    _whole(user, viewer, at)
    cache.delete_many(lock_keys(user))
    audit.record("user.unlocked", by=by, at=at, subject=f"user:{user.pk}")
    return user


@as_program()
def end_sessions(user: User, *, but: str | None = None, by: User | None, at: datetime) -> int:
    """End the user's sessions, but the one of that key, and every key of their tools; how many sessions ended."""
    revoke_tool_keys(user, by=by, at=at)
    found = list(UserSession.objects.filter(user=user).exclude(session_key=but or ""))
    Session.objects.filter(session_key__in=[each.session_key for each in found]).delete()
    UserSession.objects.filter(pk__in=[each.pk for each in found]).delete()
    if found:
        data = {"count": len(found)}
        audit.record("user.sessions_ended", by=by, at=at, subject=f"user:{user.pk}", data=data)
    return len(found)


def _place(viewer: Viewer, role: str, place: str) -> dict[str, Any]:
    found = place_in_reach(viewer, place)
    if found is None:
        raise UserRefused(_("Choose a place in your province from the list."))
    return users.fitting(role, found)


def _membership(user: User, number: int, viewer: Viewer | None) -> Membership:
    found = Membership.objects.select_for_update(of=("self",)).filter(user=user, pk=number)
    if viewer is not None:
        found = found.filter(in_reach(viewer))
    membership = found.select_related("unit", "site").first()
    if membership is None:
        raise UserRefused(_("There is no such role, or not in your province."))
    return membership


def _whole(user: User, viewer: Viewer, at: datetime) -> None:
    if not is_wholly_in_reach(viewer, user, on=clock.local_day(at)):
        raise UserRefused(
            _("This user also works for another province: only the machine's operator may do this.")
        )


def _not_oneself(user: User, by: User | None) -> None:
    if not giving.may_touch(by=by.pk if by else None, whose=user.pk):
        raise UserRefused(_("Nobody changes their own account here: ask another administrator."))
