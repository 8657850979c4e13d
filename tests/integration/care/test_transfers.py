"""Transfers: asked, answered, arrived; of two who are faster at once one is told."""

from __future__ import annotations

import pytest

from tuyendau.access import Permission
from tuyendau.records.people.queries import in_reach
from tuyendau.response.care import actions
from tuyendau.response.care.models import Stay, StayState, Transfer, TransferState


def arrived(clinic, transfer, **given):
    terms = {"arrived_at": clinic.now, "ward": clinic.other_ward, "bed": "1", "level": "severe"} | given
    return actions.arrive(transfer.public_id, **terms, **clinic.as_doctor(clinic.other_doctor))


def test_a_patient_is_here_until_they_arrived_there(clinic):
    stay = clinic.admit(ward=clinic.ward, level="moderate", conditions=["lung"])
    transfer = clinic.propose(stay)
    with pytest.raises(actions.CareRefused, match="chờ trả lời"):
        arrived(clinic, transfer)
    actions.accept_transfer(transfer.public_id, **clinic.as_doctor(clinic.other_doctor))
    assert Stay.objects.get().site == clinic.hospital
    new = arrived(clinic, transfer)
    stay.refresh_from_db()
    assert (stay.state, stay.ended_at) == (StayState.TRANSFERRED, new.began_at)
    assert (new.site, new.ward, new.severity, new.conditions, new.case) == (
        clinic.other, clinic.other_ward, "severe", ["lung"], stay.case,
    )  # fmt: skip
    assert in_reach(clinic.viewer(clinic.other_doctor), new.person, Permission.PERSON_VIEW)
    assert Transfer.objects.get().led_to == new
    with pytest.raises(actions.CareRefused, match="người ở đây ghi"):
        actions.take_end_back(stay.public_id, "nhầm", **clinic.as_doctor())


def test_only_the_facility_that_is_asked_answers(clinic):
    transfer = clinic.propose(clinic.admit())
    for user in (clinic.doctor, clinic.manager):
        with pytest.raises(Transfer.DoesNotExist):
            actions.accept_transfer(transfer.public_id, **clinic.as_doctor(user))
    with pytest.raises(Transfer.DoesNotExist):
        actions.withdraw_transfer(transfer.public_id, **clinic.as_doctor(clinic.other_doctor))


def test_a_refusal_says_why_and_another_facility_can_be_asked(clinic):
    stay = clinic.admit()
    transfer = clinic.propose(stay)
    with pytest.raises(actions.CareRefused):
        clinic.propose(stay)
    with pytest.raises(actions.CareRefused):
        actions.refuse_transfer(transfer.public_id, " ", **clinic.as_doctor(clinic.other_doctor))
    actions.refuse_transfer(transfer.public_id, "Hết máy thở", **clinic.as_doctor(clinic.other_doctor))
    with pytest.raises(actions.CareRefused, match="bị từ chối"):
        actions.accept_transfer(transfer.public_id, **clinic.as_doctor(clinic.other_doctor))
    assert clinic.propose(stay, to=clinic.quarantine).state == TransferState.PROPOSED


def test_what_was_withdrawn_is_answered_no_more(clinic):
    transfer = clinic.propose(clinic.admit())
    actions.withdraw_transfer(transfer.public_id, **clinic.as_doctor())
    with pytest.raises(actions.CareRefused, match="đã rút lại"):
        actions.accept_transfer(transfer.public_id, **clinic.as_doctor(clinic.other_doctor))


def test_who_is_discharged_is_transferred_no_more(clinic):
    stay = clinic.admit()
    transfer = clinic.propose(stay)
    actions.end_stay(stay.public_id, "died", clinic.now, **clinic.as_doctor())
    transfer.refresh_from_db()
    assert (transfer.state, Stay.objects.get().case.outcome) == (TransferState.WITHDRAWN, "died")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (lambda c: {"level": ""}, "level"),
        (lambda c: {"ward": c.ward}, "ward"),
        (lambda c: {"arrived_at": c.ago(hours=3)}, "arrived_at"),
    ],
)
def test_an_arrival_that_cannot_be_leaves_the_patient_where_they_were(clinic, given, field):
    stay = clinic.admit()
    transfer = clinic.propose(stay)
    actions.accept_transfer(transfer.public_id, **clinic.as_doctor(clinic.other_doctor))
    with pytest.raises(actions.CareRefused) as refused:
        arrived(clinic, transfer, **given(clinic))
    assert field in refused.value.fields
    assert Stay.objects.get().state == StayState.PRESENT


@pytest.mark.parametrize("to", ["hospital", "ward"])
def test_a_patient_goes_to_another_facility(clinic, to):
    with pytest.raises(actions.CareRefused) as refused:
        clinic.propose(clinic.admit(), to=getattr(clinic, to))
    assert "to" in refused.value.fields
