"""Handing people in follow-up to officers: one by one, in turn, by place, from one officer to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.followup import rules
from tuyendau.records.followup.actions.checks import FollowUpRefused
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.followup.queries.officers import officers_for
from tuyendau.records.followup.queries.reach import in_reach

IN_TURN, BY_PLACE = "in_turn", "by_place"
_GIVE = """
UPDATE followup_followup f SET officer_id = g.officer_id
FROM unnest(%(followups)s::int[], %(officers)s::int[]) AS g (id, officer_id)
WHERE f.id = g.id AND f.ended_at IS NULL AND f.officer_id IS DISTINCT FROM g.officer_id
"""


@as_program()
def hand_out(
    followups: QuerySet[FollowUp],
    officers: Sequence[str],
    *,
    how: str,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> int:
    """Give people in follow-up to `officers` (public ids), in turn or so that one place is one officer's; how many.

    Of `followups` only those in force in the viewer's reach are given. Raises `FollowUpRefused`.
    """
    viewer.require(Permission.FOLLOWUP_ASSIGN)
    chosen = _officers(viewer, officers)
    mine = in_reach(viewer, Permission.FOLLOWUP_ASSIGN).filter(pk__in=followups.order_by().values("pk"))
    rows = list(
        mine.filter(ended_at__isnull=True)
        .order_by("site__path", "person__folded", "pk")
        .values_list("pk", "site__parent__path", "site__path")
    )
    if how == BY_PLACE:
        given = rules.by_place([(pk, str(above or own or "")) for pk, above, own in rows], chosen)
    else:
        given = rules.round_robin([pk for pk, _above, _own in rows], chosen)
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, {"followups": list(given), "officers": list(given.values())})
        changed = int(cursor.rowcount)
    audit.record(
        "followups.handed_out",
        by=by,
        at=at,
        subject="followups",
        data={"rows": changed, "officers": list(officers), "how": how},
    )
    return changed


def hand_over(
    absent: str,
    officers: Sequence[str],
    *,
    how: str,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> int:
    """Give all of an officer who is away to others; how many. Raises `FollowUpRefused`."""
    if absent in officers:
        raise FollowUpRefused(_("Choose somebody else than who is away."))
    held = FollowUp.objects.filter(officer__public_id=absent, ended_at__isnull=True)
    return hand_out(held, officers, how=how, viewer=viewer, by=by, at=at)


def _officers(viewer: Viewer, wanted: Sequence[str]) -> list[int]:
    known = {officer.public_id: officer.pk for officer in officers_for(viewer)}
    if not wanted or any(public_id not in known for public_id in wanted):
        raise FollowUpRefused(_("Choose at least one officer of your places."))
    return [known[public_id] for public_id in dict.fromkeys(wanted)]


def take(public_id: str, *, viewer: Viewer, by: User, at: datetime) -> None:
    """Take somebody upon oneself. Raises FollowUp.DoesNotExist."""
    with as_program():
        followup = in_reach(viewer, Permission.FOLLOWUP_RECORD).get(
            public_id=public_id, ended_at__isnull=True
        )
        followup.officer = by
        followup.save(update_fields=["officer"])
        audit.record(
            "followups.handed_out",
            by=by,
            at=at,
            subject=public_id,
            data={"rows": 1, "officers": [by.public_id]},
        )
