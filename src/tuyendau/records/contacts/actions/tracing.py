"""Tracing a case and taking its contacts back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import publicid
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import decidable_cases
from tuyendau.records.contacts import rules
from tuyendau.records.contacts.models import TRACED, Contact, Evidence, Exposure, Grade, Trace
from tuyendau.records.contacts.queries import tracing
from tuyendau.science.tracing import to_datetime

# A table whose rows are ruled takes no COPY: the rows come in beside it.
_INCOMING = """
CREATE TEMPORARY TABLE contacts_incoming (contact_id integer, site_id integer, evidence text, seconds integer,
    assumed_seconds integer, first timestamptz, last timestamptz) ON COMMIT DROP
"""
_FROM_INCOMING = """
INSERT INTO contacts_exposure (contact_id, site_id, evidence, seconds, assumed_seconds, first, last, note)
SELECT contact_id, site_id, evidence, seconds, assumed_seconds, first, last, '' FROM contacts_incoming
"""
_LISTED = """
CREATE TEMPORARY TABLE contacts_listed (public_id text, person_id integer, grade smallint, rank integer,
    probability float8, seconds integer, assumed_seconds integer, first timestamptz, last timestamptz) ON COMMIT DROP
"""
_FROM_LISTED = """
INSERT INTO contacts_contact
    (case_id, public_id, person_id, grade, rank, probability, seconds, assumed_seconds, first, last)
SELECT %s, public_id, person_id, grade, rank, probability, seconds, assumed_seconds, first, last
FROM contacts_listed ORDER BY rank
RETURNING person_id, id
"""
_FIGURES = ["grade", "rank", "probability", "seconds", "assumed_seconds", "first", "last"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a tracing changed in a case's list, in persons."""

    added: int
    removed: int
    total: int


@as_program()
def trace_again(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Difference:
    """Trace a confirmed case anew, as of now. Raises Case.DoesNotExist where the viewer may not decide on it."""
    viewer.require(Permission.CASE_DECIDE)
    case = (
        decidable_cases(viewer)
        .select_for_update(of=("self",))
        .filter(status=CaseStatus.CONFIRMED)
        .get(public_id=public_id)
    )
    return trace_case(case, by=by, at=at)


@as_program()
def trace_case(case: Case, *, by: AbstractBaseUser | None, at: datetime) -> Difference:
    """Find the contacts of a case by all presence known now, and store them with their evidence and their rank.

    What an earlier tracing found is replaced; what people reported stays. The caller holds the case's row locked, so
    that of two tracings, or a tracing and a discard, one comes after the other. The event names window, policy and
    counts.
    """
    found = tracing.find(case, at=at)
    before = set(Contact.objects.filter(case=case).values_list("person_id", flat=True))
    reported = _keep_reported(case)
    _store(case, found, reported)
    after = set(Contact.objects.filter(case=case).values_list("person_id", flat=True))
    Trace.objects.update_or_create(
        case=case,
        defaults={
            "at": at,
            "window_start": found.window.start,
            "window_end": found.window.end,
            "policy": found.policy,
            "parameters": found.parameters,
            "f2_count": found.f2_count,
        },
    )
    difference = Difference(len(after - before), len(before - after), len(after))
    audit.record(
        "case.traced",
        by=by,
        at=at,
        subject=case.public_id,
        data={
            "policy": found.policy,
            "from": found.window.start.isoformat(),
            "to": found.window.end.isoformat(),
            "contacts": difference.total,
            "added": difference.added,
            "removed": difference.removed,
            "f2": found.f2_count,
        },
    )
    return difference


def trace_untraced(*, at: datetime, most: int = 500) -> int:
    """Trace confirmed cases that never were, such as those of an imported list; how many. Meant for the worker."""
    waiting = list(
        Case.objects.filter(status=CaseStatus.CONFIRMED, trace__isnull=True)
        .order_by("-reported_on", "-id")
        .values_list("pk", flat=True)[:most]
    )
    for pk in waiting:
        with transaction.atomic():
            case = (
                Case.objects.select_for_update(of=("self",))
                .filter(status=CaseStatus.CONFIRMED, trace__isnull=True, pk=pk)
                .first()
            )
            # The lock may have been waited for while somebody else traced the case.
            if case is not None and not Trace.objects.filter(case=case).exists():
                trace_case(case, by=None, at=at)
    return len(waiting)


@as_program()
def trace_confirmed(case_id: int, *, at: datetime) -> Difference | None:
    """Trace a case by its row id, if it is still confirmed. Meant for the worker."""
    case = Case.objects.select_for_update().filter(pk=case_id, status=CaseStatus.CONFIRMED).first()
    return trace_case(case, by=None, at=at) if case is not None else None


@as_program()
def take_back(case: Case, *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Remove what tracing found of a case that turned out to be none; reported links stay on record. How many went."""
    contacts = Contact.objects.filter(case=case)
    removed = contacts.exclude(exposures__evidence=Evidence.REPORTED).distinct().count()
    stay = list(_keep_reported(case).values())
    rank = rules.ranks(rules.Listed(c.person_id, c.grade, 0.0, reported=True) for c in stay)
    for contact in stay:
        contact.rank = rank[contact.person_id]
    Contact.objects.bulk_update(stay, _FIGURES)
    Trace.objects.filter(case=case).delete()
    audit.record("case.contacts_taken_back", by=by, at=at, subject=case.public_id, data={"removed": removed})
    return removed


def _keep_reported(case: Case) -> dict[int, Contact]:
    """Delete what tracing found; the contacts that stay because somebody reported them, by person.

    By row ids: while cases are confirmed by the hundred, the planner knows too little of these tables to find the
    evidence of one case by a join without reading that of all.
    """
    listed = list(Contact.objects.filter(case=case).values_list("pk", flat=True))
    if not listed:
        return {}
    evidence = Exposure.objects.filter(contact__in=listed)
    evidence.filter(evidence__in=TRACED).delete()
    told = set(evidence.filter(evidence=Evidence.REPORTED).values_list("contact", flat=True))
    Contact.objects.filter(pk__in=[pk for pk in listed if pk not in told]).delete()
    stay = {contact.person_id: contact for contact in Contact.objects.filter(pk__in=told)}
    for contact in stay.values():
        contact.grade, contact.probability, contact.seconds, contact.assumed_seconds = Grade.CLOSE, 0.0, 0, 0
        contact.first = contact.last = None
    return stay


def _store(case: Case, found: tracing.Found, reported: dict[int, Contact]) -> None:
    """Write contacts and exposures of a tracing; reported contacts that were also found take up the figures."""
    table = found.contacts
    listed = [
        rules.Listed(
            int(person),
            Grade.CLOSE if int(person) in reported else int(grade),
            float(chance),
            int(person) in reported,
        )
        for person, grade, chance in zip(table.contact, table.grade, table.probability, strict=True)
    ]
    traced = {item.person for item in listed}
    listed += [rules.Listed(person, Grade.CLOSE, 0.0, True) for person in reported if person not in traced]
    rank = rules.ranks(listed)
    fresh: list[tuple[Any, ...]] = []
    for row, item in enumerate(listed[: len(table)]):
        times = to_datetime(table.first[row]), to_datetime(table.last[row])
        spent = int(table.seconds[row]), int(table.assumed_seconds[row])
        figures = (item.grade, rank[item.person], item.probability, *spent, *times)
        if item.person in reported:
            for name, value in zip(_FIGURES, figures, strict=True):
                setattr(reported[item.person], name, value)
        else:
            fresh.append((publicid.new("contact"), item.person, *figures))
    for person, contact in reported.items():
        contact.rank = rank[person]
    Contact.objects.bulk_update(reported.values(), _FIGURES)
    stored = {person: contact.pk for person, contact in reported.items()}
    _store_exposures(found, stored | _add_contacts(case, fresh))


def _add_contacts(case: Case, rows: Sequence[tuple[Any, ...]]) -> dict[int, int]:
    """Write new contacts, by COPY: a case of the largest company has thousands; their row ids by person."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTED)
        with cursor.copy("COPY contacts_listed FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_FROM_LISTED, [case.pk])
        added = dict(cursor.fetchall())
        cursor.execute("DROP TABLE contacts_listed")
    return added


def _store_exposures(found: tracing.Found, contacts: dict[int, int]) -> None:
    """Write the evidence, by COPY: a case of the busiest canteen has tens of thousands of rows."""
    rows = found.exposures
    columns = zip(
        rows.contact.tolist(), rows.site.tolist(), rows.seconds.tolist(), rows.assumed_seconds.tolist(),
        rows.first.tolist(), rows.last.tolist(), strict=True,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy("COPY contacts_incoming FROM STDIN") as copy:
            for person, site, seconds, assumed, first, last in columns:
                times = to_datetime(first), to_datetime(last)
                # Encounters are of no known site.
                where = (None, Evidence.ENCOUNTER.value) if site < 0 else (site, Evidence.VISITS.value)
                copy.write_row((contacts[person], *where, seconds, assumed, *times))
        cursor.execute(_FROM_INCOMING)
        cursor.execute("DROP TABLE contacts_incoming")
