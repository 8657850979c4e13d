"""Adding and correcting one person on pages, and where they belong."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.test import Client

from tests.factories import AssignmentFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, Unit, UnitLevel
from tuyendau.records.people.models import Assignment, Identifier, Person, Shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Unit:
    return UnitFactory(parent=UnitFactory(level=UnitLevel.PROVINCE), name="Xã Nhà")


@pytest.fixture
def nurse(client: Client, commune: Unit) -> Client:
    client.force_login(make_user("y_ta", "commune_officer", unit=commune, language="en"))
    return client


def form(commune: Unit, **more: Any) -> dict[str, Any]:
    return {"full_name": "Nguyễn Thị Hà", "sex": "F", "born": "12/03/1994", "commune": commune.code, **more}


def test_a_new_person_is_kept_with_numbers_in_one_form(nurse: Client, commune: Unit) -> None:
    sent = form(commune, phone="0168 123 4567", cccd="024 194 012 345", bhyt="DN4242721315635", code="A-1")
    assert nurse.post("/people/new/", sent).status_code == 302
    person = Person.objects.get()
    assert (person.folded, person.phone, person.code) == ("nguyen thi ha", "+84381234567", "A-1")
    assert (person.birth_date, person.birth_year, person.unit_id) == (date(1994, 3, 12), 1994, commune.pk)
    assert dict(Identifier.objects.values_list("kind", "value")) == {
        "cccd": "024194012345",
        "bhyt": "2721315635",
    }
    assert Event.objects.get(kind="person.added").subject == person.public_id


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"cccd": "024094012345"}, "they are male, and not female"),
        ({"cccd": "024195012345"}, "they were born in 1995, and not in 1994"),
        ({"cccd": "003194012345"}, "No province has the code 003"),
        ({"cccd": "02419401234"}, "has 12 characters, and this has 11"),
        ({"cmnd": "12123456x"}, "has digits only"),
        ({"phone": "0123"}, "no Vietnamese telephone number"),
        ({"born": "31/02/1994"}, "dd/mm/yyyy"),
        ({"born": "1850"}, "dd/mm/yyyy"),
        ({"born": "12/03/2999"}, "dd/mm/yyyy"),
        ({"commune": ""}, "Choose the commune"),
        ({"commune": "99999"}, "99999"),
        ({"full_name": ""}, "Write a name"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    nurse: Client, commune: Unit, wrong: dict[str, str], told: str
) -> None:
    page = nurse.post("/people/new/", form(commune) | wrong)
    assert page.status_code == 200
    assert told in page.content.decode()
    assert not Person.objects.exists()


def test_who_looks_alike_is_shown_before_a_double_is_made(nurse: Client, commune: Unit) -> None:
    known = PersonFactory(
        full_name="Nguyen Thi Ha", birth_year=1994, birth_date=date(1994, 3, 12), unit=commune
    )
    elsewhere = PersonFactory(
        full_name="Nguyễn Thị Hà", code="BI-MAT", birth_year=1994, birth_date=date(1994, 3, 12), phone="+84912345678",
        unit=UnitFactory(name="Xã Khác"),
    )  # fmt: skip
    page = nurse.post("/people/new/", form(commune, phone="0912345678")).content.decode()
    assert Person.objects.count() == 2
    assert f'href="/people/{known.public_id}/"' in page
    assert "Xã Khác" in page
    assert "BI-MAT" not in page
    assert elsewhere.public_id not in page
    unexplained = nurse.post("/people/new/", form(commune, anyway="1"))
    assert "Write why it is none of them" in unexplained.content.decode()
    assert nurse.post("/people/new/", form(commune, anyway="1", ground="chị em họ")).status_code == 302
    assert Person.objects.count() == 3
    assert Event.objects.get(kind="person.added").ground.startswith("chị em họ")


def test_twins_are_not_the_same_and_a_stranger_is_nobody(nurse: Client, commune: Unit) -> None:
    PersonFactory(full_name="Nguyễn Thị Lan", birth_year=1994, birth_date=date(1994, 3, 12), unit=commune)
    PersonFactory(full_name="Trần Văn Dũng", birth_year=1960, unit=commune)
    assert nurse.post("/people/new/", form(commune)).status_code in (200, 302)
    page = nurse.post("/people/new/", form(commune)).content.decode()
    assert "Trần Văn Dũng" not in page
    assert "almost surely" not in page or "Nguyễn Thị Lan" not in page


def test_a_number_or_code_of_somebody_else_is_refused(nurse: Client, commune: Unit) -> None:
    other = PersonFactory(code="B-2", full_name="Lê Văn Bình", unit=commune)
    Identifier.objects.create(person=other, kind="cmnd", value="121234567")
    page = nurse.post("/people/new/", form(commune, code="B-2")).content.decode()
    assert "Somebody else has the code" in page
    page = nurse.post(
        "/people/new/", form(commune, cmnd="121234567", anyway="1", ground="x")
    ).content.decode()
    assert "on record for another person, B-2" in page
    assert Person.objects.count() == 1


def test_a_correction_keeps_what_stood_there_before(nurse: Client, commune: Unit) -> None:
    person = PersonFactory(full_name="Nguyễn Thị Há", unit=commune, birth_year=1994)
    Identifier.objects.create(person=person, kind="cmnd", value="121234567")
    page = nurse.get(f"/people/{person.public_id}/edit/").content.decode()
    assert 'value="121234567"' in page
    sent = form(commune, cmnd="121234568", ground="sai dấu", code=person.code)
    assert nurse.post(f"/people/{person.public_id}/edit/", sent).status_code == 302
    person.refresh_from_db()
    assert person.full_name == "Nguyễn Thị Hà"
    assert list(Identifier.objects.values_list("value", flat=True)) == ["121234568"]
    event = Event.objects.get(kind="person.edited")
    assert event.data["before"]["full_name"] == "Nguyễn Thị Há"
    assert event.data["numbers"] == ["cmnd"]
    same = nurse.post(f"/people/{person.public_id}/edit/", sent)
    assert same.status_code == 302
    assert Event.objects.filter(kind="person.edited").count() == 1


def test_numbers_are_masked_for_who_may_not_edit(client: Client, commune: Unit) -> None:
    company = SiteFactory(kind=SiteKind.COMPANY)
    person = PersonFactory(unit=commune)
    AssignmentFactory(person=person, site=company)
    Identifier.objects.create(person=person, kind="cccd", value="024194012345")
    client.force_login(make_user("cong_ty", "company_officer", site=company))
    page = client.get(f"/people/{person.public_id}/").content.decode()
    assert "024194012345" not in page
    assert "•345" in page


def test_where_somebody_belongs_begins_and_ends(nurse: Client, commune: Unit) -> None:
    person = PersonFactory(unit=commune)
    company = SiteFactory(kind=SiteKind.COMPANY, code="CT")
    line = SiteFactory(kind=SiteKind.LINE, parent=company, code="CT-L1")
    Shift.objects.create(site=company, code="C1", name="Ca 1", begins=time(7, 30), minutes=540)
    where = f"/people/{person.public_id}/assign/"
    assert nurse.post(where, {"site": "CT-L1", "since": "01/05/2021", "shift": "C1"}).status_code == 302
    held = Assignment.objects.get()
    assert (held.role, held.shift and held.shift.code, held.valid_to) == ("works", "C1", None)
    for wrong in (
        {"site": "CT-L1"},
        {"site": "KHONG"},
        {"site": "CT", "shift": "C9"},
        {"site": "CT", "since": "x"},
    ):
        assert nurse.post(where, {"since": "02/05/2021"} | wrong).status_code == 200
    assert Assignment.objects.count() == 1
    ends = {"site": line.public_id, "since": "2021-05-01", "last": "30/05/2021"}
    assert nurse.post(f"/people/{person.public_id}/end/", ends | {"last": "30/04/2021"}).status_code == 302
    held.refresh_from_db()
    assert held.valid_to is None
    nurse.post(f"/people/{person.public_id}/end/", ends)
    held.refresh_from_db()
    assert held.valid_to == date(2021, 5, 31)


def test_who_lives_together_is_shown_to_who_may_see_them(nurse: Client, commune: Unit) -> None:
    home = SiteFactory(kind=SiteKind.HOUSEHOLD)
    here, there = PersonFactory(unit=commune), PersonFactory(full_name="Người Xa", unit=UnitFactory())
    mate = PersonFactory(full_name="Người Nhà", unit=commune)
    for person in (here, there, mate):
        AssignmentFactory(person=person, site=home)
    page = nurse.get(f"/people/{here.public_id}/").content.decode()
    assert "Người Nhà" in page
    assert "Người Xa" not in page


def test_the_address_of_somebody_merged_leads_to_the_survivor(nurse: Client, commune: Unit) -> None:
    survivor = PersonFactory(unit=commune)
    gone = PersonFactory(unit=commune, merged_into=survivor)
    answer = nurse.get(f"/people/{gone.public_id}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/people/{survivor.public_id}/")
    far = PersonFactory(unit=commune, merged_into=PersonFactory(unit=UnitFactory()))
    assert nurse.get(f"/people/{far.public_id}/").status_code == 404
