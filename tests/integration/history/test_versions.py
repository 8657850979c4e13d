"""The database keeps what was known of a row, from the moments that events tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.factories import CaseFactory, PersonFactory
from tuyendau.core.audit import actions as audit
from tuyendau.core.history.actions import Kept, kept_tables, tell_moment
from tuyendau.core.history.queries import as_known
from tuyendau.records.cases.models import Case, CaseVersion
from tuyendau.records.contacts.models import Contact, ContactVersion, Grade
from tuyendau.records.people.models import Person, PersonVersion

pytestmark = pytest.mark.django_db
START = datetime(2021, 5, 20, 1, tzinfo=UTC)


def told(hours: int, subject: str = "case_x") -> None:
    """An event so many hours after the start, in the transaction under way."""
    with transaction.atomic():
        audit.record("case.edited", by=None, at=START + timedelta(hours=hours), subject=subject)


def statuses(hours: float) -> list[str]:
    return list(as_known(CaseVersion, START + timedelta(hours=hours)).values_list("status", flat=True))


def test_a_row_is_known_from_the_event_that_tells_of_it() -> None:
    CaseFactory(status="suspected")
    told(0)
    Case.objects.update(status="confirmed")
    told(5)
    assert statuses(-0.1) == []
    assert statuses(0) == statuses(4.9) == ["suspected"]
    assert statuses(5) == statuses(500) == ["confirmed"]


def test_what_changes_twice_within_one_act_was_known_once() -> None:
    CaseFactory(status="suspected")
    told(0)
    Case.objects.update(status="probable")
    Case.objects.update(status="confirmed")
    told(5)
    assert list(CaseVersion.objects.order_by("id").values_list("status", flat=True)) == [
        "suspected",
        "confirmed",
    ]


def test_what_is_not_kept_makes_no_version() -> None:
    CaseFactory()
    told(0)
    Case.objects.update(note="something else", version=2)
    told(5)
    assert CaseVersion.objects.count() == 1


def test_a_row_that_is_deleted_was_known_until_then() -> None:
    CaseFactory(status="suspected")
    told(0)
    Case.objects.all().delete()
    told(5)
    assert statuses(4) == ["suspected"]
    assert statuses(5) == []


def test_many_rows_at_once_and_acts_in_one_transaction_stand_apart() -> None:
    with transaction.atomic():
        for _ in range(3):
            CaseFactory(status="suspected")
        told(0)
        Case.objects.filter(pk=Case.objects.first().pk).update(status="confirmed")  # type: ignore[union-attr]
        told(1)
        Case.objects.update(status="discarded")
        told(2)
    assert statuses(0.5) == ["suspected"] * 3
    assert sorted(statuses(1.5)) == ["confirmed", "suspected", "suspected"]
    assert statuses(2) == ["discarded"] * 3


def test_a_write_without_an_event_is_known_from_the_last_moment_that_was_told() -> None:
    told(3)
    CaseFactory(status="suspected")
    assert statuses(2.9) == []
    assert statuses(3) == ["suspected"]


def test_a_moment_can_be_told_without_an_event() -> None:
    with transaction.atomic():
        tell_moment(START + timedelta(hours=3))
        CaseFactory(status="suspected")
    assert statuses(2.9) == []
    assert statuses(3) == ["suspected"]


def test_a_write_that_is_taken_back_leaves_no_version() -> None:
    CaseFactory(status="suspected")
    told(0)
    with transaction.atomic():
        Case.objects.update(status="confirmed")
        transaction.set_rollback(True)
    told(5)
    assert statuses(6) == ["suspected"]


def test_only_rows_that_meet_the_condition_are_kept() -> None:
    case = CaseFactory()
    contact = Contact.objects.create(
        case=case, person=PersonFactory(), grade=Grade.AROUND, rank=1, probability=0.1, seconds=1
    )
    told(0)
    assert not ContactVersion.objects.exists()
    Contact.objects.update(grade=Grade.CLOSE)
    told(1)
    Contact.objects.update(grade=Grade.EXCLUDED)
    told(2)
    assert as_known(ContactVersion, START + timedelta(hours=1.5)).get().row == contact.pk
    assert not as_known(ContactVersion, START + timedelta(hours=2)).exists()


def test_of_people_what_stands_no_more_is_kept() -> None:
    person = PersonFactory(sex="F", birth_year=1990)
    told(0)
    assert not PersonVersion.objects.exists()
    Person.objects.filter(pk=person.pk).update(full_name="Nguyễn Thị An")
    assert not PersonVersion.objects.exists()
    Person.objects.filter(pk=person.pk).update(birth_year=1991)
    told(1)
    Person.objects.filter(pk=person.pk).update(sex="M")
    told(2)

    def was(hours: float) -> list[tuple[Any, ...]]:
        known = as_known(PersonVersion, START + timedelta(hours=hours))
        return list(known.values_list("sex", "birth_year"))

    assert was(0.5) == [("F", 1990)]
    assert was(1.5) == [("F", 1991)]
    assert was(2) == []  # as it is


def test_every_kept_column_stands_in_its_table() -> None:
    tables = {kept.table for kept in kept_tables()}
    assert {"cases_case", "contacts_contact", "followup_followup", "orders_order", "people_person"} <= tables

    class Wrong:
        of = "cases.Case"
        condition = "true"
        changes_only = False
        _meta = Person._meta

    with pytest.raises(LookupError, match="full_name"):
        Kept.of(Wrong)  # type: ignore[arg-type]


def test_the_versions_that_stand_are_the_rows_as_they_are() -> None:
    CaseFactory(onset_on=date(2021, 5, 10), reported_on=date(2021, 5, 12))
    told(0)
    Case.objects.update(onset_on=date(2021, 5, 11))
    told(1)
    names = [
        f.attname
        for f in CaseVersion._meta.concrete_fields
        if f.name not in ("id", "row", "since", "until", "act", "ended_act")
    ]
    kept = CaseVersion.objects.filter(until=None).values_list("row", *names)
    assert list(kept) == list(Case.objects.values_list("pk", *names))
