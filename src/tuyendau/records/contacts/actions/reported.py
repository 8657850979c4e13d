"""Links between people that somebody reported: first-class evidence beside what presence shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock, publicid
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.actions.degrees import keep_degrees
from tuyendau.records.contacts.actions.listing import Listed, note_changes, regrade
from tuyendau.records.contacts.models import Contact, Evidence, Exposure, Grade, Link, SaidBy, Trace

MANY = 500
"""After so many new links the planner is told how many rows there are now: it may think the tables empty."""


@dataclass(frozen=True, slots=True)
class ReportedContact:
    """A link that somebody reported: `person_id` met the case; ids are row ids."""

    case_id: int
    person_id: int
    note: str = ""
    on: date | None = None


@as_program()
def add_reported_contacts(
    rows: Sequence[ReportedContact], *, by: AbstractBaseUser | None, at: datetime
) -> int:
    """Record links that people reported; how many were new. A pair that is on record already is not doubled."""
    pairs = {(row.case_id, row.person_id): row for row in rows}
    # A confirm of one of these cases rewrites its list: one after the other.
    list(Case.objects.select_for_update().filter(pk__in={case for case, _ in pairs}).order_by("pk"))
    known = {
        (contact.case_id, contact.person_id): contact
        for contact in Contact.objects.filter(case__in={case for case, _ in pairs})
    }
    has_report = set(
        Exposure.objects.filter(contact__in=known.values(), evidence=Evidence.REPORTED).values_list(
            "contact__case_id", "contact__person_id"
        )
    )
    new = {pair: _reported_contact(row, at) for pair, row in pairs.items() if pair not in known}
    Contact.objects.bulk_create(new.values(), batch_size=2_000)
    fresh = [pair for pair in pairs if pair not in has_report]
    links = {pair: _link(pairs[pair], by, at) for pair in fresh}
    Link.objects.bulk_create(links.values(), batch_size=2_000)
    Exposure.objects.bulk_create(
        [
            Exposure(
                contact=known.get(pair) or new[pair], evidence=Evidence.REPORTED, link=link, seconds=0,
                first=link.first, last=link.last, note=link.reason[:200],
            )
            for pair, link in links.items()
        ],
        batch_size=2_000,
    )  # fmt: skip
    if len(fresh) > MANY:
        with connection.cursor() as cursor:
            cursor.execute("SELECT contacts_counted()")
    _settle(fresh, {pair: contact.grade for pair, contact in known.items()}, by, at)
    audit.record(
        "contacts.reported", by=by, at=at, subject="contacts", data={"rows": len(rows), "new": len(fresh)}
    )
    return len(fresh)


def _settle(
    pairs: Collection[tuple[int, int]],
    before: dict[tuple[int, int], int],
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    """Let new links count: grades and ranks, what changed in lists that were traced, and the degrees."""
    cases = Case.objects.in_bulk({case for case, _person in pairs})
    contacts = Contact.objects.filter(case__in=cases, person__in={person for _case, person in pairs})
    rows = {(c.case_id, c.person_id): c.pk for c in contacts if (c.case_id, c.person_id) in set(pairs)}
    regrade(list(rows.values()), list(cases))
    after = {
        (case, person): grade
        for case, person, grade in Contact.objects.filter(pk__any_of=list(rows.values())).values_list(
            "case_id", "person_id", "grade"
        )
    }
    traced = set(Trace.objects.filter(case__in=cases).values_list("case_id", flat=True))
    people: defaultdict[str, set[int]] = defaultdict(set)
    for pk, case in cases.items():
        mine = {person for of, person in pairs if of == pk}
        people[case.disease] |= mine
        if pk in traced:
            was, now = ({p: g[pk, p] for p in mine if (pk, p) in g} for g in (before, after))
            note_changes(case, Listed(was, now), cause="contacts.reported", by=by, at=at)
    for code in sorted(people):
        keep_degrees(people[code], code)


def _reported_contact(row: ReportedContact, at: datetime) -> Contact:
    return Contact(
        public_id=publicid.new("contact"),
        case_id=row.case_id,
        person_id=row.person_id,
        grade=Grade.CLOSE,
        rank=0,
        probability=0.0,
        seconds=0,
        listed_at=at,
    )


def _link(row: ReportedContact, by: AbstractBaseUser | None, at: datetime) -> Link:
    # Of a day alone nobody knows the hours: it was somewhere in it.
    first, last = clock.day_span(row.on, row.on) if row.on is not None else (None, None)
    return Link(
        public_id=publicid.new("link"),
        case_id=row.case_id,
        person_id=row.person_id,
        first=first,
        last=min(last, max(at, first + timedelta(minutes=1))) if first and last else None,
        grade=Grade.CLOSE,
        said_by=SaidBy.FILE,
        reason=_note(row),
        by_id=by.pk if by is not None else None,
        at=at,
    )


def _note(row: ReportedContact) -> str:
    return f"{row.on:%d/%m/%Y} {row.note}".strip()[:200] if row.on else row.note[:200]
