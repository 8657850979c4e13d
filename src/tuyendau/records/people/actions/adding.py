"""Writes of people and of where they belong, many at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.utils.translation import gettext as _

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import phones, publicid
from tuyendau.lib.text import clean, fold
from tuyendau.records.people.rules import ROLES_BY_KIND

T = TypeVar("T")
BATCH = 10_000


class PeopleRefused(Exception):
    """The people cannot be recorded; the text says which and why. Nothing was written."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person as a file brings them. None and "" mean not given: what is known of them already stays.

    `unit_id` is the row id of the commune of residence; `phone` is in any form that `lib.phones` takes. With a
    `birth_date` the year need not be given. `numbers` are identity numbers, each (kind, value) in the form of
    `lib.identity`; one that is on record stays with whom it is.
    """

    code: str | None = None
    full_name: str = ""
    sex: str = ""
    birth_year: int | None = None
    phone: str = ""
    unit_id: int | None = None
    address: str = ""
    birth_date: date | None = None
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A person belongs at a site from a day on; ids are row ids.

    `role` is one of `AssignmentRole`, and follows from the kind of site where it is "".
    """

    person_id: int
    site_id: int
    valid_from: date
    role: str = ""
    shift_id: int | None = None


@dataclass(frozen=True, slots=True)
class PeopleAdded:
    """`ids` are the row ids of all given people, in their order; how many of them were new, and how many changed."""

    ids: list[int]
    new: int
    changed: int


_UPSERT = """
INSERT INTO people_person AS p
    (public_id, code, full_name, folded, sex, birth_year, birth_date, phone, unit_id, address)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::smallint[], %s::date[],
                     %s::text[], %s::integer[], %s::text[])
ON CONFLICT (code) DO UPDATE SET
    full_name = coalesce(nullif(excluded.full_name, ''), p.full_name),
    folded = coalesce(nullif(excluded.folded, ''), p.folded),
    sex = coalesce(nullif(excluded.sex, ''), p.sex),
    birth_year = coalesce(excluded.birth_year, p.birth_year),
    birth_date = CASE WHEN excluded.birth_date IS NOT NULL THEN excluded.birth_date
                      WHEN excluded.birth_year IS DISTINCT FROM coalesce(p.birth_year, excluded.birth_year) THEN NULL
                      ELSE p.birth_date END,
    phone = coalesce(nullif(excluded.phone, ''), p.phone),
    unit_id = coalesce(excluded.unit_id, p.unit_id),
    address = coalesce(nullif(excluded.address, ''), p.address)
WHERE p.merged_into_id IS NULL AND ((excluded.full_name <> '' AND excluded.full_name <> p.full_name)
   OR (excluded.sex <> '' AND excluded.sex <> p.sex)
   OR (excluded.birth_year IS NOT NULL AND excluded.birth_year IS DISTINCT FROM p.birth_year)
   OR (excluded.birth_date IS NOT NULL AND excluded.birth_date IS DISTINCT FROM p.birth_date)
   OR (excluded.phone <> '' AND excluded.phone <> p.phone)
   OR (excluded.unit_id IS NOT NULL AND excluded.unit_id IS DISTINCT FROM p.unit_id)
   OR (excluded.address <> '' AND excluded.address <> p.address))
RETURNING id, public_id, code, xmax = 0
"""

_ASSIGN = """
INSERT INTO people_assignment (person_id, site_id, valid_from, role, shift_id, valid_to)
SELECT n.person_id, n.site_id, n.valid_from,
       coalesce(nullif(n.role, ''), %s::jsonb ->> (SELECT s.kind FROM places_site s WHERE s.id = n.site_id), 'belongs'),
       n.shift_id,
       (SELECT min(a.valid_from) FROM people_assignment a
        WHERE a.person_id = n.person_id AND a.site_id = n.site_id AND a.valid_from > n.valid_from)
FROM (SELECT DISTINCT ON (person_id, site_id) * FROM unnest(%s::integer[], %s::integer[], %s::date[], %s::text[],
                                                                    %s::integer[])
        AS given (person_id, site_id, valid_from, role, shift_id)
      ORDER BY person_id, site_id, valid_from) AS n
WHERE NOT EXISTS (
    SELECT FROM people_assignment a
    WHERE a.person_id = n.person_id AND a.site_id = n.site_id AND a.valid_from <= n.valid_from
      AND (a.valid_to IS NULL OR a.valid_to > n.valid_from))
"""


@as_program()
def add_people(rows: Sequence[NewPerson], *, by: AbstractBaseUser | None, at: datetime) -> PeopleAdded:
    """Record people, whole or not at all. Who is known by their code gets the given fields; the others are new.

    The same rows again change nothing. Of somebody who was merged, the row id is the survivor's, of whom nothing
    changes: the file knows less of them. Names are folded for search, phones kept in one form. Raises `PeopleRefused`
    for a code that stands in two rows and for a phone number that is none.
    """
    _refuse_doubles(rows)
    _one_at_a_time()
    ids: list[int] = []
    new = changed = 0
    for batch in _batches(rows):
        found, added, updated = _upsert(batch)
        ids += found
        new += added
        changed += updated
    audit.record(
        "people.added",
        by=by,
        at=at,
        subject="people",
        data={"rows": len(rows), "new": new, "changed": changed},
    )
    return PeopleAdded(ids, new, changed)


@as_program()
def assign(rows: Sequence[NewAssignment], *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Record where people belong; the number of assignments that were new.

    Who belongs at the site on that day already is left as they are. An assignment ends where a later one of the same
    person at the same site begins.
    """
    new = 0
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            columns: tuple[Any, ...] = (
                json.dumps(ROLES_BY_KIND),
                [r.person_id for r in batch],
                [r.site_id for r in batch],
                [r.valid_from for r in batch],
                [r.role for r in batch],
                [r.shift_id for r in batch],
            )
            cursor.execute(_ASSIGN, columns)
            new += cursor.rowcount
    audit.record("people.assigned", by=by, at=at, subject="people", data={"rows": len(rows), "new": new})
    return new


def _batches(rows: Iterable[T]) -> Iterable[list[T]]:
    pending = iter(rows)
    while batch := list(islice(pending, BATCH)):
        yield batch


def _one_at_a_time() -> None:
    """Two long lists that name the same people in different orders would each wait for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people_person'))")


def _refuse_doubles(rows: Sequence[NewPerson]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.code:
            if row.code in seen:
                raise PeopleRefused(_("The code “%(code)s” stands in two rows.") % {"code": row.code})
            seen.add(row.code)


def _upsert(batch: Sequence[NewPerson]) -> tuple[list[int], int, int]:
    """Write one batch: the row ids in order, how many were new, how many changed."""
    public_ids = [publicid.new("person") for _row in batch]
    names = [clean(row.full_name) for row in batch]
    columns: tuple[Any, ...] = (
        public_ids,
        [row.code or None for row in batch],
        names,
        [fold(name)[:120] for name in names],
        [row.sex for row in batch],
        [row.birth_date.year if row.birth_date else row.birth_year for row in batch],
        [row.birth_date for row in batch],
        [_phone(row) for row in batch],
        [row.unit_id for row in batch],
        [clean(row.address) for row in batch],
    )
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, columns)
        written = cursor.fetchall()
        new = sum(inserted for *_others, inserted in written)
        by_public_id = {public_id: pk for pk, public_id, _code, _new in written}
        cursor.execute(
            "SELECT code, coalesce(merged_into_id, id) FROM people_person WHERE code = ANY(%s)",
            [[row.code for row in batch if row.code]],
        )
        by_code: dict[str, int] = dict(cursor.fetchall())
    ids = [
        by_code[row.code] if row.code else by_public_id[public_id]
        for row, public_id in zip(batch, public_ids, strict=True)
    ]
    _add_numbers(batch, ids)
    return ids, new, len(written) - new


def _add_numbers(batch: Sequence[NewPerson], ids: Sequence[int]) -> None:
    """Record the identity numbers that nobody has yet."""
    held = [(pk, *number) for row, pk in zip(batch, ids, strict=True) for number in row.numbers]
    if held:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO people_identifier (person_id, kind, value) "
                "SELECT * FROM unnest(%s::integer[], %s::text[], %s::text[]) ON CONFLICT (kind, value) DO NOTHING",
                [list(column) for column in zip(*held, strict=True)],
            )


def _phone(row: NewPerson) -> str:
    if not row.phone:
        return ""
    try:
        return phones.normalise(row.phone)
    except phones.PhoneRefused as error:
        raise PeopleRefused(
            _("“%(phone)s” of %(person)s is no telephone number of ten digits.")
            % {"phone": row.phone, "person": row.full_name or row.code or ""}
        ) from error
