"""Publishing: a day's visits become its segment, from which tracing reads."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import psycopg
from django.conf import settings

from tuyendau.records.visits import rules
from tuyendau.records.visits.queries.arrays import Connection, visits_of_day
from tuyendau.records.visits.queries.presence import open_connection
from tuyendau.science.epi.times import date_to_day
from tuyendau.science.tracing import DaySegment, SegmentError

log = logging.getLogger(__name__)

_LOCK = 7_041_930
_BEFORE_FORGETTING: list[Callable[[Connection, date], None]] = []


def call_before_forgetting(teller: Callable[[Connection, date], None]) -> None:
    """Have `teller` run on the publisher's connection before a day's pending changes go, in the same transaction.

    For whoever goes by those changes and may not have read them yet. Call it in AppConfig.ready.
    """
    if teller not in _BEFORE_FORGETTING:
        _BEFORE_FORGETTING.append(teller)


def publish_due(*, at: datetime) -> list[date]:
    """Publish every day that is due by `rules.publish_due`; the days published. Meant for the worker, each minute.

    `at` is the real moment, as the age of what waits goes by the database's own clock and by no scenario's.
    """
    with open_connection() as connection:
        waiting = connection.execute(
            "SELECT day, count(*), %s - min(noted_at) FROM visits_pending GROUP BY day ORDER BY day", [at]
        ).fetchall()
        due = [day for day, pending, oldest in waiting if rules.publish_due(pending, oldest)]
        return [day for day in due if _published(connection, day, at)]


def _published(connection: Connection, day: date, at: datetime) -> bool:
    """Publish one of many days: one that cannot be is logged, and does not keep the others from it."""
    try:
        _publish(connection, day, at)
    except (psycopg.Error, SegmentError, OSError, ValueError):
        log.exception("%s could not be published; it is read from the database meanwhile", day)
        return False
    return True


def publish_all(*, at: datetime) -> list[date]:
    """Build the segment of every day that has visits or changes anew; the days published."""
    with open_connection() as connection:
        days = [
            row[0]
            for row in connection.execute(
                "SELECT day FROM visits_segment UNION SELECT day FROM visits_pending ORDER BY day"
            )
        ]
        for day in days:
            _publish(connection, day, at)
    return days


def publish_day(day: date, *, at: datetime) -> int:
    """Build and publish the segment of one day; the rows that it holds."""
    with open_connection() as connection:
        return _publish(connection, day, at)


def _publish(connection: Connection, day: date, at: datetime) -> int:
    """Write the day's file, then in one transaction name it and forget the changes that it holds.

    Readers see the old file and all changes, or the new file and those that came later, never a mixture: the
    transaction's snapshot is the one from which the file was built. A crash leaves at most a file without a name.
    """
    folder = Path(settings.SEGMENTS)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"presence-{day.isoformat()}-{uuid.uuid4().hex[:8]}.arrow"
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            segment = DaySegment.build(date_to_day(day), visits_of_day(connection, day))
            segment.write(folder / name)
            for teller in _BEFORE_FORGETTING:
                teller(connection, day)
            connection.execute("DELETE FROM visits_pending WHERE day = %s", [day])
            connection.execute(
                "INSERT INTO visits_segment (day, file, rows, built_at) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (day) DO UPDATE "
                "SET file = excluded.file, rows = excluded.rows, built_at = excluded.built_at",
                [day, name, len(segment), at],
            )
    except BaseException:
        (folder / name).unlink(missing_ok=True)
        raise
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    for old in folder.glob(f"*presence-{day.isoformat()}-*.arrow*"):
        if old.name != name:
            old.unlink(missing_ok=True)
    log.info("published %s: %d visits", day, len(segment))
    return len(segment)
