"""Computing links anew where something changed, and the most likely forest of each disease after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np
from django.db import connection, transaction

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.chains.actions import storing
from tuyendau.records.chains.models import Link, Standing, Waiting
from tuyendau.records.chains.queries.diseases import interval_of, minimal_incubation_of
from tuyendau.records.chains.queries.evidence import evidence_of, living
from tuyendau.science.chains import Method, weigh

AT_ONCE = 1_000
"""Infectees that are weighed in one transaction."""

# Of two computations of one disease the later one sees what the earlier one wrote.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('chains'), hashtext(%s))"
_TAKE = """
DELETE FROM chains_waiting WHERE id IN (
    SELECT id FROM chains_waiting ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING case_id
"""
# Whose infectors may have changed with a case: its own, of whoever met it, of whoever had it among theirs.
_CONCERNED = """
SELECT unnest(%(cases)s::int[])
UNION SELECT j.id FROM contacts_contact c JOIN cases_case i ON i.id = c.case_id
    JOIN cases_case j ON j.person_id = c.person_id AND j.disease = i.disease WHERE c.case_id = ANY(%(cases)s)
UNION SELECT infectee_id FROM chains_link WHERE infector_id = ANY(%(cases)s)
UNION SELECT infectee_id FROM chains_decision WHERE infector_id = ANY(%(cases)s) AND withdrawn_at IS NULL
"""


@as_program()
def mark(cases: Iterable[int]) -> int:
    """Note cases (row numbers) of which something changed; the worker computes what rests on them."""
    return len(
        Waiting.objects.bulk_create([Waiting(case_id=pk) for pk in sorted(set(cases))], batch_size=5_000)
    )


@as_program()
def mark_all() -> int:
    """Have every case computed anew, such as after the method changed; how many there are."""
    return mark(Case.objects.values_list("pk", flat=True))


def compute_waiting(*, at: datetime) -> int:
    """Compute what rests on the cases that wait; how many cases have other infectors for it. Meant for the worker.

    Each part is a transaction of its own, so that a crash leaves the rest waiting.
    """
    changed = 0
    while (done := _compute_part(at)) is not None:
        changed += done
    return changed


@as_program()
def _compute_part(at: datetime) -> int | None:
    """Compute for some of those that wait; None where nobody does."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [AT_ONCE])
        taken = sorted({pk for (pk,) in cursor.fetchall()})
    if not taken:
        return None
    return compute(taken, at=at)


@as_program()
def compute(cases: Iterable[int], *, at: datetime) -> int:
    """Weigh the infectors of `cases` (row numbers) and of all that rests on them; how many stand elsewhere for it.

    Cases that were discarded leave the chains. Where anything changed an event tells of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, {"cases": sorted(set(cases))})
        concerned = sorted({pk for (pk,) in cursor.fetchall()})
    diseases = set(Case.objects.filter(pk__any_of=concerned).values_list("disease", flat=True))
    for disease in sorted(diseases):
        lock(disease)
    remaining = living(concerned)
    gone = set(concerned) - {pk for some in remaining.values() for pk in some}
    Link.objects.filter(infectee__in=gone).delete()
    Link.objects.filter(infector__in=gone).delete()
    left = Standing.objects.filter(case__in=gone).delete()[0]
    for disease, some in remaining.items():
        for begin in range(0, len(some), AT_ONCE):
            _weigh(disease, some[begin : begin + AT_ONCE], at)
    changed = left + sum(storing.store_forest(disease) for disease in sorted(diseases))
    if changed:
        audit.record("chains.computed", by=None, at=at, subject="chains", data={"changed": changed})
    return changed


def _weigh(disease: str, infectees: list[int], at: datetime) -> None:
    evidence = evidence_of(infectees)
    likely = weigh(
        evidence.times, evidence.pairs, Method.bundled(), interval_of(disease), minimal_incubation_of(disease)
    )
    storing.store_links(np.array(infectees, np.int64), evidence, likely, at)


def lock(disease: str) -> None:
    """Wait for whoever computes or decides of the chains of a disease, until this transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a lock of this kind ends with its transaction")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [disease])


def missing() -> list[int]:
    """Cases that are not discarded and stand in no chain yet, such as those of an imported list; row numbers."""
    return list(
        Case.objects.filter(standing__isnull=True)
        .exclude(status=CaseStatus.DISCARDED)
        .values_list("pk", flat=True)
    )
