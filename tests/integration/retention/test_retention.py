"""What is kept long enough goes: only after a person approved it, what was shown, and nothing of who is on hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import (
    AssignmentFactory,
    CaseFactory,
    PersonFactory,
    SiteFactory,
    UnitFactory,
    make_user,
    stay,
)
from tuyendau.core.audit.models import Event
from tuyendau.core.retention import actions, queries
from tuyendau.core.retention.models import Hold, Policy
from tuyendau.core.retention.rules import SUGGESTED, kept_from, unusable
from tuyendau.lib import clock
from tuyendau.records.contacts.models import Contact, ContactVersion, Exposure
from tuyendau.records.people.models import Identifier
from tuyendau.records.visits.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]

NOW = datetime(2024, 6, 1, tzinfo=UTC)
TODAY = clock.local_day(NOW)
OLD, NEW = date(2018, 1, 1), date(2024, 5, 1)
OVERVIEW = reverse("retention:overview")


class World:
    """Two people with a case and a contact each: one long ago, one of now."""

    def __init__(self) -> None:
        Policy.objects.get_or_create(defaults={"at": NOW, "source": "x", "periods": SUGGESTED})
        province = UnitFactory(level=1, code="24")
        self.site = SiteFactory(unit=province)
        self.admin = make_user("quan_tri", "province_administrator", unit=province, language="en")
        self.client = Client()
        self.client.force_login(self.admin)
        self.old, self.new = self.case(OLD), self.case(NEW)

    def case(self, day: date):
        person, other = PersonFactory(phone="+84912345678", address="ngõ 5"), PersonFactory()
        for each in (person, other):
            AssignmentFactory(person=each, site=self.site, valid_from=day, valid_to=day + timedelta(days=9))
            Identifier.objects.create(person=each, kind="cccd", value=f"0240{each.pk:08d}")
        case = CaseFactory(
            person=person, status="confirmed", reported_on=day, note="bệnh nền", place_infected="chợ"
        )
        contact = Contact.objects.create(
            case=case, person=other, grade=0, rank=1, probability=0.1, seconds=60
        )
        Exposure.objects.create(contact=contact, site=self.site, evidence="presence", seconds=60)
        return case

    def post(self, name: str, *arguments: object, **data: object) -> list[str]:
        answer = self.client.post(reverse(f"retention:{name}", args=arguments), data, follow=True)
        return [str(message) for message in answer.context["messages"]]

    def approve(self) -> None:
        assert self.post("approve", Policy.objects.latest("pk").pk)

    def carry_out(self) -> dict[str, int]:
        return {code: found.total for code, found in actions.carry_out(TODAY, at=NOW).items()}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return World()


def test_nothing_goes_before_somebody_approves(world: World) -> None:
    assert world.carry_out() == {}
    assert "nothing is removed" in world.client.get(OVERVIEW).content.decode()
    assert Contact.objects.count() == 2


def test_what_is_shown_is_what_goes(world: World) -> None:
    shown = {line.keeping.code: line.found for line, _ in world.client.get(OVERVIEW).context["lines"]}
    assert shown["contacts"].rows == {"contacts_contact": 1, "contacts_exposure": 1}
    assert (shown["contacts"].oldest, shown["contacts"].newest) == (OLD, OLD)
    assert shown["case_words"].rows == {"cases_case": 1}
    world.approve()
    gone = world.carry_out()
    assert gone["contacts"] == shown["contacts"].total
    assert gone["case_words"] == shown["case_words"].total
    assert [contact.case for contact in Contact.objects.all()] == [world.new]
    assert Exposure.objects.count() == 1
    assert [version.case for version in ContactVersion.objects.all()] == [world.new]
    world.old.refresh_from_db()
    world.new.refresh_from_db()
    assert (world.old.note, world.old.place_infected, world.old.status) == ("", "", "confirmed")
    assert world.new.note == "bệnh nền"


def test_who_people_were_goes_once_nothing_is_known_of_them(world: World) -> None:
    world.approve()
    assert world.carry_out()["people"] == 4  # two people and their identifiers
    person = world.old.person
    person.refresh_from_db()
    assert (person.full_name, person.folded, person.phone, person.address, person.code) == (
        "",
        "",
        "",
        "",
        None,
    )
    assert not person.identifiers.exists()
    world.new.person.refresh_from_db()
    assert world.new.person.full_name
    assert world.carry_out()["people"] == 0


@pytest.mark.parametrize("tie", ["case", "assignment", "contact"])
def test_who_has_anything_recent_keeps_their_name(world: World, tie: str) -> None:
    person = world.old.person
    if tie == "case":
        CaseFactory(person=person, status="discarded", reported_on=NEW)
    elif tie == "assignment":
        AssignmentFactory(person=person, site=world.site, valid_from=NEW)
    else:
        Contact.objects.create(case=world.new, person=person, grade=1, rank=2, probability=0, seconds=60)
    world.approve()
    world.carry_out()
    person.refresh_from_db()
    assert person.full_name


def test_who_has_nothing_dated_keeps_their_name(world: World) -> None:
    person = PersonFactory()
    world.approve()
    world.carry_out()
    person.refresh_from_db()
    assert person.full_name


def test_who_is_on_hold_keeps_everything(world: World) -> None:
    subject = world.old.person.public_id
    assert world.post("hold", subject=subject, ground="khiếu nại 12/2024") == []
    world.approve()
    assert set(world.carry_out().values()) == {0}
    assert world.post("release", subject) == []
    assert world.carry_out()["contacts"] == 2
    assert list(Event.objects.filter(subject=subject).order_by("id").values_list("kind", "ground")) == [
        ("retention.held", "khiếu nại 12/2024"),
        ("retention.released", ""),
    ]


def test_presence_goes_by_days_and_those_of_who_is_on_hold_stay(world: World) -> None:
    days = [TODAY - timedelta(days=n) for n in (120, 110, 100, 80)]
    held, other = world.old.person, world.new.person
    for day, person in zip(days, (other, held, other, other), strict=True):
        stay(
            person,
            world.site,
            clock.midnight(day) + timedelta(hours=7),
            clock.midnight(day) + timedelta(hours=9),
        )
    world.approve()
    world.post("hold", subject=held.public_id, ground="x")
    shown = {line.keeping.code: line.found for line, _ in world.client.get(OVERVIEW).context["lines"]}[
        "visits"
    ]
    assert (shown.rows, shown.oldest, shown.newest) == (
        {"visits_visit": 1},
        days[0],
        days[1] - timedelta(days=1),
    )
    assert world.carry_out()["visits"] == 1
    assert Visit.objects.count() == 3
    world.post("release", held.public_id)
    assert world.carry_out()["visits"] == 2
    assert [clock.local_day(visit.start) for visit in Visit.objects.all()] == [days[3]]


def test_each_run_is_on_record_with_what_went(world: World) -> None:
    world.approve()
    world.carry_out()
    data = Event.objects.filter(kind="retention.carried_out", data__class="contacts").get().data
    assert data["tables"] == {"contacts_contact": 1, "contacts_exposure": 1}
    assert (data["rows"], data["kept_from"]) == (2, kept_from(TODAY, 730).isoformat())
    runs = Event.objects.filter(kind="retention.carried_out").count()
    world.carry_out()
    assert Event.objects.filter(kind="retention.carried_out").count() == runs


def test_a_new_version_changes_nothing_until_it_is_approved(world: World) -> None:
    world.approve()
    periods = dict.fromkeys(queries.keepings(), 36_000)
    assert world.post("propose", source="Quyết định 12", **periods) == []
    version = Policy.objects.latest("pk")
    assert (version.source, version.by, version.approved_at) == ("Quyết định 12", world.admin, None)
    assert world.carry_out()["contacts"] == 2
    assert world.post("approve", version.pk - 1) == [
        "The periods were changed or approved meanwhile. Look at them again."
    ]
    assert world.post("approve", version.pk) == [
        "Approved. The worker removes what was kept long enough each night."
    ]
    assert queries.in_force() == version
    assert world.post("approve", version.pk) == [
        "The periods were changed or approved meanwhile. Look at them again."
    ]


@pytest.mark.parametrize("days", ["20", "36501", "x", "", "-5"])
def test_a_period_that_cannot_be_one_is_refused_by_name(world: World, days: str) -> None:
    (told,) = world.post(
        "propose", source="x", **(dict.fromkeys(queries.keepings(), 100) | {"contacts": days})
    )
    assert told.startswith("Contacts of cases")
    assert Policy.objects.count() == 1


@pytest.mark.parametrize("subject", ["person_1", "case_0123456789ab", "", "Nguyễn Văn A"])
def test_a_hold_names_a_person_by_id(world: World, subject: str) -> None:
    assert world.post("hold", subject=subject, ground="x")
    assert not Hold.objects.exists()


def test_a_second_hold_and_the_end_of_none_are_refused(world: World) -> None:
    subject = world.old.person.public_id
    world.post("hold", subject=subject, ground="x")
    assert world.post("hold", subject=subject, ground="y") == ["This person's data is on hold already."]
    world.post("release", subject)
    assert world.post("release", subject) == ["This person's data is not on hold."]


def test_rules_of_periods() -> None:
    assert kept_from(date(2024, 3, 1), 1) == date(2024, 2, 29)
    known = {"a", "b"}
    assert unusable({"a": 21, "b": 36_500}, known) == set()
    assert unusable({"a": 20, "c": 30}, known) == {"a", "b", "c"}
