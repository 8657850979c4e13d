"""Keeping degrees: who is F0 and F1 in the transaction of what changes it, whom the F1 met soon after by the worker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from tuyendau.core.acting import as_program
from tuyendau.lib import clock
from tuyendau.records.contacts import tasks
from tuyendau.records.contacts.models import Degree, Quarantine
from tuyendau.records.contacts.queries.degrees import counted_grade
from tuyendau.records.contacts.queries.tracing import LEAST_SECONDS
from tuyendau.records.visits.queries import presence
from tuyendau.science.epi.diseases import disease
from tuyendau.science.tracing import Grade, Sources, to_seconds

MOST = 2_000
"""F1 whose meetings are counted in one transaction."""

_LOCK = 7_041_931

# One statement: who of these people is F0 or F1 now goes in where it differs, and whoever is neither goes.
_KEEP = """
WITH f0 AS (
    SELECT person_id, min(id) AS case_id FROM cases_case
    WHERE person_id = ANY(%(people)s) AND disease = %(disease)s AND status = 'confirmed' GROUP BY person_id),
f1 AS (
    SELECT k.person_id, (array_agg(k.case_id ORDER BY k.grade, k.first NULLS LAST, k.case_id))[1] AS case_id,
           min(coalesce(k.first, t.window_start)) AS since,
           least(max(coalesce(k.last, t.window_end)) + %(days)s * interval '1 day', min(q.since)) AS until
    FROM contacts_contact k JOIN cases_case c ON c.id = k.case_id
    LEFT JOIN contacts_trace t ON t.case_id = k.case_id
    LEFT JOIN contacts_quarantine q ON q.person_id = k.person_id
    WHERE k.person_id = ANY(%(people)s) AND c.disease = %(disease)s AND c.status = 'confirmed'
      AND k.grade <= %(counted)s AND k.person_id NOT IN (SELECT person_id FROM f0)
    GROUP BY k.person_id),
wanted AS (
    SELECT person_id, 0 AS degree, case_id, NULL::timestamptz AS since, NULL::timestamptz AS until FROM f0
    UNION ALL SELECT person_id, 1, case_id, since, until FROM f1),
gone AS (
    DELETE FROM contacts_degree WHERE person_id = ANY(%(people)s) AND disease = %(disease)s
    AND person_id NOT IN (SELECT person_id FROM wanted))
INSERT INTO contacts_degree AS d (person_id, disease, degree, case_id, since, until, met, stale)
SELECT person_id, %(disease)s, degree, case_id, since, until, '{}', degree = 1 FROM wanted ORDER BY person_id
ON CONFLICT (person_id, disease) DO UPDATE SET degree = excluded.degree, case_id = excluded.case_id,
    since = excluded.since, until = excluded.until,
    met = CASE WHEN excluded.degree = 1 THEN d.met ELSE '{}' END,
    stale = excluded.degree = 1 AND (d.stale OR d.degree <> 1 OR
        (d.since, d.until) IS DISTINCT FROM (excluded.since, excluded.until)),
    met_at = CASE WHEN (d.degree, d.since, d.until) IS NOT DISTINCT FROM (excluded.degree, excluded.since,
        excluded.until) THEN d.met_at END
WHERE (d.degree, d.case_id, d.since, d.until)
    IS DISTINCT FROM (excluded.degree, excluded.case_id, excluded.since, excluded.until)
"""


def keep_degrees(people: Iterable[int], code: str) -> None:
    """Let the degrees of these people (row ids) for a disease be what cases and contacts say, in this transaction.

    Whom the F1 among them met is counted by the worker as soon as it is committed. Of one disease one transaction does
    this at a time, from here to its end: call it late.
    """
    asked = sorted(set(people))
    if not asked:
        return
    values: dict[str, Any] = {
        "people": asked,
        "disease": code,
        "days": disease(code).incubation.most,
        "counted": counted_grade(code),
    }
    with connection.cursor() as cursor:
        # Of two who list the same person by different cases, the second must see what the first wrote.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, code])
        cursor.execute(_KEEP, values)
        changed = cursor.rowcount
    if changed:
        count_soon()


def count_soon() -> None:
    """Have the worker trace and count what stands as stale, once this transaction is committed."""
    transaction.on_commit(tasks.ask_to_catch_up, robust=True)


def count_met(*, at: datetime, rest: timedelta = timedelta(0), most: int = MOST) -> int:
    """Count whom the F1 that stand as stale met; how many F1. Meant for the worker, until it answers 0.

    Those counted less than `rest` ago wait: at a site in use presence changes every minute. Who is newly F1, or of
    another time, does not. Rows that somebody else is changing are left for the next time.
    """
    with as_program(), transaction.atomic():
        rested = Q(met_at=None) | Q(met_at__lte=at - rest)
        waiting = Degree.objects.filter(rested, degree=1, stale=True).select_for_update(skip_locked=True)
        rows = list(waiting.order_by("id")[:most])
        for code in {row.disease for row in rows}:
            _count([row for row in rows if row.disease == code], code, at)
        Degree.objects.bulk_update(rows, ["met", "met_at", "stale"], batch_size=500)
    return len(rows)


def _count(rows: list[Degree], code: str, at: datetime) -> None:
    """Fill in `met` by the engine: the contacts of each F1 between its `since` and `until`."""
    of = disease(code)
    policy = of.policy(clock.local_day(at))
    spans = [
        (row, row.since, min(row.until, at))
        for row in rows
        if row.since is not None and row.until is not None and row.since < min(row.until, at)
    ]
    for row in rows:
        row.met, row.met_at, row.stale = [], at, False
    if not spans:
        return
    sources = Sources.of(
        [row.person_id for row, _since, _until in spans],
        [to_seconds(since) for _row, since, _until in spans],
        [to_seconds(until) for _row, _since, until in spans],
    )
    found = presence().contacts(
        sources, policy, min_seconds=LEAST_SECONDS, worst=Grade(policy.counts), epi=of.parameters
    )
    order = np.lexsort((found.contact, found.source))
    source, contact = found.source[order], found.contact[order]
    for number, (row, _since, _until) in enumerate(spans):
        first, last = np.searchsorted(source, (number, number + 1))
        row.met = contact[first:last].tolist()


@as_program()
def set_quarantined(since: Mapping[int, datetime | None]) -> None:
    """Say from when people (row ids) are kept apart and pass nothing on; None takes it back. For whoever orders it."""
    held = {person: moment for person, moment in since.items() if moment is not None}
    Quarantine.objects.filter(person__in=since.keys() - held.keys()).delete()
    Quarantine.objects.bulk_create(
        [Quarantine(person_id=person, since=moment) for person, moment in sorted(held.items())],
        update_conflicts=True, unique_fields=["person"], update_fields=["since"],
    )  # fmt: skip
    keep_degrees_of(since.keys())


@as_program()
def keep_degrees_of(people: Collection[int]) -> None:
    """`keep_degrees` of these people for every disease for which they stand anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.disease FROM contacts_contact k JOIN cases_case c ON c.id = k.case_id "
            "WHERE k.person_id = ANY(%(people)s) "
            "UNION SELECT disease FROM cases_case WHERE person_id = ANY(%(people)s) "
            "UNION SELECT disease FROM contacts_degree WHERE person_id = ANY(%(people)s)",
            {"people": sorted(people)},
        )
        codes = [code for (code,) in cursor.fetchall()]
    for code in sorted(codes):
        keep_degrees(people, code)
