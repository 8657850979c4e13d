"""The database itself refuses to change events, whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from tuyendau.core.audit import actions
from tuyendau.core.audit.queries import events_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET kind = 'nothing.happened'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_link SET seq = seq + 1",
        "DELETE FROM audit_link",
        "TRUNCATE accounts_user CASCADE",
    ],
)
def test_events_are_only_ever_added(statement: str) -> None:
    actions.record("user.added", by=None, at=datetime(2021, 5, 20, tzinfo=UTC), subject="user:1")
    with connection.cursor() as cursor:
        # Tests that commit empty all tables after them, so the test database is made without this refusal.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER audit_event_no_truncate")
        with pytest.raises(ProgrammingError, match="only ever added"), transaction.atomic():
            cursor.execute(statement)
    assert [event.kind for event in events_of("user:1")] == ["user.added"]


def test_only_the_tests_own_database_lets_events_be_emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'audit_%' AND NOT tgisinternal"
        )
        assert dict(cursor.fetchall()) == {
            "audit_event_append_only": "O",
            "audit_event_no_truncate": "D",
            "audit_event_take_turn": "O",
            "audit_link_append_only": "O",
            "audit_link_no_truncate": "D",
            "audit_turn_chain": "O",
            "history_settle": "O",
        }
