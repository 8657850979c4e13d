"""Writing, approving and carrying out the periods; holding one person's data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.retention.models import Hold, Policy
from tuyendau.core.retention.queries import Found, held, in_force, keepings
from tuyendau.core.retention.rules import LONGEST, SHORTEST, kept_from, unusable


class RetentionRefused(Exception):
    """What was asked cannot be done; the text says why. Nothing was written."""


@as_program()
def propose(
    periods: Mapping[str, int], source: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Policy:
    """Write a new version of the periods, in days; it is carried out once it is approved. Raises `RetentionRefused`."""
    viewer.require(Permission.RETENTION_MANAGE)
    if unusable(periods, set(keepings())):
        raise RetentionRefused(
            _("A period is a number of days from %(least)s to %(most)s.")
            % {"least": SHORTEST, "most": LONGEST}
        )
    policy = Policy.objects.create(at=at, by_id=by.pk, periods=dict(periods), source=source)
    audit.record(
        "retention.changed", by=by, at=at, subject=f"retention:{policy.pk}", data=dict(periods), ground=source
    )
    return policy


@as_program()
def approve(version: int, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Policy:
    """Put the latest version in force; the worker carries it out each night from now on.

    Raises `RetentionRefused` where it is approved already, or somebody wrote another version meanwhile: what is
    approved is what was shown.
    """
    viewer.require(Permission.RETENTION_MANAGE)
    policy = Policy.objects.select_for_update().order_by("-pk").first()
    if policy is None or policy.pk != version or policy.approved_at is not None:
        raise RetentionRefused(_("The periods were changed or approved meanwhile. Look at them again."))
    policy.approved_at, policy.approved_by_id = at, by.pk
    policy.save(update_fields=["approved_at", "approved_by_id"])
    audit.record(
        "retention.approved", by=by, at=at, subject=f"retention:{policy.pk}", data=dict(policy.periods)
    )
    return policy


@as_program()
def hold(subject: str, ground: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Hold:
    """Keep everything of a person (a public id) until the hold is ended. Raises `RetentionRefused`."""
    viewer.require(Permission.RETENTION_MANAGE)
    try:
        with transaction.atomic():
            made = Hold.objects.create(subject=subject, ground=ground, by_id=by.pk, at=at)
    except IntegrityError as error:
        raise RetentionRefused(_("This person's data is on hold already.")) from error
    audit.record("retention.held", by=by, at=at, subject=subject, ground=ground)
    return made


@as_program()
def release(subject: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> None:
    """End the hold on a person's data. Raises `RetentionRefused` where there is none."""
    viewer.require(Permission.RETENTION_MANAGE)
    ended = Hold.objects.filter(subject=subject, ended_at__isnull=True).update(ended_at=at, ended_by=by.pk)
    if not ended:
        raise RetentionRefused(_("This person's data is not on hold."))
    audit.record("retention.released", by=by, at=at, subject=subject)


def carry_out(today: date, *, at: datetime) -> dict[str, Found]:
    """Remove what the policy in force no longer keeps on `today`; what went, by class.

    Each class is on record with what went of it, and one of which nothing went is not. Without an approved policy
    nothing is removed.
    """
    policy = in_force()
    if policy is None:
        return {}
    gone = {}
    for code, keeping in keepings().items():
        if code not in policy.periods:
            continue
        first = kept_from(today, int(policy.periods[code]))
        gone[code] = found = keeping.remove(first, held())
        if found.total:
            with as_program():
                audit.record(
                    "retention.carried_out",
                    by=None,
                    at=at,
                    subject=f"retention:{policy.pk}",
                    data={
                        "class": code, "act": keeping.act.value, "kept_from": first.isoformat(), "rows": found.total,
                        "tables": found.rows,
                    },
                )  # fmt: skip
    return gone
