"""Self-declaration forms: what came back is evidence of the F1's own; merges and retention take it along."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import CaseFactory
from tests.integration.interviews.world import DAY, NOW, World
from tuyendau.access import Denied
from tuyendau.core.acting import as_program
from tuyendau.core.audit.models import Event
from tuyendau.records.cases.actions import classify
from tuyendau.records.cases.rules import Status
from tuyendau.records.contacts.actions import trace_confirmed
from tuyendau.records.contacts.models import Contact, Evidence
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.actions.keeping import KEEPING
from tuyendau.records.interviews.models import Declaration, Declared, Interview, Named
from tuyendau.records.interviews.queries import live
from tuyendau.records.people.actions import merge, unmerge
from tuyendau.records.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]


@pytest.fixture
def world() -> World:
    made = World()
    trace_confirmed(made.case.pk, at=NOW)
    return made


def give_back(world, people, **changed):
    told = {"returned_on": date(2021, 5, 15), "case_id": world.case.public_id, **world.acting(), **changed}
    return actions.take_declaration(world.colleague.public_id, people, **told)


def test_the_forms_of_a_case_are_for_its_close_contacts(world) -> None:
    viewer = world.acting()["viewer"]
    (one,) = queries.f1_of_case(viewer, world.case)
    assert (one.person, one.first, one.last) == (world.colleague, DAY, DAY)
    with pytest.raises(Denied):
        queries.f1_of_case(world.acting(world.officer)["viewer"], world.case)


def test_what_came_back_is_kept_with_whom_it_means(world) -> None:
    world.seller.phone = "+84987654321"
    world.seller.save()
    give_back(
        world,
        [
            actions.NewDeclared("Phạm Thị Bán", DAY, phone="+84987654321", relation="bán hàng"),
            actions.NewDeclared("Không Rõ", DAY, relation="bạn"),
        ],
    )
    found = queries.declared_by([world.colleague.pk])[world.colleague.pk]
    assert [(each.person, each.relation) for each in found] == [(world.seller, "bán hàng"), (None, "bạn")]
    assert len(queries.f1(world.acting()["viewer"], world.colleague.public_id).declarations) == 1


def test_nobody_met_is_an_answer_and_the_future_is_none(world) -> None:
    assert give_back(world, []).people.count() == 0
    with pytest.raises(actions.InterviewRefused):
        give_back(world, [], returned_on=date(2021, 5, 16))
    with pytest.raises(Person.DoesNotExist):
        give_back(world, [], **world.acting(world.stranger))
    assert Declaration.objects.count() == 1


def test_a_form_is_taken_out_with_a_reason(world) -> None:
    made = give_back(world, [actions.NewDeclared("Ai Đó", DAY)])
    with pytest.raises(actions.InterviewRefused):
        actions.remove_declaration(made.public_id, ground=" ", **world.acting())
    actions.remove_declaration(made.public_id, ground="nhập nhầm người", **world.acting())
    assert not Declared.objects.exists()


def test_words_follow_their_person_into_a_merge_and_out_again(world) -> None:
    twin = Person.objects.create(full_name="Lê Văn Cùng", folded="le van cung", unit=world.commune)
    interview = world.begin()
    actions.name_person(
        interview.public_id, actions.NewNamed(way="work", person=world.colleague.public_id), **world.acting()
    )
    give_back(world, [])
    joined = merge(twin.public_id, world.colleague.public_id, ground="một người", **world.acting(world.chief))
    assert (Named.objects.get().person, Declaration.objects.get().person) == (twin, twin)
    unmerge(joined.public_id, ground="hai người", **world.acting(world.chief))
    assert (Named.objects.get().person, Declaration.objects.get().person) == (world.colleague,) * 2


def test_what_was_kept_long_enough_goes_but_for_people_on_hold(world) -> None:
    interview = world.begin()
    actions.save_answers(interview.public_id, {"work": "x"}, base=0, **world.acting())
    give_back(world, [actions.NewDeclared("Ai Đó", DAY)])
    before = date(2023, 1, 1)
    found = KEEPING.preview(before, frozenset())
    assert found.rows == {
        "interviews_interview": 1, "interviews_answer": 1, "interviews_declaration": 1, "interviews_declared": 1,
    }  # fmt: skip
    KEEPING.remove(before, frozenset({world.person.public_id, world.colleague.public_id}))
    with as_program():
        assert (Interview.objects.count(), Declaration.objects.count()) == (1, 1)
    KEEPING.remove(before, frozenset())
    with as_program():
        assert (Interview.objects.count(), Declaration.objects.count()) == (0, 0)


def test_whom_an_f1_declared_becomes_a_contact_when_they_turn_out_to_be_a_case(world) -> None:
    """Only those met in what is now the infectious window; a name on a form is a person on record from then on."""
    give_back(
        world,
        [
            actions.NewDeclared("Vợ Anh Cùng", DAY, phone="+84912345678", relation="vợ"),
            actions.NewDeclared("Bạn Cũ", date(2021, 4, 1), relation="bạn"),
        ],
    )
    case = CaseFactory(person=world.colleague, onset_on=date(2021, 5, 14), reported_on=date(2021, 5, 15))
    classify(case.public_id, Status.CONFIRMED, **world.acting(world.chief))
    wife = Person.objects.get(full_name="Vợ Anh Cùng")
    assert wife.unit == world.commune
    contact = Contact.objects.get(case=case, person=wife)
    assert contact.exposures.get(evidence=Evidence.REPORTED).note == "vợ"
    assert not Person.objects.filter(full_name="Bạn Cũ").exists()


def test_open_pages_are_told(world) -> None:
    interview = world.begin()
    actions.save_answers(interview.public_id, {"work": "x"}, base=0, **world.acting())
    with as_program():
        saved = Event.objects.get(kind="interview.saved")
        begun = Event.objects.get(kind="interview.begun")
        told = live.notices([saved, begun])
    assert {notice.topic for notice in told[saved.pk]} == {
        f"interview:{interview.public_id}", f"interviews:{world.case.public_id}",
    }  # fmt: skip
    assert "interviews" in {notice.topic for notice in told[begun.pk]}
    where = {notice.where for notice in told[saved.pk]}
    assert all(place is not None and world.commune.pk in place.units for place in where)
