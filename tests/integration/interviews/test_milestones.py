"""Milestones: proposed from presence, one for cases at one place and time, sent, and what they brought in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import CaseFactory, PersonFactory, stay
from tests.integration.interviews.world import HOUR, MORNING, NOW, World
from tuyendau.records.contacts.actions import trace_confirmed
from tuyendau.records.interviews import actions, queries
from tuyendau.records.interviews.models import Milestone, MilestoneCase, MilestoneState, Verdict

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]


@pytest.fixture
def world() -> World:
    return World()


def proposed(world, case=None) -> dict:
    return queries.proposals(world.acting()["viewer"], case or world.case, at=NOW)


def test_a_market_is_proposed_and_a_small_line_is_not(world) -> None:
    found = list(proposed(world).values())
    assert [(each.site_id, each.exposure) for each in found] == [(world.market.pk, "indoors")]
    assert (found[0].span.start, found[0].span.end) == world.shopping


def test_what_was_denied_is_not_proposed_and_what_was_told_in_words_is(world) -> None:
    interview = world.begin()
    actions.judge(interview.public_id, world.known("market"), Verdict.DENIED, note="ở nhà", **world.acting())
    actions.add_stay(
        interview.public_id, MORNING + 12 * HOUR, MORNING + 14 * HOUR, words="đám cưới nhà ông Tư",
        unit=world.beside, **world.acting(),
    )  # fmt: skip
    (found,) = proposed(world).values()
    assert (found.site_id, found.words, found.unit_id) == (None, "đám cưới nhà ông Tư", world.beside.pk)


def make(world, case=None, **acting):
    case = case or world.case
    return actions.add_proposals(case.public_id, proposed(world, case), **(acting or world.acting()))


def test_two_cases_at_one_place_and_time_share_a_milestone(world) -> None:
    (one,) = make(world)
    assert proposed(world) == {}, "what is one already is not proposed again"
    other = CaseFactory(
        person=PersonFactory(unit=world.commune), status="confirmed", onset_on=date(2021, 5, 14),
        reported_on=date(2021, 5, 15), isolated_at=NOW,
    )  # fmt: skip
    stay(other.person, world.market, world.shopping[1] + HOUR, world.shopping[1] + 3 * HOUR)
    (same,) = make(world, other)
    assert same == one
    same.refresh_from_db()
    assert (same.start, same.end) == (world.shopping[0], world.shopping[1] + 3 * HOUR)
    assert MilestoneCase.objects.filter(milestone=one).count() == 2
    (listed,) = queries.milestone_list(world.acting()["viewer"], queries.MilestoneFilter(state="draft"))
    assert listed.cases == 2


def test_it_is_seen_where_it_is_and_by_who_asks_the_case_and_names_no_case_elsewhere(world) -> None:
    (one,) = make(world)
    there = world.acting(world.stranger)["viewer"]
    assert list(queries.milestone_list(there, queries.MilestoneFilter(unit=world.beside.code))) == [one]
    assert queries.cases_of(there, one) == []
    assert queries.cases_of(world.acting()["viewer"], one) == [world.case]
    assert list(queries.milestone_list(there, queries.MilestoneFilter(day=date(2021, 5, 1)))) == []


def test_it_is_sent_traced_and_closed_in_that_order(world) -> None:
    (one,) = make(world)
    with pytest.raises(actions.InterviewRefused, match="cannot become"):
        actions.set_milestone_state(one.public_id, MilestoneState.TRACED, **world.acting())
    assert queries.due(world.acting()["viewer"], date(2021, 5, 15)).unsent_count == 1
    for state in (MilestoneState.SENT, MilestoneState.TRACED, MilestoneState.CLOSED):
        actions.set_milestone_state(one.public_id, state, **world.acting(world.stranger))
    one.refresh_from_db()
    assert (one.state, one.state_by) == ("closed", world.stranger)
    told = actions.PlaceAndTime(MORNING, MORNING + HOUR, site_code="CHO")
    with pytest.raises(actions.InterviewRefused, match="closed"):
        actions.edit_milestone(one.public_id, told, **world.acting())


def test_a_milestone_by_hand_and_what_cannot_be(world) -> None:
    told = actions.PlaceAndTime(MORNING, MORNING + HOUR, words="quán nước đầu làng", unit=world.commune)
    made = actions.add_milestone(world.case.public_id, told, **world.acting())
    assert (made.site, made.words, made.unit) == (None, "quán nước đầu làng", world.commune)
    for start, end, words in ((MORNING, MORNING, "x"), (MORNING, MORNING + HOUR, " ")):
        with pytest.raises(actions.InterviewRefused):
            actions.add_milestone(
                world.case.public_id, actions.PlaceAndTime(start, end, words=words), **world.acting()
            )
    assert Milestone.objects.count() == 1


def test_the_contacts_that_it_brought_in_are_those_met_there_and_then(world) -> None:
    trace_confirmed(world.case.pk, at=NOW)
    (one,) = make(world)
    chief = world.acting(world.chief)["viewer"]
    assert [contact.person for contact in queries.brought_in(chief, one)] == [world.seller]
    assert list(queries.brought_in(world.acting()["viewer"], one)) == [], "of another commune"
    later = actions.PlaceAndTime(
        world.shopping[1] + HOUR, world.shopping[1] + timedelta(hours=2), site_code="CHO"
    )
    actions.edit_milestone(one.public_id, later, **world.acting())
    one.refresh_from_db()
    assert list(queries.brought_in(chief, one)) == []
