"""Samples make test days good; the first negative of an F1 sets the F2 free; an F1 who is a case makes them F1."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.integration.followup.conftest import NOW, TODAY, Field
from tuyendau.core.audit import actions as audit
from tuyendau.records.cases.models import Sample
from tuyendau.records.followup import actions
from tuyendau.records.followup.models import FollowUp, State, Why
from tuyendau.records.people.models import Person

pytestmark = pytest.mark.django_db


def sampled(person: Person, taken_at: datetime, result: str = "") -> None:
    """A sample as the laboratory's part records it, and its result."""
    sample = Sample.objects.create(
        person=person, disease="covid19", number=f"M{person.pk}{result}", specimen="nasopharyngeal",
        taken_at=taken_at, recorded_at=taken_at,
    )  # fmt: skip
    kind = "result.recorded" if result else "sample.taken"
    audit.record(kind, by=None, at=taken_at, subject=sample.public_id, data={"result": result})


@pytest.fixture
def f1(field: Field) -> FollowUp:
    person = field.person()
    field.meets(person, TODAY - timedelta(days=2))
    field.told()
    return field.of(person)


@pytest.fixture
def f2(field: Field, f1: FollowUp) -> FollowUp:
    return actions.open_by_hand(
        field.person(), disease="covid19", degree=2, exposed_on=TODAY - timedelta(days=1), ground="Ăn cơm cùng",
        source=f1.person.public_id, viewer=field.viewer(field.officer), by=field.officer, at=NOW,
    )  # fmt: skip


def test_a_sample_makes_its_test_day_good(f1: FollowUp) -> None:
    assert f1.next_test_on == TODAY - timedelta(days=1)
    sampled(f1.person, NOW)
    f1.refresh_from_db()
    assert (f1.tested_on, f1.next_test_on) == (TODAY, TODAY + timedelta(days=12))


def test_the_first_negative_of_the_f1_sets_the_f2_free(f1: FollowUp, f2: FollowUp) -> None:
    sampled(f1.person, NOW - timedelta(days=2), "negative")
    f2.refresh_from_db()
    assert f2.ended_at is None, "the sample was taken before they met"
    sampled(f1.person, NOW, "positive")
    f2.refresh_from_db()
    assert f2.ended_at is None
    Sample.objects.all().delete()
    sampled(f1.person, NOW, "negative")
    f2.refresh_from_db()
    assert (f2.state, f2.why) == (State.COMPLETED, Why.SOURCE_NEGATIVE)


def test_the_f2_of_an_f1_who_is_a_case_is_an_f1(field: Field, f1: FollowUp, f2: FollowUp) -> None:
    case = field.confirmed()
    case.person = f1.person
    case.save()
    field.told(case=case)
    f2.refresh_from_db()
    assert (f2.ended_at, f2.degree, f2.regime, f2.case) == (None, 1, "vn.covid19.f1.21days", case)
    assert f2.last_day == TODAY - timedelta(days=1) + timedelta(days=21)


def test_an_f2_without_an_f1_is_refused(field: Field) -> None:
    with pytest.raises(actions.FollowUpRefused):
        actions.open_by_hand(
            field.person(), disease="covid19", degree=2, exposed_on=TODAY, ground="x",
            viewer=field.viewer(field.officer), by=field.officer, at=NOW,
        )  # fmt: skip
