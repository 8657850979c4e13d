"""Looks and exports are on record: who, what, by which role over which place; the same look twice is one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.access import Grant, Permission, ScopeKind, Viewer
from tuyendau.core.audit import actions
from tuyendau.core.audit.models import Event
from tuyendau.core.audit.queries import events_of
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)


class World:
    def __init__(self, client: Client) -> None:
        province = UnitFactory(level=1, code="24")
        self.path = province.path
        commune = UnitFactory(parent=province)
        self.site = SiteFactory(unit=commune)
        self.person = PersonFactory(unit=commune, full_name="Lê Thị Hà")
        AssignmentFactory(person=self.person, site=self.site)
        self.case = CaseFactory(person=self.person, status="confirmed", onset_on=date(2021, 5, 14))
        self.user = make_user("dich_te", "epidemiologist", unit=province)
        self.client = client
        client.force_login(self.user)

    def get(self, name: str, *args: str, **query: str) -> None:
        assert self.client.get(reverse(name, args=args), query).status_code == 200

    def told(self) -> list[tuple[str, str]]:
        return list(Event.objects.order_by("id").values_list("kind", "subject"))


@pytest.fixture
def world(transactional_db: None, segments: None, client: Client) -> World:
    return World(client)


def test_every_page_of_a_person_is_on_record(world: World) -> None:
    case, person, site = world.case.public_id, world.person.public_id, world.site.public_id
    world.get("people:detail", person)
    world.get("visits:of_person", person)
    world.get("cases:detail", case)
    world.get("cases:presence", case)
    world.get("contacts:list_of_case", case)
    world.get("visits:of_site", site)
    assert world.told() == [
        ("person.read", person),
        ("person.presence_read", person),
        ("case.read", case),
        ("case.presence_read", case),
        ("case.contacts_read", case),
        ("site.presence_read", site),
    ]
    event = Event.objects.first()
    assert event
    assert (event.by, event.ground) == (world.user, f"epidemiologist@unit:{world.path}")


def test_searches_are_on_record_by_their_words_and_lists_are_not(world: World) -> None:
    world.get("people:list")
    world.get("cases:list")
    assert world.told() == []
    world.get("people:list", q="Hà  lê")
    world.get("people:list", q="ha le")
    world.get("cases:list", q="Hà")
    assert list(Event.objects.order_by("id").values_list("kind", "data__words")) == [
        ("people.searched", "ha le"),
        ("cases.searched", "ha"),
    ]


def test_every_export_is_on_record_each_time(world: World) -> None:
    for _ in range(2):
        world.get("cases:export", status="confirmed")
        world.get("contacts:export", world.case.public_id)
    assert world.told() == 2 * [("cases.exported", "cases"), ("contacts.exported", world.case.public_id)]


def test_what_one_may_not_see_is_not_said_to_be_seen(world: World, client: Client) -> None:
    world.client.force_login(make_user("xa_khac", "commune_officer", unit=UnitFactory()))
    assert client.get(reverse("people:detail", args=[world.person.public_id])).status_code == 404
    assert client.get(reverse("cases:detail", args=[world.case.public_id])).status_code == 404
    assert world.told() == []


VIEWER = Viewer(
    None,
    (Grant("epidemiologist", ScopeKind.UNIT, "/1/"), Grant("auditor", ScopeKind.UNIT, "/1/")),
    device="device_1",
)


def read(viewer: Viewer = VIEWER, subject: str = "person_1", minutes: int = 0, **data: str) -> Event | None:
    return actions.record_read(
        "person.read",
        viewer=viewer,
        permission=Permission.PERSON_VIEW,
        subject=subject,
        at=clock.midnight(date(2021, 5, 20)) + timedelta(minutes=minutes),
        data=data or None,
    )


def test_the_same_look_again_within_ten_minutes_is_one(world: World) -> None:
    first = read()
    assert first
    assert (first.ground, first.device) == ("epidemiologist@unit:/1/", "device_1")
    assert read(minutes=9) is None
    assert read(minutes=10)
    assert read(subject="person_2")
    assert read(day="2021-05-20")
    assert read(viewer=Viewer(world.user.pk, VIEWER.grants))


def test_a_look_does_not_stand_in_the_course_of_a_case(world: World) -> None:
    world.get("cases:detail", world.case.public_id)
    assert not events_of(world.case.public_id).exists()


def test_a_look_costs_few_statements(world: World, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(8):
        read()
    with django_assert_max_num_queries(7):
        read()
