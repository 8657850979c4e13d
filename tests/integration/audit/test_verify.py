"""Whoever owns the tables can change anything; the chain shows that, and what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from tuyendau.core.audit import actions
from tuyendau.core.audit.models import Event, Link
from tuyendau.core.audit.queries import Break, Fault, anchor_holds, chain, head, verify

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2021, 5, 20, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ten_events(transactional_db: None) -> None:
    for number in range(10):
        with transaction.atomic():
            actions.record("one", by=None, at=NOW, subject=f"case_{number}", data={"n": number})


@contextmanager
def owner() -> Iterator[Callable[[str], None]]:
    """Act as the owner who has switched the guards off for a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_link DISABLE TRIGGER USER"
        )
        try:
            yield cursor.execute
        finally:
            cursor.execute(
                "ALTER TABLE audit_event ENABLE TRIGGER USER; ALTER TABLE audit_link ENABLE TRIGGER USER"
            )
            cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_truncate")
            cursor.execute("ALTER TABLE audit_link DISABLE TRIGGER audit_link_no_truncate")


def event(seq: int) -> int:
    return Link.objects.get(seq=seq).event_id


def faults(after: int = 0) -> list[tuple[Fault, int]]:
    return [(found.fault, found.seq) for found in verify(after).breaks]


def test_an_untouched_chain_is_whole() -> None:
    report = verify()
    assert report.whole
    assert (report.first, report.last, report.checked) == (1, 10, 10)
    assert (report.last, report.digest) == head()


@pytest.mark.parametrize(
    "change",
    [
        "data = '{}'",
        "kind = 'two'",
        "subject = 'x'",
        "at = at + interval '1 us'",
        "ground = 'x'",
        "device = 'x'",
    ],
)
def test_a_changed_event_is_named_and_it_alone(change: str) -> None:
    with owner() as execute:
        execute(f"UPDATE audit_event SET {change} WHERE id = {event(4)}")
    assert verify().breaks == [Break(Fault.CHANGED, 4, event(4))]


def test_a_changed_digest_is_named() -> None:
    with owner() as execute:
        execute("UPDATE audit_link SET digest = sha256('') WHERE seq = 4")
    assert faults() == [(Fault.CHANGED, 4)]


def test_a_removed_event_is_named() -> None:
    gone = event(4)
    with owner() as execute:
        execute(f"DELETE FROM audit_event WHERE id = {gone}")
    assert verify().breaks == [Break(Fault.REMOVED, 4, gone)]


def test_events_removed_with_their_links_leave_a_gap() -> None:
    with owner() as execute:
        execute(f"DELETE FROM audit_event WHERE id IN ({event(4)}, {event(5)})")
        execute("DELETE FROM audit_link WHERE seq IN (4, 5)")
    assert verify().breaks == [Break(Fault.LINKS_REMOVED, 4, until=5)]


def test_the_first_event_removed_leaves_a_gap() -> None:
    with owner() as execute:
        execute(f"DELETE FROM audit_event WHERE id = {event(1)}")
        execute("DELETE FROM audit_link WHERE seq = 1")
    assert verify().breaks == [Break(Fault.LINKS_REMOVED, 1, until=1)]


def test_a_gap_that_was_closed_again_shows_from_there_on() -> None:
    with owner() as execute:
        execute(f"DELETE FROM audit_event WHERE id = {event(4)}")
        execute("DELETE FROM audit_link WHERE seq = 4")
        execute("UPDATE audit_link SET seq = -seq WHERE seq > 4")
        execute("UPDATE audit_link SET seq = -seq - 1 WHERE seq < 0")
    assert {fault for fault, _ in faults()} == {Fault.CHANGED}
    assert [seq for _, seq in faults()] == [4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(("one", "other"), [(4, 5), (2, 8), (1, 10)])
def test_events_in_each_others_places_are_named(one: int, other: int) -> None:
    first, second = event(one), event(other)
    with owner() as execute:
        execute(f"UPDATE audit_link SET event_id = -1 WHERE seq = {one}")
        execute(f"UPDATE audit_link SET event_id = {first} WHERE seq = {other}")
        execute(f"UPDATE audit_link SET event_id = {second} WHERE seq = {one}")
    assert verify().breaks == [Break(Fault.REORDERED, one, second), Break(Fault.REORDERED, other, first)]


@pytest.mark.parametrize(("one", "other"), [(4, 5), (2, 8), (1, 10)])
def test_links_in_each_others_places_are_named(one: int, other: int) -> None:
    with owner() as execute:
        execute(f"UPDATE audit_link SET seq = -1 WHERE seq = {one}")
        execute(f"UPDATE audit_link SET seq = {one} WHERE seq = {other}")
        execute(f"UPDATE audit_link SET seq = {other} WHERE seq = -1")
    assert faults() == [(Fault.REORDERED, one), (Fault.REORDERED, other)]


def test_an_event_without_a_link_is_named() -> None:
    unchained = event(10)
    with owner() as execute:
        execute("DELETE FROM audit_link WHERE seq = 10")
    assert verify().breaks == [Break(Fault.UNCHAINED, event=unchained)]


def test_a_tail_cut_off_whole_shows_only_by_an_anchor() -> None:
    anchor = head()
    with owner() as execute:
        execute(f"DELETE FROM audit_event WHERE id >= {event(8)}")
        execute("DELETE FROM audit_link WHERE seq >= 8")
    assert verify().whole
    assert not anchor_holds(*anchor)


def test_a_chain_computed_anew_shows_only_by_an_anchor() -> None:
    anchor = head()
    with owner() as execute:
        execute(f"UPDATE audit_event SET data = '{{}}' WHERE id = {event(4)}")
        for seq in range(4, 11):
            execute(
                f"UPDATE audit_link link SET digest = audit_digest(before.digest, {seq}, event) "
                f"FROM audit_event event, audit_link before "
                f"WHERE link.seq = {seq} AND before.seq = {seq - 1} AND event.id = link.event_id"
            )
    assert verify().whole
    assert not anchor_holds(*anchor)
    assert anchor_holds(3, bytes(Link.objects.get(seq=3).digest))


def test_a_guard_that_is_off_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only")
        try:
            assert verify().breaks == [Break(Fault.UNGUARDED, name="audit_event_append_only")]
        finally:
            cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only")


@pytest.mark.parametrize("window", [1, 2, 3, 7])
def test_windows_find_the_same(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "WINDOW", window)
    assert verify().whole
    with owner() as execute:
        execute(f"UPDATE audit_event SET kind = 'two' WHERE id IN ({event(3)}, {event(7)})")
        execute(f"DELETE FROM audit_event WHERE id = {event(5)}")
        execute("DELETE FROM audit_link WHERE seq IN (5, 9)")
    unchained = Event.objects.filter(link=None).get().pk
    assert sorted(verify().breaks, key=lambda b: (b.seq, b.event)) == [
        Break(Fault.UNCHAINED, event=unchained),
        Break(Fault.CHANGED, 3, event(3)),
        Break(Fault.LINKS_REMOVED, 5, until=5),
        Break(Fault.CHANGED, 7, event(7)),
        Break(Fault.LINKS_REMOVED, 9, until=9),
    ]


def test_only_the_new_part_is_looked_at_where_asked() -> None:
    with owner() as execute:
        execute(f"UPDATE audit_event SET kind = 'two' WHERE id IN ({event(3)}, {event(7)})")
    assert faults(after=5) == [(Fault.CHANGED, 7)]
    assert verify(10).checked == 0
