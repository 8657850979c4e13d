"""A large file of links, in the state in which the planner thinks its tables empty."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from tests.factories import CaseFactory, PersonFactory
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.actions import ReportedContact, add_reported_contacts
from tuyendau.records.contacts.models import Contact, Exposure

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2021, 5, 28, tzinfo=UTC)
LINKS = 2_500


class _TakenBack(Exception):
    pass


def test_it_ends_though_the_tables_were_counted_while_they_were_empty(segments: None) -> None:
    first: Any = CaseFactory(status="confirmed")
    people = PersonFactory.create_batch(LINKS)
    links = [ReportedContact(first.pk, person.pk, "cùng chuyến bay") for person in people]
    with suppress(_TakenBack), transaction.atomic():
        Case.objects.bulk_create([Case(person=p, status="confirmed", reported_on=AT.date()) for p in people])
        add_reported_contacts(links, by=None, at=AT)
        raise _TakenBack
    with connection.cursor() as cursor:
        # As the database does by itself after a while: pages are there, rows are none.
        cursor.execute("ANALYZE cases_case, contacts_contact, contacts_exposure")
        cursor.execute("SET statement_timeout = '8s'")
        try:
            with transaction.atomic():
                Case.objects.bulk_create(
                    [Case(person=p, status="confirmed", reported_on=AT.date()) for p in people]
                )
                assert add_reported_contacts(links, by=None, at=AT) == LINKS
        finally:
            cursor.execute("SET statement_timeout = 0")
    assert Contact.objects.filter(case=first).count() == Exposure.objects.count() == LINKS
    assert set(Contact.objects.values_list("rank", flat=True)) == set(range(1, LINKS + 1))
