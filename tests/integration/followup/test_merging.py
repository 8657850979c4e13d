"""Follow-ups and orders go with their person into a merge and out of it again; old ones are removed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.followup.conftest import NOW, TODAY, Field
from tuyendau.records.followup import actions
from tuyendau.records.followup.actions.keeping import remove_followups
from tuyendau.records.followup.models import Check, FollowUp, Result, State, Why
from tuyendau.records.orders import actions as orders
from tuyendau.records.orders.models import Kind, Order
from tuyendau.records.people import actions as people
from tuyendau.records.people.actions.moving import MergeRefused
from tuyendau.records.people.models import Person

pytestmark = pytest.mark.django_db


def merged(field: Field, one: Person, other: Person) -> Any:
    return people.merge(
        one.public_id,
        other.public_id,
        viewer=field.viewer(field.chief),
        by=field.chief,
        at=NOW,
        ground="Trùng",
    )


def test_two_who_are_one_have_one_follow_up_and_two_again_when_parted(field: Field) -> None:
    one, other = field.person(full_name="Ngô Thị Mai"), field.person(full_name="Ngô Thị Mai")
    field.meets(one, TODAY - timedelta(days=3))
    field.meets(other, TODAY, case=field.confirmed())
    for case in {c.case for c in one.contacts.all()} | {c.case for c in other.contacts.all()}:
        field.told(case=case)
    kept, ended = field.of(one), field.of(other)
    actions.record_check(
        ended.public_id,
        actions.Found(Result.WELL),
        viewer=field.viewer(field.officer),
        by=field.officer,
        at=NOW,
    )
    merge = merged(field, one, other)
    survivor = merge.survivor
    held = FollowUp.objects.get(person=survivor, ended_at__isnull=True)
    assert held.last_exposure == TODAY
    assert FollowUp.objects.filter(person=survivor).count() == 2
    assert FollowUp.objects.get(ended_at__isnull=False).why == Why.MERGED
    people.unmerge(merge.public_id, viewer=field.viewer(field.chief), by=field.chief, at=NOW)
    assert {(f.person_id, f.state) for f in FollowUp.objects.filter(pk__in=[kept.pk, ended.pk])} == {
        (one.pk, State.OPEN), (other.pk, State.OPEN),
    }  # fmt: skip


def test_two_who_are_bound_at_once_are_not_merged_before_one_order_is_lifted(field: Field) -> None:
    one, other = field.person(), field.person()
    terms = orders.Draft(Kind.QUARANTINE, "covid19", TODAY, TODAY + timedelta(days=9), address="Thôn Núi")
    for person in (one, other):
        orders.draft_order(person, terms, viewer=field.viewer(field.officer), by=field.officer, at=NOW)
    with pytest.raises(MergeRefused):
        merged(field, one, other)
    dropped = Order.objects.get(person=other)
    orders.drop_draft(dropped.public_id, viewer=field.viewer(field.officer), by=field.officer, at=NOW)
    merge = merged(field, one, other)
    assert Order.objects.filter(person=merge.survivor).count() == 2


def test_old_follow_ups_are_removed_with_their_checks_and_those_on_hold_stay(field: Field) -> None:
    for person in (field.person(), field.person()):
        field.meets(person, TODAY)
    field.told()
    gone, held = FollowUp.objects.filter(degree=1)
    by = {"viewer": field.viewer(field.officer), "by": field.officer, "at": NOW}
    wrong = actions.record_check(gone.public_id, actions.Found(Result.WELL), **by)
    actions.correct_check(wrong.public_id, actions.Found(Result.NOT_REACHED), **by)
    for each in (gone, held):
        actions.end_by_hand(each.public_id, "Chuyển viện", **by)
    before = TODAY + timedelta(days=1)
    remove_followups(before, frozenset({held.person.public_id}))
    assert set(FollowUp.objects.filter(degree=1)) == {held}
    assert not Check.objects.exists()
