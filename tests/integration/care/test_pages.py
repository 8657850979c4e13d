"""The pages of care: who is listed, two taps, admitting by a number, what the other side of a transfer is told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import CaseFactory, PersonFactory, SiteFactory
from tuyendau.access import Permission
from tuyendau.core.audit.models import Event
from tuyendau.core.audit.queries import events_of
from tuyendau.core.places.models import SiteKind
from tuyendau.insight.home.queries import due
from tuyendau.lib import clock
from tuyendau.records.cases.models import Sample, TestResult
from tuyendau.records.contacts.models import Contact, Evidence, Exposure
from tuyendau.records.people.models import Identifier
from tuyendau.response.care import actions
from tuyendau.response.care.models import Assessment, Stay, StayState, Transfer
from tuyendau.response.care.queries import patients
from tuyendau.response.care.queries.patients import PatientFilter

pytestmark = pytest.mark.django_db
MOST_QUERIES = 48


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def examined(clinic, stay, hours: float, result: str, ct: float | None = None) -> None:
    taken = clinic.ago(hours=hours)
    sample = Sample.objects.create(
        person=stay.person, case=stay.case, disease="covid19", number=f"M{hours}-{stay.pk}", specimen="nasopharyngeal",
        taken_at=taken, recorded_at=taken, resulted_at=taken,
    )  # fmt: skip
    TestResult.objects.create(
        sample=sample, test="rt_pcr", result=result, ct=ct, resulted_at=taken, recorded_at=taken
    )


def test_a_facility_lists_its_own_the_worst_first(clinic):
    for level in ("mild", "critical", ""):
        clinic.admit(level=level, beyond=True)
    actions.end_stay(clinic.admit(beyond=True).public_id, "home", clinic.now, **clinic.as_doctor())
    viewer = clinic.viewer(clinic.doctor)
    found = patients.patients(viewer, PatientFilter())
    assert [stay.severity for stay in found] == ["critical", "mild", ""]
    assert patients.patients(viewer, PatientFilter(show="all")).count() == 4
    assert patients.patients(viewer, PatientFilter(severity=("critical", "none"))).count() == 2
    assert not patients.patients(clinic.viewer(clinic.other_doctor), PatientFilter(show="all")).exists()
    shown = text(signed_in(clinic.doctor).get(reverse("care:list")))
    assert shown.count("data-key=") == 3


def test_a_list_takes_as_few_queries_for_many_as_for_one(clinic):
    client = signed_in(clinic.doctor)

    def listed(many: int) -> int:
        for _each in range(many):
            examined(clinic, clinic.admit(level="mild", beyond=True), 5, "positive", 21.5)
        # What is looked at within minutes is put on record once.
        client.get(reverse("care:list"))
        with CaptureQueriesContext(connection) as queries:
            shown = text(client.get(reverse("care:list")))
        assert "21,5" in shown
        return len(queries)

    few = listed(1)
    assert listed(11) == few
    assert few <= MOST_QUERIES


def test_where_a_patient_was_infected_is_told_to_who_treats_them(clinic):
    source = CaseFactory(person=PersonFactory(unit=clinic.far_commune), status="confirmed")
    stay = clinic.admit()
    contact = Contact.objects.create(
        case=source, person=stay.person, grade=0, rank=1, probability=0.3, seconds=3600
    )
    line = SiteFactory(name="Chuyền 7", kind=SiteKind.LINE, unit=clinic.far_commune)
    Exposure.objects.create(contact=contact, site=line, evidence=Evidence.VISITS, seconds=3600)
    client = signed_in(clinic.doctor)
    assert "Chuyền 7" in text(client.get(reverse("care:list")))
    history = text(client.get(reverse("care:history", args=[stay.public_id])))
    assert "Chuyền 7" in history
    assert source.person.full_name not in history
    assert "một ca bệnh" in history
    assert stay.person.full_name in history
    assert Event.objects.filter(subject=stay.public_id, kind="stay.history_read").count() == 1


def test_contacts_out_of_reach_are_counted_and_not_named(clinic):
    stay = clinic.admit()
    near, room_mate = PersonFactory(unit=clinic.far_commune), PersonFactory(unit=clinic.far_commune)
    for person in (near, room_mate):
        Contact.objects.create(case=stay.case, person=person, grade=0, rank=1, probability=0.2, seconds=60)
    actions.admit(
        room_mate,
        actions.Admission(clinic.hospital, clinic.ago(hours=2), beyond=True),
        known=True,
        **clinic.as_doctor(),
    )
    history = text(signed_in(clinic.doctor).get(reverse("care:history", args=[stay.public_id])))
    assert room_mate.full_name in history
    assert near.full_name not in history
    assert "Gần: <strong>2</strong>" in history


def test_severity_is_two_taps(clinic):
    stay = clinic.admit(level="mild")
    client = signed_in(clinic.doctor)
    where = reverse("care:assess", args=[stay.public_id, "severe"])
    assert where in text(client.get(reverse("care:list")))
    answer = client.post(where, {"back": "severity=mild"})
    assert answer.headers["Location"] == "/care/?severity=mild"
    assert Assessment.objects.latest("pk").level == "severe"
    assert client.post(reverse("care:assess", args=[stay.public_id, "worst"])).status_code == 404


def test_a_doctor_finds_who_stands_before_them_by_a_number_and_the_year(clinic):
    person = clinic.patient(unit=clinic.far_commune, birth_year=1988)
    Identifier.objects.create(person=person, kind="cccd", value="024088000123")
    client = signed_in(clinic.doctor)
    page = reverse("care:find")
    assert "Không có ai" in text(client.post(page, {"number": "024088000123", "birth_year": 1987}))
    assert "Không có ai" in text(client.post(page, {"number": "0240", "birth_year": 1988}))
    admit = reverse("care:admit", args=[person.public_id])
    assert client.get(admit).status_code == 404, "out of reach without the number"
    answer = client.post(page, {"number": "024088000123", "birth_year": 1988})
    assert answer.headers["Location"].startswith(admit)
    assert events_of(person.public_id).filter(kind="person.looked_up").count() == 1
    assert events_of("people").filter(kind="person.looked_up").count() == 2
    form = {
        "began_at": f"{clock.now().astimezone(clock.ZONE):%H:%M %d/%m/%Y}", "ward": clinic.ward.public_id, "bed": "4",
        "level": "moderate", "conditions": ["lung"],
    }  # fmt: skip
    other = signed_in(clinic.other_doctor)
    assert other.get(answer.headers["Location"]).status_code == 404, "the proof is of who asked"
    assert client.post(answer.headers["Location"], form).status_code == 302
    stay = Stay.objects.get(person=person)
    assert (stay.site, stay.ward, stay.severity, stay.conditions) == (
        clinic.hospital, clinic.ward, "moderate", ["lung"],
    )  # fmt: skip


def test_a_refused_admission_comes_back_filled(clinic):
    person = clinic.patient()
    page = reverse("care:admit", args=[person.public_id]) + f"?site={clinic.hospital.public_id}"
    client = signed_in(clinic.chief)
    shown = text(client.post(page, {"began_at": "08:00 01/01/2020", "bed": "B-12", "level": "mild"}))
    assert "120 ngày" in shown
    assert "B-12" in shown
    assert not Stay.objects.exists()
    assert client.get(reverse("care:admit", args=[person.public_id]) + "?site=nowhere").status_code == 404


def test_whoever_is_asked_is_told_no_name_before_they_accept(clinic):
    stay = clinic.admit(level="severe", conditions=["heart"])
    transfer = clinic.propose(stay)
    name, page = stay.person.full_name, reverse("care:transfer", args=[transfer.public_id])
    there = signed_in(clinic.other_doctor)
    shown = text(there.get(page))
    assert name not in shown
    assert stay.public_id not in shown
    assert "nặng" in shown
    assert "bệnh tim mạch" in shown
    assert name not in text(there.get(reverse("care:transfers")))
    assert there.get(reverse("care:detail", args=[stay.public_id])).status_code == 404
    assert name in text(signed_in(clinic.doctor).get(page))
    assert there.post(reverse("care:accept", args=[transfer.public_id])).status_code == 302
    assert name in text(there.get(page))
    form = {
        "arrived_at": f"{clock.now().astimezone(clock.ZONE):%H:%M %d/%m/%Y}",
        "level": "critical",
        "bed": "1",
    }
    assert there.post(reverse("care:arrive", args=[transfer.public_id]), form).status_code == 302
    assert Stay.objects.get(state=StayState.PRESENT).site == clinic.other
    assert there.post(reverse("care:arrive", args=[transfer.public_id]), form).status_code == 200
    assert Stay.objects.count() == 2


def test_who_answers_for_neither_side_sees_no_transfer(clinic):
    transfer = clinic.propose(clinic.admit())
    assert (
        signed_in(clinic.manager).get(reverse("care:transfer", args=[transfer.public_id])).status_code == 404
    )
    assert Transfer.objects.count() == 1


def test_a_discharge_that_is_not_by_the_criteria_says_why(clinic):
    stay = clinic.admit(level="mild")
    page = reverse("care:end", args=[stay.public_id])
    client = signed_in(clinic.doctor)
    form = {
        "state": "discharged",
        "ended_at": f"{clock.now().astimezone(clock.ZONE):%H:%M %d/%m/%Y}",
        "ground": "",
    }
    assert "Chưa đủ tiêu chuẩn" in text(client.post(page, form))
    assert Stay.objects.get().state == StayState.PRESENT
    assert client.post(page, form | {"ground": "Xin chuyển về tuyến trước"}).status_code == 302
    assert Stay.objects.get().state == StayState.DISCHARGED


def test_who_meets_the_criteria_is_found(clinic):
    ready, other = (
        clinic.admit(began_at=clinic.ago(days=20), level="mild", beyond=True) for _each in range(2)
    )
    for stay in (ready, other):
        actions.assess(stay.public_id, "asymptomatic", moment=clinic.ago(days=5), **clinic.as_doctor())
        examined(clinic, stay, 300, "positive", 18)
        examined(clinic, stay, 40, "negative" if stay is ready else "positive")
        examined(clinic, stay, 4, "negative")
    found = patients.patients(clinic.viewer(clinic.doctor), PatientFilter(wants="ready"))
    assert list(found) == [ready]


def test_what_is_due_is_of_ones_own_facility(clinic):
    stay = clinic.admit(level="critical")
    clinic.propose(stay, to=clinic.other, at=clinic.ago(hours=2))
    keys = {each.key: each.count for each in due(clinic.viewer(clinic.doctor), at=clinic.now)}
    assert keys.get("assess") == 1, "the assessment of a day ago"
    there = {each.key: each for each in due(clinic.viewer(clinic.other_doctor), at=clinic.now)}
    assert there["transfers"].count == 1
    assert there["transfers"].oldest == clinic.ago(hours=2)
    assert not {"assess", "transfers"} & {
        each.key for each in due(clinic.viewer(clinic.chief), at=clinic.now)
    }


def test_the_list_is_taken_away_with_a_record(clinic):
    clinic.admit(level="mild")
    answer = signed_in(clinic.chief).get(reverse("care:export"), {"format": "csv"})
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert Stay.objects.get().person.full_name in body
    assert events_of("stays").filter(kind="stays.exported").count() == 1
    assert not clinic.viewer(clinic.doctor).may(Permission.EXPORT)
