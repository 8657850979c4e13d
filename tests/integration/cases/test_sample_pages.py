"""Pages of samples: taking one, the quick list of a laboratory, corrections, the list and its print."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, Sample, TestResult

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]


class Province:
    """A commune with a person, and a laboratory elsewhere to which samples are sent."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.commune = UnitFactory(parent=self.province)
        self.laboratory = SiteFactory(
            kind=SiteKind.LABORATORY, unit=UnitFactory(parent=self.province), name="CDC tỉnh"
        )
        self.person = PersonFactory(unit=self.commune, full_name="Đỗ Thị Hà")
        self.nurse = self.client("y_te_xa", "commune_officer", unit=self.commune)
        self.officer = self.client("dich_te", "epidemiologist", unit=self.province)
        self.technician = self.client("xet_nghiem", "laboratory", site=self.laboratory)

    def client(self, name: str, role: str, **place: object) -> Client:
        client = Client()
        client.force_login(make_user(name, role, language="en", **place))
        return client

    def sample(self, number: str, **fields: object) -> Sample:
        taken = clock.now() - timedelta(hours=5)
        values = {
            "person": self.person, "disease": "covid19", "specimen": "throat", "taken_at": taken, "recorded_at": taken,
            "laboratory": self.laboratory,
        }  # fmt: skip
        return Sample.objects.create(number=number, **(values | fields))


@pytest.fixture
def province() -> Province:
    return Province()


def text(answer) -> str:
    return answer.content.decode()


def test_a_sample_is_taken_of_a_person_and_shown_there(province):
    address = reverse("samples:new", args=[province.person.public_id])
    taken = clock.local_day(clock.now()) - timedelta(days=1)
    given = {
        "disease": "measles", "specimen": "serum", "taken_at": f"{taken:%d/%m/%Y} 08:30", "number": "XN-7",
        "laboratory": province.laboratory.public_id,
    }  # fmt: skip
    chosen = province.nurse.post(address, given | {"choose": "disease"})
    assert chosen.status_code == 200
    assert Sample.objects.count() == 0
    answer = province.nurse.post(address, given, follow=True)
    sample = Sample.objects.get()
    assert (sample.number, sample.disease, sample.laboratory) == ("XN-7", "measles", province.laboratory)
    assert "Sample XN-7" in text(answer)
    again = province.nurse.post(address, given)
    assert "stands on another sample" in text(again)
    assert 'value="XN-7"' in text(again), "the form comes back filled"
    part = province.nurse.get(reverse("samples:of_person", args=[province.person.public_id]))
    assert "XN-7" in text(part)


def test_a_laboratory_scans_chooses_and_goes_on(province):
    sample = province.sample("A1")
    address = reverse("samples:quick")
    assert "No sample" in text(province.technician.post(address, {"number": "A9"}))
    scanned = text(province.technician.post(address, {"number": "A1"}))
    assert "Đỗ Thị Hà" in scanned
    assert TestResult.objects.count() == 0
    step = {"number": "A1", "sample": sample.public_id, "test": "rt_pcr", "ct": "", "resulted_at": ""}
    assert "Choose what the laboratory found" in text(province.technician.post(address, step))
    wrong = text(province.technician.post(address, step | {"result": "positive", "ct": "99"}))
    assert "between 5 and 45" in wrong
    done = text(province.technician.post(address, step | {"result": "positive", "ct": "21.5"}))
    assert "confirmed the case" in done
    assert Case.objects.get().status == "confirmed"
    assert "autofocus" in done


def test_a_comma_is_a_decimal_point(province):
    sample = province.sample("A1")
    step = {"number": "A1", "sample": sample.public_id, "test": "rt_pcr", "result": "positive", "ct": "21,5"}
    province.technician.post(reverse("samples:quick"), step)
    assert float(TestResult.objects.get().ct) == 21.5


def test_a_laboratory_sees_the_slip_and_not_the_person(province):
    sample = province.sample("A1")
    page = text(province.technician.get(reverse("samples:detail", args=[sample.public_id])))
    assert "Đỗ Thị Hà" in page
    person = reverse("people:detail", args=[province.person.public_id])
    assert person not in page
    assert province.technician.get(person).status_code == 404


def test_a_wrong_result_is_corrected_on_its_page(province):
    sample = province.sample("A1")
    address = reverse("samples:result", args=[sample.public_id])
    province.technician.post(address, {"test": "rt_pcr", "result": "negative"})
    wrong = TestResult.objects.get()
    correct = reverse("samples:correct", args=[sample.public_id, wrong.public_id])
    prefix = wrong.public_id
    answer = province.technician.post(correct, {f"{prefix}-result": "positive", f"{prefix}-reason": ""})
    assert answer.status_code == 200
    assert TestResult.objects.count() == 1
    province.technician.post(correct, {f"{prefix}-result": "positive", f"{prefix}-reason": "đọc nhầm"})
    page = text(province.officer.get(reverse("samples:detail", args=[sample.public_id])))
    assert "đọc nhầm" in page
    assert "<s " in page
    assert Case.objects.get().status == "confirmed"


def test_a_positive_after_a_discard_is_decided_on_the_page(province):
    case = CaseFactory(person=province.person, status="discarded", reported_on=clock.local_day(clock.now()))
    sample = province.sample("A1", case=case)
    province.technician.post(
        reverse("samples:result", args=[sample.public_id]), {"test": "rt_pcr", "result": "positive"}
    )
    waiting = text(province.officer.get(reverse("samples:list"), {"show": "waits"}))
    assert "A1" in waiting
    result = TestResult.objects.get()
    decide = reverse("samples:decide", args=[sample.public_id, result.public_id])
    assert "What now?" in text(province.officer.get(reverse("samples:detail", args=[sample.public_id])))
    province.officer.post(decide, {"act": "reopen", "ground": "PCR dương"})
    case.refresh_from_db()
    assert case.status == "confirmed"


def test_the_list_shows_what_is_awaited_oldest_first_and_its_print(province):
    late = province.sample("A2", taken_at=clock.now() - timedelta(hours=30))
    province.sample("A1")
    page = province.nurse.get(reverse("samples:list"))
    assert [row["sample"].number for row in page.context["rows"]] == ["A2", "A1"]
    page = province.nurse.get(reverse("samples:list"), {"show": "late"})
    assert [row["sample"] for row in page.context["rows"]] == [late]
    printed = text(
        province.nurse.get(reverse("samples:print"), {"laboratory": province.laboratory.public_id})
    )
    assert "CDC tỉnh" in printed
    assert Event.objects.filter(kind="samples.printed").exists()


def test_a_page_of_samples_takes_a_constant_number_of_queries(province, django_assert_max_num_queries):
    for number in range(60):
        province.sample(f"B{number}", person=PersonFactory(unit=province.commune))
    province.nurse.get(reverse("samples:list"))
    with django_assert_max_num_queries(34):
        page = province.nurse.get(reverse("samples:list"))
    assert len(page.context["rows"]) == 50
    with django_assert_max_num_queries(34):
        province.nurse.get(reverse("samples:list"), {"page": 2})
