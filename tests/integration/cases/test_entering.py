"""A case typed on one page: the person found or made, dates, place, status and symptoms, whole or not at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules.entering import meant_by
from tuyendau.records.people.models import Assignment, Identifier, Person

pytestmark = pytest.mark.django_db


class World:
    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE)
        district = UnitFactory(level=UnitLevel.DISTRICT, name="Huyện Việt Yên", parent=self.province)
        other = UnitFactory(level=UnitLevel.DISTRICT, name="Huyện Lục Nam", parent=self.province)
        self.commune = UnitFactory(parent=district, name="Xã Tự Lạn")
        self.twins = [UnitFactory(parent=above, name="Xã Đông Hưng") for above in (district, other)]
        self.line = SiteFactory(
            kind=SiteKind.LINE, name="Chuyền 7 Công ty A", code="CTA-7", unit=self.commune
        )
        self.cdc = self.client("dich_te", "epidemiologist", self.province)
        self.nurse = self.client("y_ta", "commune_officer", self.commune)

    def client(self, name: str, role: str, unit: Any) -> Client:
        client = Client()
        client.force_login(make_user(name, role, unit=unit, language="en"))
        return client


@pytest.fixture
def world() -> World:
    return World()


FULL = {
    "full_name": "Nguyễn Thị Hoa", "sex": "F", "born": "05/06/1990", "phone": "0912 345 678", "cccd": "024190012345",
    "commune": "tu lan", "address": "Thôn 3", "site": "chuyen 7", "disease": "covid19", "status": "confirmed",
    "onset_on": "10/05/2021", "symptoms": "sốt, ho", "sampled_on": "12/05/2021", "result_on": "13/05/2021",
    "isolated_at": "08:00 13/05/2021", "note": "gọi điện",
}  # fmt: skip


def enter(client: Client, **fields: str) -> Any:
    return client.post(
        reverse("cases:enter"), {"disease": "covid19", "status": "suspected"} | fields, follow=True
    )


def test_a_whole_case_of_somebody_new(world):
    page = enter(world.cdc, **FULL)
    case = Case.objects.select_related("person").get()
    assert page.redirect_chain[0][0] == reverse("cases:detail", args=[case.public_id])
    assert (case.status, case.unit, f"{case.onset_on} {case.sampled_on} {case.result_on}") == (
        "confirmed", world.commune, "2021-05-10 2021-05-12 2021-05-13",
    )  # fmt: skip
    assert case.details == {"symptoms": {"fever": None, "cough": None}}
    assert case.isolated_at is not None
    assert (case.person.full_name, case.person.phone) == ("Nguyễn Thị Hoa", "+84912345678")
    assert Identifier.objects.get().value == "024190012345"
    assert Assignment.objects.get().site == world.line


def test_the_least_that_makes_a_case_and_the_next_one_keeps_the_place(world):
    page = enter(world.nurse, full_name="Trần Văn Ba", commune="Xã Tự Lạn", next="1")
    assert Case.objects.get().status == "suspected"
    assert page.context["form"].initial == {
        "commune": "Xã Tự Lạn",
        "disease": "covid19",
        "status": "suspected",
    }
    assert "Recorded: " in page.content.decode()


def test_who_looks_alike_is_shown_before_anybody_is_made(world):
    known = PersonFactory(
        full_name="Nguyễn Thị Hoa", birth_year=1990, unit=world.commune, phone="+84912345678"
    )
    page = enter(world.cdc, **FULL)
    assert "Is it one of these?" in page.content.decode()
    assert Person.objects.count() == 1
    assert page.context["form"]["note"].value() == "gọi điện", "what was typed stays"
    enter(world.cdc, **FULL, person=known.public_id)
    assert Case.objects.get().person == known
    assert Person.objects.count() == 1


def test_somebody_new_all_the_same_needs_a_reason(world):
    PersonFactory(full_name="Nguyễn Thị Hoa", birth_year=1990, unit=world.commune, phone="+84912345678")
    fields = {name: value for name, value in FULL.items() if name != "cccd"}
    page = enter(world.cdc, **fields, person="new")
    assert "Write why it is none of them" in page.content.decode()
    enter(world.cdc, **fields, person="new", ground="hai chị em")
    assert Case.objects.get().person.full_name == "Nguyễn Thị Hoa"
    assert Person.objects.count() == 2


def test_a_second_open_case_is_refused_and_leads_to_the_first(world):
    known = PersonFactory(full_name="Nguyễn Thị Hoa", unit=world.commune)
    first = CaseFactory(person=known, unit=world.commune)
    page = enter(world.cdc, **FULL, person=known.public_id)
    assert "has a case already" in page.content.decode()
    assert reverse("cases:detail", args=[first.public_id]) in page.content.decode()
    assert Case.objects.count() == 1
    assert not Assignment.objects.exists(), "nothing of it was written"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"commune": "dong hung"}, "Several communes are called so"),
        ({"commune": "không có"}, "There is no such commune within your area"),
        ({"symptoms": "sốt, ngáp"}, "“ngáp” is no symptom of this disease"),
        ({"site": "nhà máy"}, "There is no site of that name"),
        ({"onset_on": "31/02/2021"}, "Enter a valid date"),
        ({"sampled_on": "12/05/2021", "result_on": "11/05/2021"}, "The result is earlier than its sample"),
        ({"cccd": "024290012345"}, "sex"),
        ({"full_name": ""}, "Write a name"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_written(world, fields, words):
    page = enter(world.cdc, **(FULL | fields))
    assert words in page.content.decode()
    assert not Case.objects.exists()
    assert not Person.objects.exists()


def test_a_refused_form_begins_at_its_first_faulty_field(world):
    page = enter(
        world.cdc, full_name="Lê Văn A", sex="M", site="không có", onset_on="31/02/2021"
    ).content.decode()
    tags = re.findall(r"<(?:input|select|textarea)[^>]*>", page)
    faulty = [re.search(r'name="(\w+)"', tag)[1] for tag in tags if "is-invalid" in tag]
    assert {"site", "onset_on"} <= set(faulty)
    assert [re.search(r'name="(\w+)"', tag)[1] for tag in tags if " autofocus" in tag] == [faulty[0]]


def test_a_district_behind_the_name_of_a_commune_decides(world):
    enter(world.cdc, **(FULL | {"commune": "Xã Đông Hưng, Huyện Lục Nam"}))
    assert Case.objects.get().unit == world.twins[1]


def test_who_decides_nothing_enters_suspected_cases_of_their_own_commune(world):
    page = enter(world.nurse, **FULL)
    assert "Select a valid choice" in page.content.decode()
    page = enter(world.nurse, full_name="Ai Đó", commune="Xã Đông Hưng")
    assert "There is no such commune within your area" in page.content.decode()
    assert not Case.objects.exists()
    assert b'name="isolated_at"' not in page.content


@pytest.mark.parametrize(
    ("written", "codes", "unclear", "unknown"),
    [
        ("ho", ("cough",), (), ()),
        ("HO; sốt", ("cough", "fever"), (), ()),
        ("kho", ("breath",), (), ()),
        ("đau", (), ("đau",), ()),
        ("dau hong,,đau họng", ("throat",), (), ()),
        ("ngáp", (), (), ("ngáp",)),
        ("fever", ("fever",), (), ()),
    ],
)
def test_words_mean_what_begins_so(written, codes, unclear, unknown):
    names = {
        "cough": ["Ho", "Cough"], "fever": ["Sốt", "Fever"], "breath": ["Khó thở"], "throat": ["Đau họng"],
        "head": ["Đau đầu"],
    }  # fmt: skip
    meant = meant_by(written, names)
    assert (meant.codes, meant.unclear, meant.unknown) == (codes, unclear, unknown)
