"""Presence that was recorded, corrected or removed after it was traced: whom it concerns, and tracing them again.

A case is concerned where it was at the site on that day, or where its own visit changed; so is an F1. One correction
says at once whom it concerns. Everything else is found each minute by what `visits_pending` and the encounters hold
since the last time. Until they are traced again the lists say that they are behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import psycopg
from django.db import connection, transaction

from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries import Event
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.actions.degrees import count_soon
from tuyendau.records.contacts.actions.tracing import trace_case
from tuyendau.records.contacts.models import Seen, Trace

BATCH = "visits.batch"
"""The cause of a retracing for presence that came in many rows."""

_MARK_CASES = """
UPDATE contacts_trace t SET stale_since = %(at)s, stale_cause = %(cause)s FROM cases_case c
WHERE c.id = t.case_id AND t.stale_since IS NULL AND t.window_start < %(ends)s
  AND (t.window_end > %(begins)s OR (%(open)s AND c.isolated_at IS NULL)) AND c.person_id = ANY(%(people)s)
"""
_MARK_F1 = """
UPDATE contacts_degree SET stale = true, met_at = CASE WHEN %(open)s THEN NULL ELSE met_at END
WHERE degree = 1 AND (NOT stale OR met_at IS NOT NULL) AND since < %(ends)s AND until > %(begins)s
  AND person_id = ANY(%(people)s)
"""
# Whoever was at the site then, whenever they came.
_THERE = """
SELECT v.person_id FROM visits_visit v
WHERE v.site_id = %(site)s AND v.start >= %(begins)s::timestamptz - interval '62 days' AND v.start < %(ends)s
  AND v."end" > %(begins)s
"""

_UNSEEN = "xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)"
_DAYS = f"""
SELECT DISTINCT day FROM visits_pending WHERE {_UNSEEN} UNION SELECT day FROM contacts_late ORDER BY day
"""  # noqa: S608
# By day, so that each reading is of few parts; those with a window on that day are few beside those who were there.
_CONCERNED = f"""
WITH changed AS MATERIALIZED (
    SELECT DISTINCT site_id, CASE WHEN start IS NULL THEN person_id END AS person_id FROM visits_pending
    WHERE day = %(day)s AND {_UNSEEN}
    UNION SELECT site_id, person_id FROM contacts_late WHERE day = %(day)s),
wanted AS MATERIALIZED (
    SELECT c.person_id FROM contacts_trace t JOIN cases_case c ON c.id = t.case_id
    WHERE t.window_start < %(ends)s AND t.window_end > %(begins)s
    UNION SELECT person_id FROM contacts_degree WHERE degree = 1 AND since < %(ends)s AND until > %(begins)s)
SELECT person_id FROM changed WHERE person_id IS NOT NULL
UNION
SELECT v.person_id FROM visits_visit v
WHERE v.start >= %(begins)s::timestamptz - interval '1 day' AND v.start < %(ends)s AND v."end" > %(begins)s
  AND v.site_id IN (SELECT site_id FROM changed) AND v.person_id IN (SELECT person_id FROM wanted)
UNION
SELECT v.person_id FROM visits_visit v
WHERE v.start >= %(begins)s::timestamptz - interval '62 days' AND v.start < %(begins)s::timestamptz - interval '1 day'
  AND v."end" - v.start > interval '24 hours' AND v."end" > %(begins)s
  AND v.site_id IN (SELECT site_id FROM changed) AND v.person_id IN (SELECT person_id FROM wanted)
"""  # noqa: S608
_MEETINGS = f"""
SELECT unnest(ARRAY[a_id, b_id]), start, start + seconds * interval '1 second' FROM visits_encounter WHERE {_UNSEEN}
"""  # noqa: S608
# On the publisher's own connection, before the changes of a day go: those that nobody has looked through.
_KEEP_LATE = """
INSERT INTO contacts_late (day, site_id, person_id)
SELECT DISTINCT p.day, p.site_id, CASE WHEN p.start IS NULL THEN p.person_id END
FROM visits_pending p, contacts_seen s
WHERE p.day = %(day)s AND NOT pg_visible_in_snapshot(p.xid, s.snapshot::pg_snapshot)
  AND (EXISTS (SELECT FROM contacts_trace WHERE window_start < %(ends)s AND window_end > %(begins)s)
    OR EXISTS (SELECT FROM contacts_degree WHERE degree = 1 AND since < %(ends)s AND until > %(begins)s))
"""


def on_visit(event: Event) -> None:
    """One visit was told, corrected or removed: whoever was at its site then is traced again once it is committed."""
    data = event.data
    spans = [(data[a], data[b]) for a, b in (("from", "to"), ("was_from", "was_to")) if data.get(a)]
    with as_program(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT id FROM places_site WHERE public_id = %s),"
            " (SELECT id FROM people_person WHERE public_id = %s)",
            [data.get("site", ""), event.subject],
        )
        site, person = cursor.fetchone()
        marked = 0
        for begins, ends in spans:
            asked = {
                "site": site,
                "begins": datetime.fromisoformat(begins),
                "ends": datetime.fromisoformat(ends),
            }
            cursor.execute(_THERE, asked)
            people = {person for (person,) in cursor.fetchall()} | ({person} if person else set())
            marked += _mark(asked["begins"], asked["ends"], people, event.at, event.kind)
    if marked:
        count_soon()


def _mark(begins: datetime, ends: datetime, people: set[int], at: datetime, cause: str) -> int:
    """Mark the cases and the F1 among `people` (row ids) whose windows touch [begins, ends); how many.

    After one correction also a case at large is marked whose window has grown since it was traced, and an F1 is counted
    without delay.
    """
    if not people:
        return 0
    asked: dict[str, Any] = {
        "begins": begins, "ends": ends, "people": sorted(people), "at": at, "cause": cause, "open": cause != BATCH,
    }  # fmt: skip
    marked = 0
    with connection.cursor() as cursor:
        for statement in (_MARK_CASES, _MARK_F1):
            cursor.execute(statement, asked)
            marked += cursor.rowcount
    return marked


@as_program()
def note_late_presence(*, at: datetime) -> int:
    """Look through what changed in presence since the last time, and mark whom it concerns; how many marks."""
    Seen.objects.get_or_create(one=True)
    seen = Seen.objects.select_for_update().get(one=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        (now,) = cursor.fetchone()
        asked: dict[str, Any] = {"seen": seen.snapshot}
        cursor.execute(_DAYS, asked)
        days: Sequence[date] = [day for (day,) in cursor.fetchall()]
        marked = 0
        for day in days:
            begins, ends = clock.day_span(day, day)
            cursor.execute(_CONCERNED, asked | {"day": day, "begins": begins, "ends": ends})
            marked += _mark(begins, ends, {person for (person,) in cursor.fetchall()}, at, BATCH)
        cursor.execute("DELETE FROM contacts_late WHERE day = ANY(%s)", [list(days)])
        cursor.execute(_MEETINGS, asked)
        for person, begins, ends in cursor.fetchall():
            marked += _mark(begins, ends, {person}, at, BATCH)
    seen.snapshot = now
    seen.save()
    return marked


def keep_late(connection: psycopg.Connection[Any], day: date) -> None:
    """Before a day is published: keep which of its changes have not been looked through."""
    begins, ends = clock.day_span(day, day)
    connection.execute(_KEEP_LATE, {"day": day, "begins": begins, "ends": ends})


def retrace_stale(*, at: datetime, most: int = 100) -> int:
    """Trace anew the confirmed cases whose presence changed, each in a transaction of its own; how many."""
    with as_program():
        waiting = list(
            Trace.objects.exclude(stale_since=None)
            .order_by("stale_since", "id")
            .values_list("case", flat=True)[:most]
        )
    for pk in waiting:
        with as_program(), transaction.atomic():
            case = Case.objects.select_for_update().filter(pk=pk, status=CaseStatus.CONFIRMED).first()
            trace = Trace.objects.filter(case=pk).exclude(stale_since=None).first()
            if case is not None and trace is not None:
                trace_case(case, by=None, at=at, cause=trace.stale_cause)
    return len(waiting)
