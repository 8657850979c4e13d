"""Writes of users and memberships."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tuyendau.access import ROLES, ScopeKind
from tuyendau.core.accounts.actions.toolkeys import revoke_tool_keys
from tuyendau.core.accounts.models import ROLE_NAMES, Membership, User
from tuyendau.core.accounts.rules import giving
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site, Unit, UnitLevel
from tuyendau.lib import clock


class UserRefused(Exception):
    """The user cannot be made or changed so; the text says why."""


@as_program()
def add_user(
    username: str,
    *,
    password: str,
    full_name: str,
    role: str,
    unit: str | None = None,
    site: str | None = None,
    language: str = "vi",
    begins: date | None = None,
    ends: date | None = None,
    one_time: bool = False,
    by: User | None,
    at: datetime,
) -> User:
    """Make a user with one membership over the unit or the site of that code. Raises `UserRefused`.

    The role is held from `begins` (today) to before `ends` (until further notice). `one_time` passwords open nothing
    but the page on which another one is chosen.
    """
    place = place_of(role, unit, site)
    # Signing in takes no notice of capitals.
    if User.objects.filter(username__iexact=username).exists():
        raise UserRefused(_("There is already a user “%(name)s”.") % {"name": username})
    user = User(username=username, full_name=full_name, language=language, must_change_password=one_time)
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    given = give(user, role, place, begins=begins, ends=ends, by=by, at=at)
    audit.record(
        "user.added", by=by, at=at, subject=f"user:{user.pk}", data={"role": role, **codes_of(given)}
    )
    return user


@as_program()
def set_password(
    username: str, *, password: str, one_time: bool = False, by: User | None, at: datetime
) -> User:
    """Give a user another password; wherever they are signed in, they are no longer. Raises `UserRefused`.

    A `one_time` password opens nothing but the page on which another one is chosen.
    """
    user = _user(username, by)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages)) from error
    user.set_password(password)
    user.must_change_password = one_time
    user.save(update_fields=["password", "must_change_password"])
    revoke_tool_keys(user, by=by, at=at)
    audit.record("user.password_set", by=by, at=at, subject=f"user:{user.pk}")
    return user


@as_program()
def disable_user(username: str, *, by: User | None, at: datetime) -> User:
    """Close an account: nobody signs in with it, and whoever is signed in with it no longer is.

    Its roles stay as they are, so that `enable_user` undoes it. Raises `UserRefused`.
    """
    return _set_active(username, False, "user.disabled", by, at)


@as_program()
def enable_user(username: str, *, by: User | None, at: datetime) -> User:
    """Open a closed account again. Raises `UserRefused`."""
    return _set_active(username, True, "user.enabled", by, at)


@as_program()
def give_role(
    username: str,
    *,
    role: str,
    unit: str | None = None,
    site: str | None = None,
    keep: bool = False,
    begins: date | None = None,
    ends: date | None = None,
    by: User | None,
    at: datetime,
) -> Membership:
    """Give a user a role over the unit or the site of that code, from now on and in place of all that they hold.

    `keep` leaves them what they hold; `begins` and `ends` are as for `add_user`. Raises `UserRefused`.
    """
    user = _user(username, by)
    place = place_of(role, unit, site)
    if not keep:
        _end_roles(user, by, at)
    elif _held(user, at).filter(role=role, **place).exists():
        raise UserRefused(_("The user “%(name)s” has this role already.") % {"name": user.username})
    given = give(user, role, place, begins=begins, ends=ends, by=by, at=at)
    data = {"role": role, **codes_of(given)}
    audit.record("user.role_given", by=by, at=at, subject=f"user:{user.pk}", data=data)
    return given


@as_program()
def end_roles(username: str, *, by: User | None, at: datetime) -> list[Membership]:
    """End every role that a user holds, as of now; those that ended. Raises `UserRefused` where they hold none."""
    user = _user(username, by)
    ended = _end_roles(user, by, at)
    if not ended:
        raise UserRefused(_("The user “%(name)s” has no role.") % {"name": user.username})
    return ended


def _end_roles(user: User, by: User | None, at: datetime) -> list[Membership]:
    """End what the user holds or was to hold: a role that began today has then been held on no day."""
    today = clock.local_day(at)
    ended = list(_held(user, at).select_related("unit", "site").order_by("pk"))
    for membership in ended:
        membership.valid_to = max(today, membership.valid_from)
        membership.awaiting = False
        membership.save(update_fields=["valid_to", "awaiting"])
        data = {"role": membership.role, **codes_of(membership)}
        audit.record("user.role_ended", by=by, at=at, subject=f"user:{user.pk}", data=data)
    return ended


def _held(user: User, at: datetime) -> QuerySet[Membership]:
    """The user's memberships that have not ended."""
    today = clock.local_day(at)
    return Membership.objects.filter(user=user).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))


def _set_active(username: str, active: bool, kind: str, by: User | None, at: datetime) -> User:
    user = _user(username, by)
    if user.is_active == active:
        already = (
            _("The account “%(name)s” is open already.")
            if active
            else _("The account “%(name)s” is closed already.")
        )
        raise UserRefused(already % {"name": user.username})
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(kind, by=by, at=at, subject=f"user:{user.pk}")
    return user


def give(
    user: User,
    role: str,
    place: dict[str, Any],
    *,
    begins: date | None,
    ends: date | None,
    by: User | None,
    at: datetime,
) -> Membership:
    """Make a membership; one that two administrators give waits for the second. Raises `UserRefused`."""
    first = begins or clock.local_day(at)
    if not giving.is_period(first, ends):
        raise UserRefused(_("The role must end after it begins."))
    awaiting = by is not None and giving.needs_two(role)
    return Membership.objects.create(
        user=user, role=role, valid_from=first, valid_to=ends, given_by=by, awaiting=awaiting, **place
    )


def codes_of(membership: Membership) -> dict[str, str | None]:
    """The place of a membership as events tell it."""
    unit, site = membership.unit, membership.site
    return {"unit": unit.code if unit else None, "site": site.code if site else None}


def _user(username: str, by: User | None = None) -> User:
    """The user of that name, kept from other changes until the transaction ends; never whoever changes it."""
    user = User.objects.select_for_update().filter(username__iexact=username).first()
    if user is None:
        raise UserRefused(_("There is no user “%(name)s”.") % {"name": username})
    if not giving.may_touch(by=by.pk if by else None, whose=user.pk):
        raise UserRefused(_("Nobody changes their own account here: ask another administrator."))
    return user


def place_of(role: str, unit: str | None, site: str | None) -> dict[str, Any]:
    """The place of a new membership by its code, of a kind that the role is held over. Raises `UserRefused`."""
    if ROLES[role].scope is ScopeKind.UNIT:
        found = Unit.objects.filter(code=unit).order_by("-valid_from", "level").first()
        if found is None:
            raise UserRefused(
                _("There is no administrative unit with the code “%(code)s”.") % {"code": unit or ""}
            )
        return fitting(role, found)
    company = Site.objects.filter(code=site).first()
    if company is None:
        raise UserRefused(_("There is no site with the code “%(code)s”.") % {"code": site or ""})
    return fitting(role, company)


def fitting(role: str, place: Unit | Site) -> dict[str, Any]:
    """The place of a new membership, if the role is held over such. Raises `UserRefused`."""
    known = ROLES[role]
    is_unit = isinstance(place, Unit)
    sort = UnitLevel(place.level).name.lower() if isinstance(place, Unit) else place.kind
    if (known.scope is ScopeKind.UNIT) != is_unit or (known.places and sort not in known.places):
        raise UserRefused(
            _("The role “%(role)s” is not held over %(place)s.")
            % {"role": ROLE_NAMES[role], "place": place.name}
        )
    return {"unit" if is_unit else "site": place}
