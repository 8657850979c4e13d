"""Ending a stay: discharge, the end of a quarantine, death; and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.cases.actions import end_of_treatment, end_taken_back
from tuyendau.records.people.actions import NewAssignment, assign, leave
from tuyendau.records.people.models import Person
from tuyendau.response.care import rules
from tuyendau.response.care.actions.admitting import refuse_elsewhere
from tuyendau.response.care.actions.assessing import recordable
from tuyendau.response.care.actions.refusals import CareRefused, refuse_fault, refused
from tuyendau.response.care.models import Stay, StayState, Transfer, TransferState

OUTCOMES = {StayState.DISCHARGED: "recovered", StayState.DIED: "died"}
"""What an end says of the case."""


@as_program()
def end_stay(
    public_id: str,
    state: str,
    ended_at: datetime,
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    ground: str = "",
) -> Stay:
    """End a stay; the case has its outcome with it, and a transfer under way is withdrawn.

    Raises `CareRefused`, Stay.DoesNotExist, `Denied`.
    """
    with transaction.atomic():
        stay = recordable(viewer, public_id)
        refuse_ended(stay)
        if state not in rules.endings_for(treated=stay.case_id is not None):
            raise refused(_("Choose how the stay ends from the list."), "state")
        refuse_fault(rules.fault_of_end(stay.began_at, ended_at, at), "ended_at", stay)
        _withdraw_open(stay, by=by, at=at)
        close(stay, state, ended_at, by=by, at=at, ground=ground)
        data = {"person": stay.person.public_id, "state": state, "ended": ended_at.isoformat()}
        audit.record("stay.ended", by=by, at=at, subject=stay.public_id, data=data, ground=ground[:300])
        if stay.case_id is not None and state in OUTCOMES:
            end_of_treatment(
                stay.case_id, OUTCOMES[StayState(state)], clock.local_day(ended_at), by=by, at=at
            )
        return stay


@as_program()
def cancel_stay(public_id: str, ground: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Stay:
    """Take back a stay that was recorded by mistake; it stays on record. Raises `CareRefused`, Stay.DoesNotExist."""
    if not ground.strip():
        raise refused(_("Say why the stay was recorded by mistake."), "ground")
    with transaction.atomic():
        stay = recordable(viewer, public_id)
        refuse_ended(stay)
        _withdraw_open(stay, by=by, at=at)
        close(stay, StayState.CANCELLED, max(at, stay.began_at), by=by, at=at, ground=ground)
        data = {"person": stay.person.public_id, "state": StayState.CANCELLED.value}
        audit.record(
            "stay.ended", by=by, at=at, subject=stay.public_id, data=data, ground=ground.strip()[:300]
        )
        return stay


@as_program()
def take_end_back(public_id: str, ground: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Stay:
    """Let a stay go on that was ended by mistake. Raises `CareRefused`, Stay.DoesNotExist, `Denied`."""
    if not ground.strip():
        raise refused(_("Say why the stay goes on."), "ground")
    with transaction.atomic():
        stay = recordable(viewer, public_id)
        if not rules.may_become(rules.StayState(stay.state), rules.StayState.PRESENT):
            raise CareRefused(_("Only an end that somebody recorded here can be taken back."))
        Person.objects.select_for_update(of=("self",), no_key=True).get(pk=stay.person_id)
        refuse_elsewhere(stay.person, stay.began_at, but=stay.pk)
        before = StayState(stay.state)
        stay.state, stay.ended_at, stay.ended_by, stay.ground = StayState.PRESENT, None, None, ""
        stay.save(update_fields=["state", "ended_at", "ended_by", "ground"])
        place = stay.ward or stay.site
        assign([NewAssignment(stay.person_id, place.pk, clock.local_day(at))], by=by, at=at)
        data = {"person": stay.person.public_id, "was": before.value}
        audit.record(
            "stay.taken_back", by=by, at=at, subject=stay.public_id, data=data, ground=ground.strip()[:300]
        )
        if stay.case_id is not None and before in OUTCOMES:
            end_taken_back(stay.case_id, OUTCOMES[before], by=by, at=at)
        return stay


def refuse_ended(stay: Stay) -> None:
    """Raise `CareRefused` where a stay has ended already."""
    if stay.state != StayState.PRESENT:
        raise CareRefused(_("This stay has ended already: %(state)s.") % {"state": stay.get_state_display()})


def close(
    stay: Stay, state: str, ended_at: datetime, *, by: AbstractBaseUser, at: datetime, ground: str = ""
) -> None:
    """Write the end of a stay, and where the person belonged until then; the caller records the event."""
    stay.state, stay.ended_at, stay.ground = state, max(ended_at, stay.began_at), ground.strip()[:300]
    stay.ended_by_id = by.pk
    stay.save(update_fields=["state", "ended_at", "ground", "ended_by"])
    leave(stay.person, stay.site, clock.local_day(ended_at), by=by, at=at)


def _withdraw_open(stay: Stay, *, by: AbstractBaseUser, at: datetime) -> None:
    opened = Transfer.objects.select_for_update().filter(stay=stay, state__in=list(rules.OPEN))
    for transfer in opened:
        transfer.state, transfer.closed_at, transfer.closed_by_id = TransferState.WITHDRAWN, at, by.pk
        transfer.save(update_fields=["state", "closed_at", "closed_by"])
        data = {"person": stay.person.public_id, "to": transfer.to.public_id}
        audit.record("transfer.withdrawn", by=by, at=at, subject=transfer.public_id, data=data)
