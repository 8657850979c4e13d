"""Editing a case on one page: refusals by field, the disease's form, and two officers at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tests.integration.cases.forms import filled
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Trace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]


class Office:
    """Two officers of a province, a nurse of a commune, and a case there."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.commune, self.next_commune = UnitFactory(parent=self.province), UnitFactory(parent=self.province)
        self.case = CaseFactory(
            person=PersonFactory(unit=self.commune), code="BG1", onset_on=date(2021, 5, 14), note="sốt",
            disease="measles",
            details={"symptoms": {"fever": "2021-05-14", "rash": None}, "vaccinated": "no"},
        )  # fmt: skip
        self.first = self.client("mot", "epidemiologist", self.province, "Nguyễn Một")
        self.second = self.client("hai", "epidemiologist", self.province, "Trần Hai")
        self.nurse = self.client("y_te", "commune_officer", self.commune, "Lê Ba")
        self.address = reverse("cases:edit", args=[self.case.public_id])

    def client(self, name: str, role: str, unit, full_name: str) -> Client:
        client = Client()
        client.force_login(make_user(name, role, unit=unit, language="en", full_name=full_name))
        return client

    def opened(self, client: Client) -> dict[str, list[str]]:
        return filled(client.get(self.address).content.decode())

    def now(self) -> Case:
        self.case.refresh_from_db()
        return self.case


@pytest.fixture
def office() -> Office:
    return Office()


def test_everything_is_edited_on_one_page(office):
    form = office.opened(office.first)
    assert form["onset_on"] == ["14/05/2021"]
    assert form["symptom_rash"] == ["on"]
    assert form["day_fever"] == ["14/05/2021"]
    form |= {
        "day_rash": "16/05/2021", "symptom_cough": "on", "outcome": "recovered", "outcome_on": "25/05/2021",
        "unit": office.next_commune.code, "code": "BG7", "place_infected": "trường học", "doses": "1",
        "where_now": "hospital", "hospital": "BV Nhi", "complications": ["pneumonia", "otitis"],
    }  # fmt: skip
    answer = office.first.post(office.address, form)
    case = office.now()
    assert answer.headers["Location"] == reverse("cases:detail", args=[case.public_id])
    assert (case.unit, case.code, case.outcome, case.outcome_on) == (
        office.next_commune, "BG7", "recovered", date(2021, 5, 25),
    )  # fmt: skip
    assert case.details == {
        "symptoms": {"fever": "2021-05-14", "rash": "2021-05-16", "cough": None}, "vaccinated": "no", "doses": 1,
        "where_now": "hospital", "hospital": "BV Nhi", "complications": ["pneumonia", "otitis"],
    }  # fmt: skip
    assert case.version == 2
    event = Event.objects.get(kind="case.dates_corrected")
    assert "BV Nhi" not in str(event.data)
    assert "symptom_rash" in event.data["fields"]


def test_saving_what_did_not_change_writes_nothing(office):
    isolated = clock.midnight(date(2021, 5, 15)) + timedelta(hours=9, seconds=31)
    Case.objects.update(isolated_at=isolated, note="một\nhai")
    office.first.post(office.address, office.opened(office.first))
    case = office.now()
    assert (case.version, case.isolated_at, case.note) == (1, isolated, "một\nhai")
    assert not Event.objects.filter(kind__in=["case.edited", "case.dates_corrected"]).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"onset_on": "14/05/1999"}, "Onset: the year is not possible"),
        ({"onset_on": "14/05/2099"}, "Onset lies after today"),
        ({"outcome": "died", "outcome_on": "13/05/2021"}, "The outcome is earlier than the onset"),
        ({"outcome_on": "20/05/2021"}, "Say which outcome"),
        ({"sampled_on": "16/05/2021", "result_on": "15/05/2021"}, "The result is earlier than its sample"),
        ({"isolated_at": "01/01/2099 08:00"}, "Isolated: the time lies in the future"),
        ({"day_rash": "14/05/2099"}, "This day lies in the future"),
        ({"code": "BG2"}, "Another case has the number BG2"),
        ({"onset_on": "32/05/2021"}, "Enter a valid date"),
        ({"reported_on": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_the_form_comes_back_filled(office, change, said):
    CaseFactory(code="BG2")
    form = office.opened(office.first) | {"note": "sốt cao"} | change
    page = office.first.post(office.address, form).content.decode()
    assert said in page
    again = filled(page)
    for name, value in (change | {"note": "sốt cao"}).items():
        assert again[name] == [value], name
    assert office.now().version == 1


def test_the_second_of_two_editors_is_shown_what_the_first_changed_and_decides(office):
    first, second = office.opened(office.first), office.opened(office.second)
    office.first.post(
        office.address, first | {"onset_on": "12/05/2021", "note": "sốt, ho", "symptom_cough": "on"}
    )
    mine = second | {"onset_on": "13/05/2021", "place_infected": "chợ"}
    page = office.second.post(office.address, mine).content.decode()
    assert "Somebody else changed this case" in page
    assert "Nguyễn Một" in page
    for shown in ("14/05/2021", "12/05/2021", "13/05/2021", "sốt, ho", "Cough"):
        assert shown in page
    assert office.now().place_infected == "", "nothing is saved yet"
    again = filled(page)
    assert again["onset_on"] == ["13/05/2021"]
    assert again["place_infected"] == ["chợ"]
    assert again["note"] == ["sốt, ho"]
    assert again["symptom_cough"] == ["on"]
    undecided = office.second.post(office.address, again).content.decode()
    assert "Choose which version stands: Onset" in undecided
    office.second.post(office.address, again | {"pick_onset_on": "theirs"})
    case = office.now()
    assert (case.onset_on, case.place_infected, case.note) == (date(2021, 5, 12), "chợ", "sốt, ho")
    assert "cough" in case.details["symptoms"]
    assert case.version == 3


def test_the_second_may_keep_their_own(office):
    first, second = office.opened(office.first), office.opened(office.second)
    office.first.post(office.address, first | {"onset_on": "12/05/2021"})
    again = filled(office.second.post(office.address, second | {"onset_on": "13/05/2021"}).content.decode())
    office.second.post(office.address, again | {"pick_onset_on": "mine"})
    assert office.now().onset_on == date(2021, 5, 13)


def test_a_third_change_meanwhile_is_shown_too(office):
    first, second = office.opened(office.first), office.opened(office.second)
    office.first.post(office.address, first | {"note": "một"})
    again = filled(office.second.post(office.address, second | {"note": "hai"}).content.decode())
    office.first.post(office.address, office.opened(office.first) | {"code": "BG9"})
    page = office.second.post(office.address, again | {"pick_note": "mine"}).content.decode()
    assert "BG9" in page
    office.second.post(office.address, filled(page))
    case = office.now()
    assert (case.note, case.code) == ("hai", "BG9")


def test_a_forged_or_lost_version_saves_nothing(office):
    form = office.opened(office.first) | {"opened": "x", "note": "mới"}
    office.first.post(office.address, form)
    assert office.now().note == "sốt"


def test_a_nurse_edits_her_cases_until_they_are_confirmed(office):
    office.nurse.post(office.address, office.opened(office.nurse) | {"note": "đã phỏng vấn"})
    assert office.now().note == "đã phỏng vấn"
    Case.objects.update(status="confirmed")
    assert office.nurse.get(office.address).status_code == 403


def test_a_confirmed_case_whose_rash_moves_is_traced_anew(office):
    Case.objects.update(status="confirmed")
    office.first.post(office.address, office.opened(office.first) | {"day_rash": "17/05/2021"})
    trace = Trace.objects.get()
    assert trace.policy == "measles"
    assert trace.window_start == clock.midnight(date(2021, 5, 13))
    assert trace.window_end == clock.midnight(date(2021, 5, 22))


def test_the_page_of_a_case_says_which_criteria_are_met_and_what_is_missing(office):
    page = office.first.get(reverse("cases:definition", args=[office.case.public_id])).content.decode()
    assert "Cough, runny nose or red eyes" in page
    assert "the definition is met" not in page
    office.first.post(office.address, office.opened(office.first) | {"symptom_cough": "on"})
    page = office.first.get(reverse("cases:definition", args=[office.case.public_id])).content.decode()
    assert page.count("the definition is met") == 1


@pytest.mark.parametrize("code", ["covid19", "measles"])
def test_the_page_of_a_disease_tells_every_figure_with_its_source(office, code):
    page = office.first.get(reverse("cases:disease", args=[code])).content.decode()
    assert "to be confirmed by the health department" in page
    assert "4845" in page if code == "measles" else "219" in page
    assert office.first.get(reverse("cases:disease", args=["plague"])).status_code == 404


def test_a_case_is_reported_with_the_form_of_its_disease(office):
    person = PersonFactory(unit=office.commune)
    address = reverse("cases:new", args=[person.public_id])
    asked = office.nurse.post(address, {"disease": "measles", "choose": "disease"}).content.decode()
    assert "Koplik spots" in asked
    assert not Case.objects.filter(person=person).exists()
    given = {"disease": "measles", "symptom_fever": "on", "day_rash": "01/01/2099"}
    assert "This day lies in the future" in office.nurse.post(address, given).content.decode()
    office.nurse.post(address, given | {"day_rash": "14/05/2021"})
    case = Case.objects.get(person=person)
    assert case.disease == "measles"
    assert case.details == {"symptoms": {"fever": None, "rash": "2021-05-14"}}
