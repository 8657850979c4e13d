"""The end of keeping: whole days are dropped, with everything that was made of them."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import OperationalError, connection, transaction
from django.db.models import F

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.visits.actions.partitions import ensure_partitions
from tuyendau.records.visits.models import Batch, Excused, Removal, Segment, Statement

log = logging.getLogger(__name__)

_ATTEMPTS = 40
_PAUSE_SECONDS = 0.25

# A stay that reaches into the days that are kept is kept from there on.
_CUT = """
INSERT INTO visits_visit (person_id, site_id, start, "end", end_assumed, source, recorded_at)
SELECT person_id, site_id, %(kept)s, "end", end_assumed, source, recorded_at FROM visits_visit
WHERE start < %(kept)s AND start >= %(kept)s::timestamptz - interval '62 days' AND "end" > %(kept)s
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Dropped:
    """What the dropping of days takes, or took: days, and rows of visits, encounters and batches of senders."""

    days: int
    visits: int
    encounters: int
    batches: int


@as_program()
def would_drop(day: date) -> Dropped:
    """What `drop_days_before(day)` would take now."""
    before = clock.midnight(day)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM visits_visit WHERE start < %(b)s), "
            "(SELECT count(*) FROM visits_encounter WHERE start < %(b)s), "
            "(SELECT count(*) FROM visits_batch WHERE received_at < %(b)s)",
            {"b": before},
        )
        visits, encounters, batches = cursor.fetchone()
    return Dropped(len(_days_before(day)), visits, encounters, batches)


def drop_days_before(day: date, *, by: AbstractBaseUser | None, at: datetime) -> Dropped:
    """Drop the visits, encounters, segments, notes and batches of every day before `day`; what went.

    A stay that reaches from a dropped day into `day` is kept from that midnight on. First nothing of those days is
    taken in any more, then they go day by day, each in one transaction, so that a reader sees a day whole or not at
    all. Begun again after a crash it goes on where it was. Batches go by the day on which they came: nothing that
    they told of is later. Raises `OperationalError` where a reader holds a day for more than ten seconds on end.
    """
    taken = would_drop(day)
    ensure_partitions([day])
    with as_program():
        Removal.objects.filter(kept_from__lt=day).update(kept_from=day)
        with connection.cursor() as cursor:
            cursor.execute(_CUT, {"kept": clock.midnight(day)})
        audit.record(
            "visits.dropped",
            by=by,
            at=at,
            subject="visits",
            data={
                "before": day.isoformat(),
                "days": taken.days,
                "visits": taken.visits,
                "encounters": taken.encounters,
                "batches": taken.batches,
            },
            ground="retention",
        )
    for each in _days_before(day):
        _drop(each)
    with as_program():
        Batch.objects.filter(received_at__lt=clock.midnight(day)).delete()
        Statement.objects.filter(end__lte=clock.midnight(day)).delete()
        Excused.objects.filter(day__lt=day).delete()
    return taken


@as_program()
def _days_before(day: date) -> list[date]:
    """Days before `day` that have a part of a table, a segment or notes, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d FROM (SELECT visits_days_kept() AS d UNION SELECT day FROM visits_segment "
            "UNION SELECT day FROM visits_pending) AS days WHERE d < %s ORDER BY d",
            [day],
        )
        return [row[0] for row in cursor.fetchall()]


def _drop(day: date) -> None:
    """Drop one day, trying again where somebody reads it at the moment."""
    for attempt in range(_ATTEMPTS):
        try:
            with as_program():
                # Whoever publishes the day at this moment has it first.
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(7041930)")
                    cursor.execute("DELETE FROM visits_pending WHERE day = %s", [day])
                    cursor.execute("SELECT visits_drop_day(%s)", [day])
                Segment.objects.filter(day=day).delete()
                Removal.objects.update(drops=F("drops") + 1)
            break
        except OperationalError as error:
            held = isinstance(
                error.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected
            )
            if not held or attempt == _ATTEMPTS - 1 or transaction.get_connection().in_atomic_block:
                raise
            time.sleep(_PAUSE_SECONDS)
    for file in Path(settings.SEGMENTS).glob(f"*presence-{day.isoformat()}-*.arrow*"):
        file.unlink(missing_ok=True)
    log.info("dropped %s", day)
