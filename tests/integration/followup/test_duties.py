"""Follow-ups open, move and end with the contacts' lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import PersonFactory
from tests.integration.followup.conftest import NOW, TODAY, Field
from tuyendau.core.audit.models import Event
from tuyendau.lib import clock
from tuyendau.records.contacts.models import Contact, Grade
from tuyendau.records.followup import actions
from tuyendau.records.followup.models import FollowUp, State, Why
from tuyendau.records.people.models import Person

pytestmark = pytest.mark.django_db


def test_close_contacts_of_a_traced_case_are_followed_by_the_text_in_force(field: Field) -> None:
    close, near = field.person(), field.person()
    field.meets(close, TODAY - timedelta(days=2))
    field.meets(near, TODAY, grade=Grade.NEAR)
    field.told()
    followup = field.of(close)
    assert (followup.regime, followup.last_exposure, followup.last_day) == (
        "vn.covid19.f1.21days", TODAY - timedelta(days=2), date(2021, 6, 8),
    )  # fmt: skip
    assert followup.next_test_on == TODAY - timedelta(days=1)
    assert [s.case_id for s in followup.sources.all()] == [field.case.pk]
    assert not FollowUp.objects.filter(person=near).exists()
    assert Event.objects.get(kind="followups.changed").data == {"opened": 1, "moved": 0, "ended": 0}


def test_telling_it_again_changes_nothing(field: Field) -> None:
    field.meets(field.person(), TODAY)
    field.told()
    before = list(FollowUp.objects.order_by("pk").values())
    field.told()
    assert list(FollowUp.objects.order_by("pk").values()) == before
    assert Event.objects.filter(kind="followups.changed").count() == 1


def test_a_newer_exposure_moves_the_end(field: Field) -> None:
    person = field.person()
    contact = field.meets(person, TODAY - timedelta(days=3))
    field.told()
    contact.last += timedelta(days=2)
    contact.save()
    field.told()
    assert field.of(person).last_day == TODAY - timedelta(days=1) + timedelta(days=21)


def test_an_exposure_that_ends_at_midnight_ended_the_day_before(field: Field) -> None:
    person = field.person()
    contact = field.meets(person, TODAY)
    contact.first, contact.last = clock.day_span(TODAY - timedelta(days=1), TODAY - timedelta(days=1))
    contact.save()
    field.told()
    followup = field.of(person)
    assert (followup.first_exposure, followup.last_exposure) == (TODAY - timedelta(days=1),) * 2
    assert followup.last_day == TODAY - timedelta(days=1) + timedelta(days=21)


def test_the_contact_of_two_cases_has_one_follow_up_with_the_latest_exposure(field: Field) -> None:
    person, other = field.person(), field.confirmed()
    field.meets(person, TODAY - timedelta(days=5))
    field.meets(person, TODAY - timedelta(days=1), case=other)
    field.told()
    field.told(case=other)
    followup = field.of(person)
    assert (followup.last_exposure, followup.case) == (TODAY - timedelta(days=1), other)
    assert {s.case_id for s in followup.sources.all()} == {field.case.pk, other.pk}
    # The one is taken back, the other stays.
    Contact.objects.filter(case=other).delete()
    field.told("case.contacts_taken_back", case=other)
    followup.refresh_from_db()
    assert (followup.last_exposure, followup.case, followup.ended_at) == (
        TODAY - timedelta(days=5), field.case, None,
    )  # fmt: skip


def test_who_is_no_contact_any_more_is_not_followed(field: Field) -> None:
    person = field.person()
    contact = field.meets(person, TODAY)
    field.told()
    followup = field.of(person)
    contact.delete()
    field.told("contact.unlinked")
    followup.refresh_from_db()
    assert (followup.state, followup.why) == (State.CANCELLED, Why.TAKEN_BACK)
    # And is followed again when they are one again.
    field.meets(person, TODAY)
    field.told("contact.linked")
    assert field.of(person).pk != followup.pk


def test_an_exposure_of_long_ago_is_not_followed(field: Field) -> None:
    field.meets(field.person(), TODAY - timedelta(days=22))
    last = field.person()
    field.meets(last, TODAY - timedelta(days=21))
    field.told()
    assert [f.person for f in FollowUp.objects.filter(degree=1)] == [last]


def test_an_f1_who_becomes_f0_is_isolated_and_watched(field: Field) -> None:
    person = field.person()
    field.meets(person, TODAY)
    field.told()
    contact = field.of(person)
    case = field.confirmed()
    case.person = person
    case.save()
    field.told(case=case)
    contact.refresh_from_db()
    assert (contact.state, contact.why) == (State.CONVERTED, Why.BECAME_CASE)
    followup = field.of(person)
    assert (followup.degree, followup.regime, followup.case) == (0, "vn.covid19.f0.2021", case)
    # No case after all: an F1 of the other one again.
    case.status = "discarded"
    case.save()
    field.told("case.discarded", case=case)
    followup.refresh_from_db()
    assert followup.why == Why.TAKEN_BACK
    assert field.of(person).degree == 1


def test_who_was_ended_by_hand_is_not_opened_by_the_same_exposure(field: Field) -> None:
    person = field.person()
    contact = field.meets(person, TODAY - timedelta(days=1))
    field.told()
    actions.end_by_hand(
        field.of(person).public_id, "Ở nước ngoài", viewer=field.viewer(field.officer), by=field.officer, at=NOW
    )  # fmt: skip
    field.told()
    assert not FollowUp.objects.filter(person=person, ended_at__isnull=True).exists()
    contact.last += timedelta(days=1)
    contact.save()
    field.told()
    assert field.of(person).last_exposure == TODAY


def test_who_was_put_there_by_hand_keeps_the_later_exposure_and_stays(field: Field) -> None:
    person = field.person()
    opened = actions.open_by_hand(
        person, disease="covid19", degree=1, exposed_on=TODAY - timedelta(days=4), ground="Khai đi chung xe",
        viewer=field.viewer(field.officer), by=field.officer, at=NOW,
    )  # fmt: skip
    contact = field.meets(person, TODAY - timedelta(days=1))
    field.told()
    opened.refresh_from_db()
    assert opened.last_exposure == TODAY - timedelta(days=1)
    contact.delete()
    field.told("case.contacts_taken_back")
    opened.refresh_from_db()
    assert (opened.ended_at, opened.last_exposure, opened.last_day) == (
        None, TODAY - timedelta(days=4), date(2021, 6, 6),
    )  # fmt: skip


def test_an_officer_of_another_commune_opens_nothing(field: Field) -> None:
    with pytest.raises(actions.FollowUpRefused, match=r"reach|phạm vi"):
        actions.open_by_hand(
            field.person(unit=field.next_commune), disease="covid19", degree=1, exposed_on=TODAY, ground="x",
            viewer=field.viewer(field.officer), by=field.officer, at=NOW,
        )  # fmt: skip


def test_two_thousand_contacts_are_followed_in_a_few_statements(field: Field) -> None:
    people = Person.objects.bulk_create(
        PersonFactory.build(unit=field.commune, code=f"N{n}", public_id=f"person_{n}") for n in range(2_000)
    )
    moment = NOW - timedelta(days=1)
    Contact.objects.bulk_create(
        Contact(
            public_id=f"contact_{n}", case=field.case, person=person, grade=Grade.CLOSE, rank=n, probability=0.1,
            seconds=60, first=moment, last=moment,
        )
        for n, person in enumerate(people)
    )  # fmt: skip
    with CaptureQueriesContext(
        connection,
    ) as captured:
        field.told()
    assert FollowUp.objects.filter(degree=1).count() == 2_000
    assert (
        len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))])
        < 40
    )
