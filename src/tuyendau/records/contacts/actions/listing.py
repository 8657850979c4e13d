"""Writing a case's list: what tracing found and what people say, into one grade, one rank and one row a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection

from tuyendau.lib import publicid
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts import rules
from tuyendau.records.contacts.models import TRACED, Change, Contact, Evidence, Exposure, Grade, Judgement
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
CREATE TEMPORARY TABLE contacts_listed (public_id text, person_id integer, listed_at timestamptz, grade smallint,
    traced_grade smallint, rank integer, probability float8, seconds integer, assumed_seconds integer,
    first timestamptz, last timestamptz) ON COMMIT DROP
"""
_FROM_LISTED = """
INSERT INTO contacts_contact (case_id, public_id, person_id, listed_at, grade, traced_grade, rank, probability, seconds,
    assumed_seconds, first, last)
SELECT %s, public_id, person_id, listed_at, grade, traced_grade, rank, probability, seconds, assumed_seconds, first,
    last FROM contacts_listed ORDER BY rank
RETURNING person_id, id
"""
_FIGURES = ("grade", "traced_grade", "rank", "probability", "seconds", "assumed_seconds", "first", "last")


@dataclass(frozen=True, slots=True)
class Was:
    """How a person stood in a list before it was written anew."""

    pk: int
    public_id: str
    grade: int
    listed_at: datetime


@dataclass(slots=True)
class Said:
    """What people say of one person: how near and when by the links in force, and what somebody decided."""

    linked: int | None = None
    first: datetime | None = None
    last: datetime | None = None
    judged: int | None = None

    def add(self, grade: int, first: datetime | None, last: datetime | None) -> None:
        """Take in one link."""
        self.linked = grade if self.linked is None else min(self.linked, grade)
        self.first = min(filter(None, (self.first, first)), default=None)
        self.last = max(filter(None, (self.last, last)), default=None)


@dataclass(slots=True)
class Row:
    """One person of a list to be written."""

    said: Said
    traced: int | None = None
    probability: float = 0.0
    seconds: int = 0
    assumed: int = 0
    first: datetime | None = None
    last: datetime | None = None
    rank: int = 0

    @property
    def grade(self) -> int | None:
        """What the person is to the case; None where nothing says that they met."""
        return rules.grade_that_counts(self.traced, self.said.linked, self.said.judged)

    def figures(self) -> tuple[Any, ...]:
        """The values of `_FIGURES`."""
        first = min(filter(None, (self.first, self.said.first)), default=None)
        last = max(filter(None, (self.last, self.said.last)), default=None)
        spent = self.seconds, self.assumed
        return (self.grade, self.traced, self.rank, self.probability, *spent, first, last)


@dataclass(frozen=True, slots=True)
class Listed:
    """What writing a list changed: the grade of each person before and after."""

    before: dict[int, int]
    after: dict[int, int] = field(default_factory=dict)

    def differing(self) -> dict[int, tuple[int | None, int | None]]:
        """Who is new, gone or of another grade: the grade before and after, None where not listed."""
        people = self.before.keys() | self.after.keys()
        pairs = {person: (self.before.get(person), self.after.get(person)) for person in people}
        return {person: pair for person, pair in pairs.items() if pair[0] != pair[1]}

    def touching(self, counted: int) -> set[int]:
        """Who is or was of a grade that makes an F1."""
        return {
            person for grades in (self.before, self.after) for person, g in grades.items() if g <= counted
        }


def write_list(case: Case, found: tracing.Found | None, *, at: datetime) -> Listed:
    """Write a case's list anew: what `found` says, and whoever stays because people say so.

    Who was listed keeps their public id and the day on which they came in.
    """
    before = {
        person: Was(pk, public_id, grade, listed_at)
        for person, pk, public_id, grade, listed_at in Contact.objects.filter(case=case).values_list(
            "person_id", "pk", "public_id", "grade", "listed_at"
        )
    }
    said = _said_of(case, before)
    rows = _rows(found, said)
    stay = {p for p, one in said.items() if rules.stays_listed(one.linked, one.judged, Grade.EXCLUDED)}
    _clear(before, stay)
    _update({before[p].pk: row for p, row in rows.items() if p in stay and p in before})
    stored = {p: before[p].pk for p in stay if p in before}
    stored |= _add(case, {p: row for p, row in rows.items() if p not in stored}, before, at)
    if found is not None:
        _store_exposures(found, stored)
    after = {person: row.grade for person, row in rows.items() if row.grade is not None}
    return Listed({person: was.grade for person, was in before.items()}, after)


def note_changes(
    case: Case, listed: Listed, *, cause: str, by: AbstractBaseUser | None, at: datetime
) -> None:
    """Keep on record who is new in a list, gone from it or of another grade, and what led to it."""
    changes = [
        Change(
            case=case, person_id=person, at=at, before=before, after=after, cause=cause, by_id=by.pk if by else None
        )
        for person, (before, after) in sorted(listed.differing().items())
    ]  # fmt: skip
    if changes:
        Change.objects.bulk_create(changes, batch_size=2_000)


def _said_of(case: Case, before: Mapping[int, Was]) -> dict[int, Said]:
    """What people say of those in a list, and of whoever somebody decided on.

    By row ids: while cases are confirmed by the hundred, the planner knows too little of these tables to find the
    evidence of one case by a join without reading that of all.
    """
    found: dict[int, Said] = {}
    people = {was.pk: person for person, was in before.items()}
    if people:
        told = Exposure.objects.filter(contact__in=list(people), evidence=Evidence.REPORTED)
        for pk, grade, first, last in told.values_list("contact", "link__grade", "link__first", "link__last"):
            near = Grade.CLOSE if grade is None else grade
            found.setdefault(people[pk], Said()).add(near, first, last)
    judged = Judgement.objects.filter(case=case, withdrawn_at=None)
    for person, grade in judged.values_list("person_id", "grade"):
        found.setdefault(person, Said()).judged = grade
    return found


def _rows(found: tracing.Found | None, said: Mapping[int, Said]) -> dict[int, Row]:
    """Everybody of a list, ranked."""
    rows: dict[int, Row] = {}
    if found is not None:
        table = found.contacts
        columns = (table.contact, table.grade, table.probability, table.seconds, table.assumed_seconds)
        times = zip(table.first.tolist(), table.last.tolist(), strict=True)
        for (person, grade, chance, seconds, assumed), (first, last) in zip(
            zip(*(column.tolist() for column in columns), strict=True), times, strict=True
        ):
            rows[person] = Row(
                said.get(person) or Said(), grade, chance, seconds, assumed, to_datetime(first), to_datetime(last)
            )  # fmt: skip
    for person, one in said.items():
        if person not in rows and rules.stays_listed(one.linked, one.judged, Grade.EXCLUDED):
            rows[person] = Row(one)
    listed = [
        rules.Listed(p, row.grade, row.probability, row.said.linked is not None)
        for p, row in rows.items()
        if row.grade is not None
    ]
    for person, rank in rules.ranks(listed).items():
        rows[person].rank = rank
    return rows


def _clear(before: Mapping[int, Was], stay: Iterable[int]) -> None:
    """Delete what tracing found, and whoever is in the list for nothing else."""
    if not before:
        return
    pks = [was.pk for was in before.values()]
    Exposure.objects.filter(contact__in=pks, evidence__in=TRACED).delete()
    kept = set(stay)
    going = [was.pk for person, was in before.items() if person not in kept]
    # With whatever else hangs on them: a report that was ended meanwhile.
    Exposure.objects.filter(contact__in=going).delete()
    Contact.objects.filter(pk__in=going).delete()


def _update(rows: Mapping[int, Row]) -> None:
    contacts = []
    for pk, row in rows.items():
        contacts.append(Contact(pk=pk, **dict(zip(_FIGURES, row.figures(), strict=True))))
    if contacts:
        Contact.objects.bulk_update(contacts, _FIGURES, batch_size=1_000)


def _add(case: Case, rows: Mapping[int, Row], before: Mapping[int, Was], at: datetime) -> dict[int, int]:
    """Write new contacts, by COPY: a case of the largest company has thousands; their row ids by person."""
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LISTED)
        with cursor.copy("COPY contacts_listed FROM STDIN") as copy:
            for person, row in rows.items():
                was = before.get(person)
                known = (publicid.new("contact"), person, at)
                if was is not None:
                    known = (was.public_id, person, was.listed_at)
                copy.write_row((*known, *row.figures()))
        cursor.execute(_FROM_LISTED, [case.pk])
        added = dict(cursor.fetchall())
        cursor.execute("DROP TABLE contacts_listed")
    return added


def _store_exposures(found: tracing.Found, contacts: Mapping[int, int]) -> None:
    """Write the evidence, by COPY: a case of the busiest canteen has tens of thousands of rows."""
    rows = found.exposures
    columns: Sequence[Any] = (
        rows.contact.tolist(), rows.site.tolist(), rows.seconds.tolist(), rows.assumed_seconds.tolist(),
        rows.first.tolist(), rows.last.tolist(),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy("COPY contacts_incoming FROM STDIN") as copy:
            for person, site, seconds, assumed, first, last in zip(*columns, strict=True):
                times = to_datetime(first), to_datetime(last)
                # Encounters are of no known site.
                where = (None, Evidence.ENCOUNTER.value) if site < 0 else (site, Evidence.VISITS.value)
                copy.write_row((contacts[person], *where, seconds, assumed, *times))
        cursor.execute(_FROM_INCOMING)
        cursor.execute("DROP TABLE contacts_incoming")


_REGRADE = """
UPDATE contacts_contact k SET
    grade = coalesce(j.grade, least(k.traced_grade, r.grade)),
    first = least(x.first, r.first), last = greatest(x.last, r.last)
FROM contacts_contact o
LEFT JOIN LATERAL (SELECT min(e.first) AS first, max(e.last) AS last FROM contacts_exposure e
    WHERE e.contact_id = o.id AND e.evidence <> 'reported') x ON true
LEFT JOIN LATERAL (SELECT min(coalesce(l.grade, 0)) AS grade, min(l.first) AS first, max(l.last) AS last
    FROM contacts_exposure e LEFT JOIN contacts_link l ON l.id = e.link_id
    WHERE e.contact_id = o.id AND e.evidence = 'reported') r ON true
LEFT JOIN contacts_judgement j ON j.case_id = o.case_id AND j.person_id = o.person_id AND j.withdrawn_at IS NULL
WHERE k.id = o.id AND o.id = ANY(%s)
"""
# Whether somebody reported it is looked up contact by contact, in the index: an array of those that were is gone
# through once for each contact, which a published list of thousands does not end.
_RANK = """
UPDATE contacts_contact k SET rank = n.rank FROM (
    SELECT c.id, row_number() OVER (PARTITION BY c.case_id ORDER BY c.grade, r.told IS NULL, c.probability DESC,
        c.person_id) AS rank
    FROM contacts_contact c LEFT JOIN LATERAL (SELECT true AS told FROM contacts_exposure e
        WHERE e.contact_id = c.id AND e.evidence = 'reported' LIMIT 1) r ON true
    WHERE c.case_id = ANY(%(cases)s)) n
WHERE n.id = k.id AND k.rank <> n.rank
"""


def regrade(contacts: Sequence[int], cases: Sequence[int]) -> None:
    """Let the grades of some contacts follow from what is on record, and rank the lists of `cases` anew (row ids).

    Whoever has neither been traced, linked nor decided on must be deleted before.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REGRADE, [list(contacts)])
        cursor.execute(_RANK, {"cases": list(cases)})
