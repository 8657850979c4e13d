"""Each event gets its place as its transaction commits: no gaps, in the order of commits, each on the one before."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, transaction

from tests.factories import CaseFactory, make_user
from tests.factories import UnitFactory as Commune
from tuyendau.core.audit import actions
from tuyendau.core.audit.models import Event, Link
from tuyendau.core.audit.queries import events_after, head

NOW = datetime(2021, 5, 20, 1, 2, 3, 456_789, tzinfo=UTC)


@pytest.fixture
def other(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A second connection to the test database, without Django."""
    parts = connection.get_connection_params()
    with psycopg.connect(**{k: parts[k] for k in ("dbname", "host", "user") if parts.get(k)}) as second:
        yield second


def write(kind: str) -> Event:
    with transaction.atomic():
        return actions.record(kind, by=None, at=NOW, subject="case_1")


def insert(second: psycopg.Connection, kind: str) -> None:
    second.execute(
        "INSERT INTO audit_event (at, kind, subject, data) VALUES (%s, %s, 'case_1', '{}')", [NOW, kind]
    )


def kinds() -> list[tuple[int, str]]:
    return [(seq, event.kind) for seq, event in events_after(0, 100)]


@pytest.mark.django_db(transaction=True)
def test_the_order_is_that_of_commits_and_not_that_of_writing(other) -> None:
    insert(other, "written.first")
    write("committed.first")
    assert kinds() == [(1, "committed.first")]
    other.commit()
    assert kinds() == [(1, "committed.first"), (2, "written.first")]
    assert [event.kind for seq, event in events_after(1, 100)] == ["written.first"]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap(other) -> None:
    write("one")
    insert(other, "never")
    other.rollback()
    write("two")
    assert kinds() == [(1, "one"), (2, "two")]


@pytest.mark.django_db(transaction=True)
def test_events_of_one_transaction_follow_one_another_as_they_were_written() -> None:
    with transaction.atomic():
        for kind in ("a", "b", "c"):
            actions.record(kind, by=None, at=NOW, subject="case_1")
        assert not Link.objects.exists()
    assert kinds() == [(1, "a"), (2, "b"), (3, "c")]


@pytest.mark.django_db(transaction=True)
def test_anybody_can_compute_the_digests() -> None:
    user = make_user("can_bo", "epidemiologist", unit=Commune())
    with transaction.atomic():
        data = {"b": 1.50, "a": ["đ", None]}
        actions.record("one", by=user, at=NOW, subject="case_1", data=data, ground="PCR", device="device_1")
    write("two")
    digest = b""
    for seq, event in events_after(0, 10):
        text = [seq, event.pk, int(event.at.timestamp() * 1_000_000), event.by_id, event.kind, event.subject,
                event.data, event.ground, event.device]  # fmt: skip
        digest = hashlib.sha256(
            digest + json.dumps(text, ensure_ascii=False, sort_keys=True).encode()
        ).digest()
        assert bytes(event.link.digest) == digest
    assert head() == (2, digest)


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain() -> None:
    def work(number: int) -> None:
        for _ in range(10):
            write(f"by.{number}")
        connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert [seq for seq, _ in events_after(0, 1_000)] == list(range(1, 61))
    assert not Event.objects.filter(link=None).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_turn")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_row_does_not_hold_up_the_chain(other) -> None:
    """A foreign key that is checked at commit waits for a locked row. Whoever locked it must be able to commit."""
    case = CaseFactory()
    other.execute("SELECT FROM people_person WHERE id = %s FOR UPDATE", [case.person_id])
    insert(other, "lock.held")
    begun = threading.Event()

    def refer() -> None:
        with transaction.atomic():
            actions.record("refers", by=None, at=NOW, subject="case_1")
            CaseFactory(person=case.person, status="discarded")
            begun.set()
        connection.close()

    thread = threading.Thread(target=refer)
    thread.start()
    assert begun.wait(10)
    thread.join(0.5)
    assert thread.is_alive(), "the foreign key was to wait"
    other.commit()
    thread.join(10)
    assert kinds() == [(1, "lock.held"), (2, "refers")]


@pytest.mark.django_db(transaction=True)
def test_whoever_listens_is_told_the_number(other) -> None:
    other.autocommit = True
    other.execute("LISTEN tuyendau_events")
    write("one")
    write("two")
    assert [n.payload for n in other.notifies(timeout=5, stop_after=2)] == ["1", "2"]


@pytest.mark.django_db
def test_a_test_that_never_commits_can_have_its_links() -> None:
    actions.record("one", by=None, at=NOW, subject="case_1")
    assert not Link.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert kinds() == [(1, "one")]
    actions.record("two", by=None, at=NOW, subject="case_1")
    assert kinds() == [(1, "one"), (2, "two")]
