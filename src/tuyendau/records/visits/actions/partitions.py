"""The visits' table by day: each day's part is there before its first visit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import LiteralString, TypeVar

import psycopg
from django.db import IntegrityError, connection, transaction

from tuyendau.records.visits.queries.presence import open_connection

DAYS_AHEAD = 14
T = TypeVar("T")
_ATTEMPTS = 6
_PAUSE_SECONDS = 0.05


def make_ahead(today: date) -> None:
    """Make the parts of yesterday to two weeks from `today`, so that no writer has to."""
    days = [today + timedelta(days=n) for n in range(-1, DAYS_AHEAD + 1)]
    ensure_partitions(days)
    ensure_encounter_parts(days)


def ensure_partitions(days: Iterable[date]) -> None:
    """Make the parts of `days` in the table of visits that are not there yet.

    On a connection of its own: within the writer's transaction the lock would be held until that ends.
    """
    _ensure("visits_visit_", "SELECT visits_ensure_partitions(%s::date[])", days)


def ensure_encounter_parts(days: Iterable[date]) -> None:
    """Make the parts of `days` in the table of encounters that are not there yet."""
    _ensure("visits_encounter_", "SELECT visits_ensure_encounter_parts(%s::date[])", days)


def _ensure(prefix: str, make: LiteralString, days: Iterable[date]) -> None:
    wanted = sorted(set(days))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d FROM unnest(%s::date[]) AS d WHERE to_regclass(%s || to_char(d, 'YYYYMMDD')) IS NULL",
            [wanted, prefix],
        )
        missing = [row[0] for row in cursor.fetchall()]
    if not missing:
        return
    with open_connection() as own:
        for day in missing:
            own.execute(make, [[day]])


def written(write: Callable[[], T]) -> T:
    """What `write` returns, tried again where a part that was made a moment ago is not seen yet.

    PostgreSQL tells other sessions of a new partition just after it became visible; a writer in between is refused.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                return write()
        except IntegrityError as error:
            unseen = isinstance(error.__cause__, psycopg.errors.CheckViolation) and "no partition" in str(
                error
            )
            if not unseen or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_SECONDS)
    raise AssertionError("every attempt returns or raises")
