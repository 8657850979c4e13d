"""What a viewer of a part is told of a whole case: the places, counts and words that are theirs, and no others."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.contacts import queries
from tuyendau.records.contacts.models import Contact, Evidence, Exposure, Trace
from tuyendau.records.people.models import Person

pytestmark = pytest.mark.django_db
NOW = clock.now()
HOUR = 3600
NOTE, PLACE, GROUND, TOLD = (
    "thai 12 tuần",
    "đám cưới ở Mão Điền",
    "con chị Tư dương tính",
    "ngủ nhờ phòng trọ",
)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


class World:
    """A case who works at a company and sleeps in a boarding house; contacts from the one, the other and both."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.here, self.there = UnitFactory(parent=self.province), UnitFactory(parent=self.province)
        self.company = SiteFactory(kind=SiteKind.COMPANY, unit=self.here)
        self.line = SiteFactory(parent=self.company, unit=self.here, name="Chuyền Lắp ráp")
        self.room = SiteFactory(kind=SiteKind.ROOM, unit=self.there, name="Phòng trọ 203")
        self.sick = self.worker("Ca Bệnh")
        self.mate, self.lodger = self.worker("Bạn Cùng Phòng"), PersonFactory(unit=self.here)
        self.case = CaseFactory(
            person=self.sick, status="confirmed", note=NOTE, place_infected=PLACE, code="BG9"
        )
        Trace.objects.create(
            case=self.case, at=NOW, window_start=ago(70), window_end=ago(50), policy="p", parameters={}, f2_count=4321
        )  # fmt: skip
        self.meet(self.mate, {self.line: HOUR, self.room: 10 * HOUR})
        self.meet(self.lodger, {self.room: 2 * HOUR})
        # As they are on record: nobody is told, so that nothing is traced here.
        for kind, data in [
            ("case.confirmed", {"ground": GROUND}),
            ("case.traced", {"contacts": 8765, "added": 8765, "removed": 0, "f2": 4321}),
        ]:
            Event.objects.create(kind=kind, at=NOW, subject=self.case.public_id, data=data)
        self.epidemiologist = make_user("dich_te", "epidemiologist", unit=self.province, language="en")
        self.nurse = make_user("y_ta", "commune_officer", unit=self.here, language="en")
        self.employer = make_user("cong_ty", "company_officer", site=self.company, language="en")

    def worker(self, name: str, since: datetime | None = None, until: datetime | None = None) -> Person:
        person = PersonFactory(full_name=name, unit=self.there)
        first, last = (moment and clock.local_day(moment) for moment in (since or ago(400), until))
        AssignmentFactory(person=person, site=self.line, valid_from=first, valid_to=last)
        return person

    def count_in(self, commune: Any) -> None:
        """Have the case counted in `commune`, so that its officer sees it."""
        self.case.unit = commune
        self.case.save()

    def meet(self, person: Person, sites: dict[Any, int]) -> Contact:
        """Make `person` a contact of the case, so many seconds at each of `sites`."""
        contact = Contact.objects.create(
            case=self.case, person=person, grade=0, rank=Contact.objects.count() + 1, probability=0.5,
            seconds=sum(sites.values()), first=ago(60), last=ago(59),
        )  # fmt: skip
        for site, seconds in sites.items():
            Exposure.objects.create(contact=contact, site=site, evidence=Evidence.VISITS, seconds=seconds)
        return contact


@pytest.fixture
def world() -> World:
    return World()


def get(user: Any, name: str, case: Any, **wanted: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse(name, args=[case.public_id]), wanted)


def text(user: Any, name: str, case: Any, **wanted: Any) -> str:
    return str(get(user, name, case, **wanted).content.decode())


def sites_of(user: Any, case: Any) -> list[str]:
    book = pl.read_excel(BytesIO(get(user, "contacts:export", case).getvalue()))
    return book["Sites"].to_list()


def test_an_employer_is_not_told_in_which_room_a_worker_met_the_case(world):
    page = text(world.employer, "contacts:list_of_case", world.case)
    assert world.mate.full_name in page
    assert "Phòng trọ" not in page
    assert world.room.public_id not in page
    assert "Chuyền Lắp ráp" in page
    assert "10 h" in page
    assert sites_of(world.employer, world.case) == ["Elsewhere (600 min); Chuyền Lắp ráp (60 min)"]


def test_who_answers_for_the_home_of_a_contact_is_told_every_place(world):
    world.count_in(world.here)
    page = text(world.epidemiologist, "contacts:list_of_case", world.case)
    assert "Phòng trọ 203" in page
    assert "Elsewhere" not in page
    assert sites_of(world.nurse, world.case) == ["Phòng trọ 203 (120 min)"]


def test_counts_by_site_and_the_filter_keep_to_the_places_that_are_told(world):
    counts = get(world.employer, "contacts:list_of_case", world.case).context["sites"]
    assert [(count.public_id, count.total) for count in counts] == [
        (world.line.public_id, 1),
        (queries.ELSEWHERE, 1),
    ]
    for site, listed in [(world.line.public_id, 1), (queries.ELSEWHERE, 1), (world.room.public_id, 0)]:
        page = get(world.employer, "contacts:list_of_case", world.case, site=site).context["page"]
        assert len(page.object_list) == listed, site
    counts = get(world.epidemiologist, "contacts:list_of_case", world.case).context["sites"]
    assert {(count.public_id, count.total) for count in counts} == {
        (world.line.public_id, 1),
        (world.room.public_id, 2),
    }


def test_a_nurse_who_is_an_officer_of_the_company_too_is_told_by_person(world):
    """Of the commune's own resident every place, of a worker from another commune those of the company."""
    both = make_user("ca_hai", "commune_officer", unit=world.here, language="en")
    both.memberships.create(role="company_officer", site=world.company, valid_from=clock.local_day(ago(400)))
    assert sites_of(both, world.case) == [
        "Elsewhere (600 min); Chuyền Lắp ráp (60 min)",
        "Phòng trọ 203 (120 min)",
    ]


def test_what_was_reported_of_a_worker_is_told_without_its_words(world):
    contact = world.meet(world.worker("Được Khai Báo"), {})
    Exposure.objects.create(contact=contact, evidence=Evidence.REPORTED, seconds=0, note=TOLD)
    for name in ("contacts:list_of_case", "contacts:summary_of_case"):
        page = text(world.employer, name, world.case)
        assert "Được Khai Báo" in page
        assert TOLD not in page
    assert "reported contact" in sites_of(world.employer, world.case)
    assert TOLD in text(world.epidemiologist, "contacts:list_of_case", world.case)
    assert TOLD in sites_of(world.epidemiologist, world.case)


@pytest.mark.parametrize("role", ["epidemiologist", "nurse", "employer"])
def test_the_list_costs_the_same_queries_for_one_and_for_many(world, role, django_assert_max_num_queries):
    world.count_in(world.here)
    client, counts = Client(), []
    client.force_login(getattr(world, role))
    address = reverse("contacts:list_of_case", args=[world.case.public_id])
    client.get(address)
    for more in (1, 25):
        for n in range(more):
            person = world.worker(f"Người {more} {n}")
            person.unit = world.here
            person.save()
            world.meet(person, {world.line: HOUR, world.room: HOUR})
        with django_assert_max_num_queries(48) as made:
            page = client.get(address).context["page"]
        counts.append(len(made))
    assert len(page.object_list) > 25
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", ["nurse", "employer"])
def test_numbers_of_the_whole_case_are_for_who_decides_on_it(world, role, monkeypatch):
    stale = SimpleNamespace(added=3579, removed=3579, changed=3579)
    monkeypatch.setattr(queries, "staleness", lambda case, *, at: stale)
    world.count_in(world.here)
    pages = {
        "contacts:list_of_case": "4,321",
        "contacts:summary_of_case": "4,321",
        "contacts:changes": "3579",
        "cases:detail": "8765",
    }
    for name, number in pages.items():
        assert number in text(world.epidemiologist, name, world.case).replace("3,579", "3579"), name
        told = get(getattr(world, role), name, world.case)
        assert told.status_code == 200
        for hidden in ("4,321", "4321", "3579", "3,579", "8765", r"(?<![\w-])F2(?![\w-])"):
            assert not re.search(hidden, told.content.decode()), (name, hidden)
    assert "Contacts traced" in text(getattr(world, role), "cases:detail", world.case)


def test_an_employer_reads_no_free_words_about_a_case(world):
    for user, told in [(world.epidemiologist, True), (world.employer, False)]:
        page = text(user, "cases:detail", world.case)
        assert [words in page for words in (NOTE, PLACE, GROUND)] == [told] * 3
        client = Client()
        client.force_login(user)
        book = pl.read_excel(
            BytesIO(
                client.get(reverse("cases:export"), {"col": ["code", "note", "place_infected"]}).getvalue()
            )
        )
        assert book["Number"].to_list() == ["BG9"]
        assert (book["Note"].to_list() == [NOTE]) is told
        assert (book["Place of infection"].to_list() == [PLACE]) is told


def test_words_about_a_case_are_for_who_answers_for_its_commune_also_as_an_employer(world):
    both = make_user("ca_hai", "commune_officer", unit=world.there, language="en")
    both.memberships.create(role="company_officer", site=world.company, valid_from=clock.local_day(ago(400)))
    assert NOTE in text(both, "cases:detail", world.case)
    both.memberships.filter(role="commune_officer").update(unit=world.here)
    assert NOTE not in text(both, "cases:detail", world.case)


def test_the_list_of_that_time_keeps_who_left_the_company_since(world):
    """Whoever worked there in the traced window stays listed; whoever left before it, or came and went after, not."""
    there = world.worker("Nghỉ Việc Sau Đó", until=ago(60))
    for name, since, until in [("Nghỉ Trước", None, ago(80)), ("Vào Sau", ago(45), ago(35))]:
        world.meet(world.worker(name, since, until), {world.line: HOUR})
    world.meet(there, {world.line: HOUR})
    page = text(world.employer, "contacts:list_of_case", world.case)
    names = [name for name in ("Nghỉ Việc Sau Đó", "Nghỉ Trước", "Vào Sau") if name in page]
    assert names == ["Nghỉ Việc Sau Đó"]
    # The page of a person who left long ago is closed to the company: no link leads there.
    assert there.public_id not in page
    assert get(world.employer, "people:detail", there).status_code == 404
    assert reverse("people:detail", args=[world.mate.public_id]) in page


def test_a_case_that_was_not_traced_is_said_to_be_that(world):
    Trace.objects.all().delete()
    Contact.objects.all().delete()
    again = reverse("contacts:trace_again", args=[world.case.public_id])
    page = text(world.epidemiologist, "contacts:list_of_case", world.case)
    assert "Not traced yet" in page
    assert again in page
    assert "Nobody was with the case" not in page
    page = text(world.employer, "contacts:list_of_case", world.case)
    assert "Not traced yet" in page
    assert again not in page


def test_reported_contacts_of_a_case_that_was_not_traced_are_listed_below(world):
    Trace.objects.all().delete()
    page = text(world.epidemiologist, "contacts:list_of_case", world.case)
    assert "Not traced yet" in page
    assert world.lodger.full_name in page


def test_nobody_in_reach_is_not_called_nobody(world):
    words = "None of the people in your reach is a contact", "Nobody was with the case"
    Contact.objects.filter(person=world.mate).delete()
    page = text(world.employer, "contacts:list_of_case", world.case)
    assert [said in page for said in words] == [True, False]
    Contact.objects.all().delete()
    page = text(world.employer, "contacts:list_of_case", world.case)
    assert [said in page for said in words] == [True, False]
    page = text(world.epidemiologist, "contacts:list_of_case", world.case)
    assert [said in page for said in words] == [False, True]


def test_who_decides_on_the_case_learns_that_its_contacts_are_elsewhere(world):
    abroad = UnitFactory(level=UnitLevel.PROVINCE, code="01")
    Person.objects.filter(pk__in=[world.mate.pk, world.lodger.pk]).update(unit=abroad)
    page = text(world.epidemiologist, "contacts:list_of_case", world.case)
    assert "None of the people in your reach is a contact" in page


def test_the_days_that_are_listed_stand_in_their_fields_and_a_name_is_looked_for_in_all(world):
    client = Client()
    client.force_login(world.epidemiologist)
    page = client.get(reverse("contacts:list"))
    wanted = page.context["wanted"]
    assert page.context["form"]["first"].value() == date_format(wanted.first, "SHORT_DATE_FORMAT")
    assert (
        client.get(reverse("contacts:list"), {"first": "", "last": "", "q": "a"}).context["wanted"].first
        < wanted.last
    )
    wrong = client.get(reverse("contacts:list"), {"first": "31/02/2021"})
    assert wrong.context["form"].errors["first"]
