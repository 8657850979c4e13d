"""Transfers: one facility asks another one, which accepts or refuses; the patient is there once they have arrived."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.response.care import rules
from tuyendau.response.care.actions.admitting import Admission, begin
from tuyendau.response.care.actions.assessing import recordable
from tuyendau.response.care.actions.ending import close, refuse_ended
from tuyendau.response.care.actions.refusals import CareRefused, refuse_fault, refused
from tuyendau.response.care.models import Stay, StayState, Transfer, TransferState
from tuyendau.response.care.queries.reach import asked_of, every_facility, stays_in_reach


@as_program()
def propose_transfer(
    public_id: str,
    to: Site,
    reason: str,
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    urgent: bool = False,
) -> Transfer:
    """Ask another facility to take the patient of a stay. Raises `CareRefused`, Stay.DoesNotExist, `Denied`."""
    with transaction.atomic():
        stay = recordable(viewer, public_id)
        refuse_ended(stay)
        if not reason.strip():
            raise refused(_("Say why the patient is to be transferred."), "reason")
        if to.pk == stay.site_id:
            raise refused(_("The patient is there already. Choose another facility."), "to")
        if not every_facility().filter(pk=to.pk).exists():
            raise refused(_("Choose a hospital or a quarantine facility."), "to")
        try:
            with transaction.atomic():
                made = Transfer.objects.create(
                    stay=stay,
                    to=to,
                    urgent=urgent,
                    reason=reason.strip()[:300],
                    proposed_at=at,
                    proposed_by_id=by.pk,
                )
        except IntegrityError as error:
            raise CareRefused(
                _("A transfer of this patient is under way already. Withdraw it to ask another facility.")
            ) from error
        _told("transfer.proposed", made, by=by, at=at)
        return made


@as_program()
def accept_transfer(
    public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime, answer: str = ""
) -> Transfer:
    """Say that the facility takes the patient. Raises `CareRefused`, Transfer.DoesNotExist, `Denied`."""
    with transaction.atomic():
        transfer = _asked(viewer, public_id, rules.TransferState.ACCEPTED)
        return _answered(transfer, TransferState.ACCEPTED, answer, by=by, at=at)


@as_program()
def refuse_transfer(
    public_id: str, answer: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Transfer:
    """Say that the facility cannot take the patient, and why. Raises `CareRefused`, Transfer.DoesNotExist, `Denied`."""
    if not answer.strip():
        raise refused(_("Say why the patient cannot be taken: the other side decides by it."), "answer")
    with transaction.atomic():
        transfer = _asked(viewer, public_id, rules.TransferState.REFUSED)
        transfer.closed_at, transfer.closed_by_id = at, by.pk
        return _answered(transfer, TransferState.REFUSED, answer, by=by, at=at)


@as_program()
def withdraw_transfer(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Transfer:
    """Take back what was asked, while the patient is still here. Raises as `accept_transfer` does."""
    viewer.require(Permission.STAY_RECORD)
    with transaction.atomic():
        own = Transfer.objects.filter(
            public_id=public_id, stay__in=stays_in_reach(viewer, Permission.STAY_RECORD).values("pk")
        )
        transfer = _locked(own.values_list("pk", flat=True).get(), rules.TransferState.WITHDRAWN)
        transfer.state, transfer.closed_at, transfer.closed_by_id = TransferState.WITHDRAWN, at, by.pk
        transfer.save(update_fields=["state", "closed_at", "closed_by"])
        _told("transfer.withdrawn", transfer, by=by, at=at)
        return transfer


@as_program()
def arrive(
    public_id: str,
    *,
    arrived_at: datetime,
    ward: Site | None,
    bed: str,
    level: str,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    beyond: bool = False,
) -> Stay:
    """Record that an accepted patient arrived: the stay there ends, that here begins, at the same moment.

    Raises `CareRefused`, Transfer.DoesNotExist, `Denied`.
    """
    with transaction.atomic():
        transfer = _asked(viewer, public_id, rules.TransferState.ARRIVED)
        # Both rows in the order in which every other action takes them: the stay, then its transfer.
        old = Stay.objects.select_related("person", "site", "ward", "case").get(pk=transfer.stay_id)
        if not level:
            raise refused(_("Say how ill the patient is on arrival."), "level")
        refuse_fault(rules.fault_of_end(old.began_at, arrived_at, at), "arrived_at", old)
        if arrived_at < transfer.proposed_at - rules.TYPED:
            raise refused(_("This is before the transfer was asked for."), "arrived_at")
        arrived_at = max(arrived_at, old.began_at)
        close(old, StayState.TRANSFERRED, arrived_at, by=by, at=at, ground=transfer.reason)
        told = {"person": old.person.public_id, "state": old.state, "ended": arrived_at.isoformat()}
        audit.record("stay.ended", by=by, at=at, subject=old.public_id, data=told)
        given = Admission(transfer.to, arrived_at, ward, bed, level, old.conditions, old.note, beyond)
        new = begin(old.person, given, by=by, at=at)
        transfer.state, transfer.closed_at, transfer.closed_by_id = TransferState.ARRIVED, at, by.pk
        transfer.led_to = new
        transfer.save(update_fields=["state", "closed_at", "closed_by", "led_to"])
        began = {
            "person": old.person.public_id,
            "site": transfer.to.public_id,
            "began": arrived_at.isoformat(),
        }
        audit.record("stay.began", by=by, at=at, subject=new.public_id, data=began)
        _told("transfer.arrived", transfer, by=by, at=at)
        return new


def _asked(viewer: Viewer, public_id: str, then: rules.TransferState) -> Transfer:
    """The transfer to one of the viewer's facilities that is to become `then`, its rows locked."""
    viewer.require(Permission.STAY_RECORD)
    asked = Transfer.objects.filter(asked_of(viewer, Permission.STAY_RECORD), public_id=public_id)
    return _locked(asked.values_list("pk", flat=True).get(), then)


def _locked(pk: int, then: rules.TransferState) -> Transfer:
    of = Transfer.objects.values_list("stay_id", flat=True).get(pk=pk)
    Stay.objects.select_for_update(of=("self",)).get(pk=of)
    transfer = (
        Transfer.objects.select_for_update(of=("self",)).select_related("stay__person", "to").get(pk=pk)
    )
    if not rules.may_go_on(rules.TransferState(transfer.state), then):
        raise CareRefused(
            _("This transfer is %(state)s: somebody was faster. Look again.")
            % {"state": transfer.get_state_display()}
        )
    return transfer


def _answered(
    transfer: Transfer, state: TransferState, answer: str, *, by: AbstractBaseUser, at: datetime
) -> Transfer:
    transfer.state, transfer.answer = state, answer.strip()[:300]
    transfer.answered_at, transfer.answered_by_id = at, by.pk
    transfer.save()
    _told(f"transfer.{state.value}", transfer, by=by, at=at)
    return transfer


def _told(kind: str, transfer: Transfer, *, by: AbstractBaseUser, at: datetime) -> None:
    data = {"person": transfer.stay.person.public_id, "to": transfer.to.public_id}
    audit.record(kind, by=by, at=at, subject=transfer.public_id, data=data)
