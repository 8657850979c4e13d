"""Links between people that somebody reported: first-class evidence beside what presence shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import publicid
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts import rules
from tuyendau.records.contacts.models import Contact, Evidence, Exposure, Grade


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
    new = {pair: _reported_contact(row) for pair, row in pairs.items() if pair not in known}
    Contact.objects.bulk_create(new.values(), batch_size=2_000)
    fresh = [pair for pair in pairs if pair not in has_report]
    Exposure.objects.bulk_create(
        [
            Exposure(
                contact=known.get(pair) or new[pair],
                evidence=Evidence.REPORTED,
                seconds=0,
                note=_note(pairs[pair]),
            )
            for pair in fresh
        ],
        batch_size=2_000,
    )
    Contact.objects.filter(pk__in=[known[pair].pk for pair in fresh if pair in known]).update(
        grade=Grade.CLOSE
    )
    _rank({case for case, _ in fresh})
    audit.record(
        "contacts.reported", by=by, at=at, subject="contacts", data={"rows": len(rows), "new": len(fresh)}
    )
    return len(fresh)


def _reported_contact(row: ReportedContact) -> Contact:
    return Contact(
        public_id=publicid.new("contact"),
        case_id=row.case_id,
        person_id=row.person_id,
        grade=Grade.CLOSE,
        rank=0,
        probability=0.0,
        seconds=0,
    )


def _note(row: ReportedContact) -> str:
    return f"{row.on:%d/%m/%Y} {row.note}".strip()[:200] if row.on else row.note[:200]


def _rank(cases: Collection[int]) -> None:
    """Rank the lists of `cases` (row ids) anew, after links were added."""
    reported = set(
        Exposure.objects.filter(contact__case__in=cases, evidence=Evidence.REPORTED).values_list(
            "contact", flat=True
        )
    )
    by_case: defaultdict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(case__in=cases):
        by_case[contact.case_id].append(contact)
    moved = []
    for contacts in by_case.values():
        rank = rules.ranks(
            rules.Listed(c.person_id, c.grade, c.probability, reported=c.pk in reported) for c in contacts
        )
        for contact in contacts:
            if contact.rank != rank[contact.person_id]:
                contact.rank = rank[contact.person_id]
                moved.append(contact)
    Contact.objects.bulk_update(moved, ["rank"], batch_size=2_000)
