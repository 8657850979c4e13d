"""Stays: one place at a time, what an admission does to the case, how a stay ends, and that being taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import CaseFactory, PersonFactory
from tuyendau.access import Denied, Permission
from tuyendau.core.audit import actions as audit
from tuyendau.records.people.actions import MergeRefused, merge, unmerge
from tuyendau.records.people.models import Assignment
from tuyendau.records.people.queries import in_reach
from tuyendau.response.care import actions
from tuyendau.response.care.actions.keeping import remove_stays
from tuyendau.response.care.models import Assessment, Stay, StayState, StayVersion


def test_an_admission_isolates_the_case_and_puts_the_patient_in_reach(clinic):
    person = clinic.patient()
    assert not in_reach(clinic.viewer(clinic.doctor), person, Permission.CASE_VIEW)
    stay = clinic.admit(person, ward=clinic.ward, bed=" 12 ", level="mild", conditions=["diabetes"])
    case = person.cases.get()
    assert (stay.case, case.isolated_at, stay.bed, stay.severity) == (case, stay.began_at, "12", "mild")
    assert in_reach(clinic.viewer(clinic.doctor), person, Permission.CASE_VIEW)
    assert not in_reach(clinic.viewer(clinic.other_doctor), person, Permission.CASE_VIEW)


def test_a_case_that_was_isolated_earlier_stays_so(clinic):
    person = clinic.patient()
    earlier = clinic.ago(days=3)
    person.cases.update(isolated_at=earlier)
    clinic.admit(person)
    assert person.cases.get().isolated_at == earlier


def test_nobody_is_in_two_facilities(clinic):
    person = clinic.patient()
    clinic.admit(person)
    with pytest.raises(actions.CareRefused, match="Cơ sở BV-A"):
        clinic.admit(person, site=clinic.quarantine)
    with pytest.raises(IntegrityError, match="stay_one_place_at_a_time"), transaction.atomic():
        Stay.objects.create(person=person, site=clinic.other, began_at=clinic.now, recorded_at=clinic.now)


def test_a_stay_begins_when_the_one_before_ended(clinic):
    person = clinic.patient()
    stay = clinic.admit(person)
    ended = clinic.ago(hours=1)
    actions.end_stay(stay.public_id, "home", ended, **clinic.as_doctor())
    with pytest.raises(actions.CareRefused) as refused:
        clinic.admit(person, began_at=ended - timedelta(minutes=1))
    assert "began_at" in refused.value.fields
    assert clinic.admit(person, began_at=ended).state == StayState.PRESENT


def test_whoever_may_not_admit_is_refused(clinic):
    with pytest.raises(actions.CareRefused, match="phạm vi"):
        clinic.admit(user=clinic.doctor)
    with pytest.raises(actions.CareRefused, match="cho cơ sở này"):
        clinic.admit(site=clinic.other)
    with pytest.raises(Denied):
        clinic.admit(user=clinic.leader)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (lambda c: {"began_at": c.now + timedelta(hours=1)}, "began_at"),
        (lambda c: {"began_at": c.ago(days=200)}, "began_at"),
        (lambda c: {"ward": c.other_ward}, "ward"),
        (lambda c: {"level": "worst"}, "level"),
        (lambda c: {"conditions": ["sad"]}, "conditions"),
    ],
)
def test_what_cannot_be_true_is_refused_and_nothing_is_written(clinic, given, field):
    with pytest.raises(actions.CareRefused) as refused:
        clinic.admit(**given(clinic))
    assert field in refused.value.fields
    assert not Stay.objects.exists()
    assert not Assignment.objects.exists()


def test_a_full_ward_takes_nobody_unless_somebody_says_so(clinic):
    clinic.admit(ward=clinic.ward)
    clinic.admit(ward=clinic.ward)
    with pytest.raises(actions.CareRefused, match="2/2"):
        clinic.admit(ward=clinic.ward)
    clinic.admit(ward=clinic.ward, beyond=True)
    assert Stay.objects.filter(ward=clinic.ward).count() == 3


def test_a_discharge_gives_the_case_its_outcome_and_taking_it_back_takes_that_back(clinic):
    stay = clinic.admit()
    actions.end_stay(stay.public_id, "discharged", clinic.now, ground="2 lần âm tính", **clinic.as_doctor())
    stay.refresh_from_db()
    assert (stay.state, stay.case.outcome) == (StayState.DISCHARGED, "recovered")
    assert not Assignment.objects.filter(person=stay.person, valid_to=None).exists()
    with pytest.raises(actions.CareRefused, match="đã kết thúc"):
        actions.end_stay(stay.public_id, "died", clinic.now, **clinic.as_doctor())
    with pytest.raises(actions.CareRefused):
        actions.take_end_back(stay.public_id, " ", **clinic.as_doctor())
    actions.take_end_back(stay.public_id, "nhầm người", **clinic.as_doctor())
    stay = Stay.objects.get(pk=stay.pk)
    assert (stay.state, stay.ended_at, stay.case.outcome) == (StayState.PRESENT, None, "")


@pytest.mark.parametrize(("state", "of_case"), [("released", True), ("discharged", False), ("gone", True)])
def test_an_end_that_is_of_others_is_refused(clinic, state, of_case):
    person = clinic.patient() if of_case else PersonFactory(unit=clinic.commune)
    stay = clinic.admit(person)
    with pytest.raises(actions.CareRefused):
        actions.end_stay(stay.public_id, state, clinic.now, **clinic.as_doctor())
    with pytest.raises(actions.CareRefused):
        actions.end_stay(stay.public_id, "home", clinic.ago(days=2), **clinic.as_doctor())
    assert Stay.objects.get().state == StayState.PRESENT


def test_a_mistaken_stay_is_taken_back_and_leaves_room(clinic):
    person = clinic.patient()
    stay = clinic.admit(person)
    actions.cancel_stay(stay.public_id, "nhầm người", **clinic.as_doctor())
    assert clinic.admit(person, site=clinic.quarantine).pk != stay.pk
    with pytest.raises(Stay.DoesNotExist):
        actions.take_end_back(stay.public_id, "x", **clinic.as_doctor())


def test_a_stay_is_out_of_reach_of_another_facility(clinic):
    stay = clinic.admit()
    for user in (clinic.other_doctor, clinic.far_chief):
        with pytest.raises(Stay.DoesNotExist):
            actions.assess(stay.public_id, "mild", **clinic.as_doctor(user))


def test_assessments_are_only_added_to(clinic):
    stay = clinic.admit(level="mild")
    actions.assess(stay.public_id, "severe", **clinic.as_doctor())
    stay.refresh_from_db()
    assert stay.severity == "severe"
    wrong = Assessment.objects.get(level="severe")
    with pytest.raises(actions.CareRefused):
        actions.correct_assessment(wrong.public_id, "moderate", "", **clinic.as_doctor())
    made = actions.correct_assessment(wrong.public_id, "moderate", "bấm nhầm", **clinic.as_doctor())
    stay.refresh_from_db()
    assert (stay.severity, made.at, Assessment.objects.count()) == ("moderate", wrong.at, 3)
    with pytest.raises(Assessment.DoesNotExist):
        actions.correct_assessment(wrong.public_id, "mild", "lại", **clinic.as_doctor())
    with pytest.raises(IntegrityError, match="is not changed"), transaction.atomic():
        Assessment.objects.filter(pk=made.pk).update(level="mild")


def test_an_assessment_of_an_earlier_time_does_not_stand_before_a_later_one(clinic):
    stay = clinic.admit(level="mild")
    actions.assess(stay.public_id, "critical", moment=clinic.ago(hours=1), **clinic.as_doctor())
    actions.assess(stay.public_id, "moderate", moment=clinic.ago(hours=5), **clinic.as_doctor())
    stay.refresh_from_db()
    assert (stay.severity, stay.assessed_at) == ("critical", clinic.ago(hours=1))
    with pytest.raises(actions.CareRefused):
        actions.assess(stay.public_id, "mild", moment=clinic.ago(days=2), **clinic.as_doctor())


def test_a_contact_in_quarantine_who_becomes_a_case_is_one_in_their_stay(clinic):
    person = PersonFactory(unit=clinic.commune)
    stay = clinic.admit(person, site=clinic.quarantine)
    assert stay.case is None
    case = CaseFactory(person=person, status="confirmed")
    audit.record("case.confirmed", by=clinic.chief, at=clinic.now, subject=case.public_id)
    stay.refresh_from_db()
    case.refresh_from_db()
    assert (stay.case, case.isolated_at) == (case, None), "room mates were met until then"


def test_a_patient_moves_to_another_ward(clinic):
    stay = clinic.admit()
    actions.change_stay(
        stay.public_id, ward=clinic.ward, bed="3", conditions=["heart"], note="", **clinic.as_doctor()
    )
    stay.refresh_from_db()
    assert (stay.ward, stay.bed, stay.conditions) == (clinic.ward, "3", ["heart"])
    assert Assignment.objects.get(person=stay.person, valid_to=None).site == clinic.ward
    with pytest.raises(actions.CareRefused):
        actions.change_stay(
            stay.public_id, ward=clinic.other_ward, bed="", conditions=[], note="", **clinic.as_doctor()
        )


def test_stays_go_with_their_person_and_come_back(clinic):
    province = {"viewer": clinic.viewer(clinic.chief), "by": clinic.chief, "at": clinic.now}
    one, two = clinic.patient(), PersonFactory(unit=clinic.commune)
    stay = clinic.admit(two, site=clinic.quarantine, began_at=clinic.ago(days=9))
    actions.end_stay(stay.public_id, "released", clinic.ago(days=2), **clinic.as_doctor(clinic.manager))
    done = merge(one.public_id, two.public_id, **province)
    assert Stay.objects.get().person == one
    unmerge(done.public_id, **province)
    assert Stay.objects.get().person == two


def test_two_who_were_in_facilities_at_once_are_not_one(clinic):
    one, two = clinic.patient(), PersonFactory(unit=clinic.commune)
    clinic.admit(one)
    clinic.admit(two, site=clinic.quarantine)
    with pytest.raises(MergeRefused):
        merge(
            one.public_id, two.public_id, viewer=clinic.viewer(clinic.chief), by=clinic.chief, at=clinic.now
        )


def test_old_stays_go_with_all_that_was_known_of_them(clinic):
    stay = clinic.admit(level="mild")
    wrong = Assessment.objects.get()
    actions.correct_assessment(wrong.public_id, "severe", "nhầm", **clinic.as_doctor())
    present = clinic.admit()
    actions.end_stay(stay.public_id, "home", clinic.now, **clinic.as_doctor())
    found = remove_stays(clinic.now.date() + timedelta(days=2), frozenset())
    assert found.rows == {"care_stay": 1, "care_assessment": 2}
    assert list(Stay.objects.all()) == [present]
    assert set(StayVersion.objects.values_list("row", flat=True)) == {present.pk}


def test_the_database_keeps_versions(clinic):
    stay = clinic.admit()
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, until IS NULL FROM care_stayversion WHERE row = %s", [stay.pk])
        assert cursor.fetchall() == [("present", True)]
