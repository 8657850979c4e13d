"""What people say and decide of contacts: links, classification by hand, degrees, and what changed since one looked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tests.integration.contacts.test_confirming import AT, Plant, on
from tuyendau.access import Denied
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind
from tuyendau.lib import clock
from tuyendau.records.cases.actions import classify
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules import Status
from tuyendau.records.contacts import actions, queries
from tuyendau.records.contacts.models import Change, Contact, Degree, Exposure, Grade, Judgement, Link, Look
from tuyendau.records.people.models import Person
from tuyendau.science.epi.settings import Setting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]


@pytest.fixture
def plant(monkeypatch: Any) -> Plant:
    monkeypatch.setattr(clock, "now", lambda: AT)
    return Plant()


def asks(plant: Plant) -> dict[str, Any]:
    return {"viewer": plant.viewer, "by": plant.user, "at": AT}


def name(plant: Plant, case: Case, person: Person, **more: Any) -> Link:
    data = actions.LinkData("case", "ăn cưới cùng mâm", **more)
    return actions.link(case.public_id, person.public_id, data, **asks(plant))


def grade_of(person: Person) -> int | None:
    return Contact.objects.filter(person=person).values_list("grade", flat=True).first()


def f1() -> set[int]:
    return set(Degree.objects.filter(degree=1).values_list("person", flat=True))


def test_a_named_contact_counts_at_once_and_ended_no_more(plant: Plant) -> None:
    plant.confirm()
    friend = PersonFactory(unit=plant.commune)
    link = name(plant, plant.case, friend, place="Mão Điền", first=on(13, 18), last=on(13, 20))
    contact = Contact.objects.get(person=friend)
    assert (contact.grade, contact.traced_grade, contact.first) == (Grade.CLOSE, None, on(13, 18))
    assert friend.pk in f1()
    (found,) = queries.followed(people=[friend.pk])
    assert (found.source, found.cases, found.last) == ("said", (plant.case.pk,), on(13, 20))
    event = Event.objects.get(kind="contact.linked")
    assert (event.subject, event.data["added"], event.data["person"]) == (
        plant.case.public_id,
        1,
        friend.public_id,
    )
    actions.unlink(link.public_id, why="nhầm người", **asks(plant))
    link.refresh_from_db()
    assert (link.ended_by, link.ended_why) == (plant.user, "nhầm người")
    assert grade_of(friend) is None
    assert friend.pk not in f1()
    assert queries.followed(people=[friend.pk]) == []


def test_ending_a_link_leaves_what_tracing_found(plant: Plant) -> None:
    plant.confirm()
    link = name(plant, plant.case, plant.diner)
    assert grade_of(plant.diner) == Grade.CLOSE
    actions.unlink(link.public_id, why="không phải", **asks(plant))
    assert grade_of(plant.diner) == Grade.AROUND
    assert not Exposure.objects.filter(evidence="reported").exists()


def test_nobody_is_their_own_contact_and_a_circle_is_lawful(plant: Plant) -> None:
    plant.confirm()
    with pytest.raises(actions.ContactRefused):
        name(plant, plant.case, plant.sick)
    other = CaseFactory(person=plant.mate, onset_on=date(2021, 5, 15))
    third = CaseFactory(person=plant.diner, onset_on=date(2021, 5, 15))
    name(plant, other, plant.diner)
    name(plant, third, plant.sick)
    for case in (other, third):
        classify(case.public_id, Status.CONFIRMED, **asks(plant))
    degrees = dict(Degree.objects.values_list("person", "degree"))
    assert degrees == {plant.sick.pk: 0, plant.mate.pk: 0, plant.diner.pk: 0, plant.lodger.pk: 1}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"first": on(13, 20), "last": on(13, 18)}, "last"),
        ({"first": on(30, 8)}, "first"),
        ({"site": "KHÔNG CÓ"}, "site"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(plant: Plant, more: dict[str, Any], field: str) -> None:
    plant.confirm()
    before = Contact.objects.count()
    with pytest.raises(actions.ContactRefused) as refused:
        name(plant, plant.case, PersonFactory(unit=plant.commune), **more)
    assert refused.value.field == field
    assert (Link.objects.count(), Contact.objects.count()) == (0, before)


def test_a_decision_survives_tracing_and_is_taken_back(plant: Plant) -> None:
    plant.confirm()
    mate = Contact.objects.get(person=plant.mate)
    actions.judge(mate.public_id, Grade.EXCLUDED, reason="nghỉ ốm hôm đó", **asks(plant))
    assert plant.mate.pk not in f1()
    actions.trace_again(plant.case.public_id, **asks(plant))
    now = Contact.objects.get(person=plant.mate)
    assert (now.public_id, now.grade, now.traced_grade) == (mate.public_id, Grade.EXCLUDED, Grade.CLOSE)
    assert Contact.objects.order_by("-rank").first() == now
    actions.withdraw(Judgement.objects.get().public_id, why="có đi làm", **asks(plant))
    assert grade_of(plant.mate) == Grade.CLOSE
    assert plant.mate.pk in f1()
    causes = list(Change.objects.filter(person=plant.mate).order_by("id").values_list("before", "after"))
    assert causes == [(0, 3), (3, 0)]


def test_a_second_decision_replaces_the_first(plant: Plant) -> None:
    plant.confirm()
    diner = Contact.objects.get(person=plant.diner)
    actions.judge(diner.public_id, Grade.CLOSE, reason="ngồi cùng mâm", **asks(plant))
    actions.judge(diner.public_id, Grade.NEAR, reason="bàn bên", **asks(plant))
    assert grade_of(plant.diner) == Grade.NEAR
    assert Judgement.objects.filter(withdrawn_at=None).count() == 1
    assert Judgement.objects.count() == 2


def test_an_f1_who_becomes_a_case_makes_their_own_and_a_discard_takes_them_back(plant: Plant) -> None:
    guest = PersonFactory(unit=plant.commune)
    stay(plant.lodger, plant.room, on(14, 18), on(15, 6))
    stay(guest, plant.room, on(14, 18), on(15, 6))
    plant.confirm()
    while actions.count_met(at=AT):
        pass
    assert guest.pk not in f1()
    assert queries.degree_of(guest.pk, "covid19") == 2
    assert [far.person_id for far in queries.farther(plant.case, 2, at=AT).people] == [guest.pk]
    case = CaseFactory(person=plant.lodger, onset_on=date(2021, 5, 15))
    classify(case.public_id, Status.CONFIRMED, **asks(plant))
    assert guest.pk in f1()
    assert Degree.objects.get(person=plant.lodger).degree == 0
    classify(case.public_id, Status.DISCARDED, ground="nhầm mẫu", **asks(plant))
    assert guest.pk not in f1()
    assert Degree.objects.get(person=plant.lodger).degree == 1
    gone = Change.objects.filter(case=case, after=None).values_list("person", flat=True)
    assert guest.pk in set(gone)


def test_quarantine_ends_what_an_f1_passes_on(plant: Plant) -> None:
    guest = PersonFactory(unit=plant.commune)
    stay(plant.lodger, plant.room, on(14, 18), on(15, 6))
    stay(guest, plant.room, on(14, 18), on(15, 6))
    plant.confirm()
    actions.set_quarantined({plant.lodger.pk: on(14, 12)})
    while actions.count_met(at=AT):
        pass
    assert queries.degree_of(guest.pk, "covid19") is None


def test_farther_degrees_are_searched_for(plant: Plant) -> None:
    one, two = PersonFactory(unit=plant.commune), PersonFactory(unit=plant.commune)
    room = SiteFactory(kind=SiteKind.ROOM, setting=Setting.ROOM, unit=plant.commune)
    stay(plant.lodger, plant.room, on(14, 18), on(14, 20))
    stay(one, plant.room, on(14, 18), on(14, 20))
    for person in (one, two):
        stay(person, room, on(15, 8), on(15, 12))
    plant.confirm()
    while actions.count_met(at=AT):
        pass
    third = queries.farther(plant.case, 3, at=AT)
    assert [(far.person_id, far.through) for far in third.people] == [(two.pk, [one.pk])]


def test_who_looks_is_told_what_changed_since(plant: Plant) -> None:
    plant.confirm()
    assert not queries.changes_since(plant.viewer, plant.case, plant.user)
    guest = PersonFactory(unit=plant.commune)
    stay(guest, plant.room, on(12, 20), on(12, 21))
    assert actions.note_late_presence(at=AT) >= 1
    assert actions.retrace_stale(at=AT) == 1
    since = queries.changes_since(plant.viewer, plant.case, plant.user)
    assert [c.person for c in since.new] == [guest]
    assert not since.gone
    actions.note_seen(plant.case.public_id, **asks(plant))
    assert Look.objects.get().at == AT
    assert not queries.changes_since(plant.viewer, plant.case, plant.user)


def test_who_may_not_edit_contacts_is_denied(plant: Plant) -> None:
    plant.confirm()
    company = SiteFactory(kind=SiteKind.COMPANY, unit=plant.commune)
    employer = make_user("cong_ty", "company_officer", site=company)
    viewer = viewer_of(employer, on=date(2021, 5, 16))
    contact = Contact.objects.get(person=plant.mate)
    with pytest.raises(Denied):
        actions.judge(contact.public_id, Grade.NEAR, reason="xa", viewer=viewer, by=employer, at=AT)
    nurse = make_user("tram_xa", "commune_officer", unit=UnitFactory(parent=plant.province))
    with pytest.raises(Contact.DoesNotExist):
        actions.judge(
            contact.public_id, Grade.NEAR, reason="xa", viewer=viewer_of(nurse, on=date(2021, 5, 16)), by=nurse, at=AT
        )  # fmt: skip


def test_the_pages_name_decide_and_end(plant: Plant, client: Client) -> None:
    plant.confirm()
    client.force_login(plant.user)
    friend = PersonFactory(unit=plant.commune, full_name="Hoàng Thị Lụa", folded="hoang thi lua")
    address = reverse("contacts:link")
    ends = f"?case={plant.case.public_id}&person={friend.public_id}"
    offered = client.get(f"{address}?case={plant.case.public_id}&q=lua")
    assert friend.public_id in offered.content.decode()
    empty = client.post(address + ends, {"said_by": "case", "grade": "0", "reason": "", "place": "Mão Điền"})
    assert "Mão Điền" in empty.content.decode()
    assert not Link.objects.exists()
    made = client.post(address + ends, {"said_by": "case", "grade": "0", "reason": "ăn cưới"}, follow=True)
    assert "ăn cưới" in made.content.decode()
    contact = Contact.objects.get(person=friend)
    client.post(reverse("contacts:judge", args=[contact.public_id]), {"grade": "3", "reason": "không gặp"})
    assert grade_of(friend) == Grade.EXCLUDED
    page = client.get(reverse("contacts:contact", args=[contact.public_id])).content.decode()
    assert "không gặp" in page
    listed = client.get(reverse("contacts:list_of_case", args=[plant.case.public_id])).content.decode()
    assert "?grade=3" in listed
    client.post(reverse("contacts:withdraw", args=[Judgement.objects.get().public_id]), {"reason": "có gặp"})
    client.post(reverse("contacts:unlink", args=[Link.objects.get().public_id]), {"reason": "nhầm"})
    assert grade_of(friend) is None


def test_lists_by_day_and_by_site_are_of_people_worst_first(
    plant: Plant, client: Client, django_assert_max_num_queries: Any
) -> None:
    plant.confirm()
    other = CaseFactory(person=PersonFactory(unit=plant.commune), onset_on=date(2021, 5, 14))
    name(plant, other, plant.diner, grade=Grade.NEAR)
    client.force_login(plant.user)
    with django_assert_max_num_queries(48):
        page = client.get(reverse("contacts:list"), {"grade": "2"})
    rows = list(page.context["page"])
    assert [r.person for r in rows] == [plant.lodger, plant.mate, plant.diner]
    assert [c.case_id for c in rows[2].contacts] == [other.pk, plant.case.pk]
    there = client.get(
        reverse("contacts:list"),
        {"site": plant.canteen.code, "grade": "2", "first": "2021-05-13", "last": "2021-05-13"},
    )
    assert [r.person for r in there.context["page"]] == [plant.diner]
    nobody = client.get(
        reverse("contacts:list"),
        {"site": plant.canteen.code, "grade": "2", "first": "2021-05-14", "last": "2021-05-15"},
    )
    assert not list(nobody.context["page"])
    taken = client.get(reverse("contacts:export_list"), {"format": "csv", "grade": "2"})
    lines = b"".join(taken.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert Event.objects.filter(kind="contacts.listed_exported").exists()
    far = client.get(reverse("contacts:further_of_case", args=[plant.case.public_id, 3]))
    assert far.status_code == 200


@pytest.mark.parametrize("role", ["epidemiologist", "commune_officer"])
def test_the_list_over_all_cases_costs_the_same_for_one_and_for_many(
    plant: Plant, client: Client, role: str, django_assert_max_num_queries: Any
) -> None:
    plant.confirm()
    for _ in range(12):
        friend = PersonFactory(unit=plant.commune)
        name(plant, plant.case, friend)
    user = make_user("xem", role, unit=plant.province if role == "epidemiologist" else plant.commune)
    client.force_login(user)
    client.get(reverse("contacts:list"))
    with django_assert_max_num_queries(48):
        page = client.get(reverse("contacts:list"))
    assert len(page.context["page"].object_list) >= 12
