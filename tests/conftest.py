"""What every test stands on: the name of the test database, and the fixed cast."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Let several runs share one server, each in a database of its own name."""
    from django.conf import settings

    from tuyendau.core import acting

    # Between tests tables are emptied, which is for their owner; requests and actions act as they do in life.
    acting.rest_as(None)
    # Passwords of tests need no slow hash.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    name = os.environ.get("TUYENDAU_TEST_DB", "tuyendau")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{name}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the test database be emptied after tests that commit, as Django does; elsewhere events refuse it."""
    from django.db import connection

    from tuyendau.config import row_security

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_truncate")
        cursor.execute("ALTER TABLE audit_link DISABLE TRIGGER audit_link_no_truncate")
        # Django makes the table of the cache after the last migration, when the rules were set already.
        row_security.set_up()
    yield
    # Whoever traced has a connection of its own, which would keep the database from being dropped.
    from tuyendau.records.visits.queries.presence import forget

    forget()


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Begin each test in the program's own language: a request of the test before may have left another."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def _fresh_presence(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let each test that commits begin and end with no visits: Django empties only the tables that it manages."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    if not commits and not {"transactional_db", "live_server"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    _forget_presence()
    yield
    # The next test in this process may be one that rolls back, and would see what this one left.
    _forget_presence()


def _forget_presence() -> None:
    from django.db import connection

    from tuyendau.records.visits.queries.presence import forget

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE visits_visit, visits_pending, visits_encounter")
        cursor.execute("UPDATE visits_removal SET kept_from = DEFAULT")
    forget()


@pytest.fixture
def segments(tmp_path, settings) -> None:
    """A folder of its own for segment files."""
    settings.SEGMENTS = tmp_path / "segments"
