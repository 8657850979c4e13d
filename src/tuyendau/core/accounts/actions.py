"""Writes of users and memberships."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tuyendau.access import ROLES, ScopeKind
from tuyendau.core.accounts.models import Membership, User
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site, Unit
from tuyendau.lib import clock


class UserRefused(Exception):
    """The user cannot be made; the text says why."""


@transaction.atomic
def add_user(
    username: str,
    *,
    password: str,
    full_name: str,
    role: str,
    unit: str | None = None,
    site: str | None = None,
    language: str = "vi",
    by: User | None,
    at: datetime,
) -> User:
    """Make a user with one membership over the unit or the site of that code. Raises `UserRefused`."""
    place = _place(role, unit, site)
    if User.objects.filter(username=username).exists():
        raise UserRefused(_("There is already a user “%(name)s”.") % {"name": username})
    user = User(username=username, full_name=full_name, language=language)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    Membership.objects.create(user=user, role=role, valid_from=clock.local_day(at), **place)
    audit.record(
        "user.added", by=by, at=at, subject=f"user:{user.pk}", data={"role": role, "unit": unit, "site": site}
    )
    return user


def _place(role: str, unit: str | None, site: str | None) -> dict[str, Unit | Site]:
    """The place of a new membership, of the kind that the role is held over."""
    if ROLES[role].scope is ScopeKind.UNIT:
        found = Unit.objects.filter(code=unit).order_by("-valid_from", "level").first()
        if found is None:
            raise UserRefused(
                _("There is no administrative unit with the code “%(code)s”.") % {"code": unit or ""}
            )
        return {"unit": found}
    company = Site.objects.filter(code=site).first()
    if company is None:
        raise UserRefused(_("There is no site with the code “%(code)s”.") % {"code": site or ""})
    return {"site": company}
