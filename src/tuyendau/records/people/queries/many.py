"""Whom many new people look like, among all people: one search for all of them, by sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from rapidfuzz import fuzz

from tuyendau.core.acting import as_program
from tuyendau.lib.text import fold
from tuyendau.records.people.queries.traits import shares, traits_of
from tuyendau.records.people.rules import likeness as rules
from tuyendau.records.people.rules.likeness import Decision, Likeness, Traits

MOST = 5
"""Of so many people is told whom a row looks like."""

_BLOCK = 24
_CHUNK = 10_000
_LEAST_RATIO = 55

_WANTED = """
CREATE TEMP TABLE people_wanted ON COMMIT DROP AS
SELECT * FROM unnest(%s::integer[], %s::text[], %s::text[], %s::smallint[], %s::integer[], %s::text[], %s::date[],
                     %s::date[])
    AS w (n, folded, given, year, unit_id, phone, day, swapped)
"""
_NUMBERS = """
CREATE TEMP TABLE people_wanted_number ON COMMIT DROP AS
SELECT * FROM unnest(%s::integer[], %s::text[]) AS w (n, value)
"""
# The most telling first: of a row only so many candidates are weighed.
_WAYS = (
    "SELECT w.n, i.person_id AS id, 0 AS way FROM people_wanted_number w JOIN people_identifier i ON i.value = w.value",
    "SELECT w.n, p.id, 1 FROM people_wanted w JOIN people_person p ON p.phone = w.phone WHERE w.phone <> ''",
    "SELECT w.n, p.id, 2 FROM people_wanted w JOIN people_person p ON p.birth_date = w.day "
    "AND split_part(p.folded, ' ', -1) = w.given",
    "SELECT w.n, p.id, 4 FROM people_wanted w JOIN people_person p ON p.birth_date = w.swapped "
    "AND split_part(p.folded, ' ', -1) = w.given",
    "SELECT w.n, p.id, 3 + abs(p.birth_year - w.year) FROM people_wanted w "
    "JOIN people_person p ON p.folded = w.folded AND p.birth_year BETWEEN w.year - 1 AND w.year + 1 "
    "WHERE w.folded <> ''",
    "SELECT w.n, p.id, 3 FROM people_wanted w JOIN people_person p ON p.folded = w.folded AND p.unit_id = w.unit_id "
    "WHERE w.folded <> ''",
    "SELECT w.n, p.id, 5 FROM people_wanted w JOIN people_person p "
    "ON p.birth_year = w.year AND p.unit_id = w.unit_id AND split_part(p.folded, ' ', -1) = w.given",
    "SELECT w.n, p.id, 6 FROM people_wanted w JOIN people_person p ON p.folded = w.folded "
    "WHERE w.folded <> '' AND w.year IS NULL AND w.unit_id IS NULL",
)  # fmt: skip
_FOUND = f"""
SELECT n, id FROM (
    SELECT n, id, row_number() OVER (PARTITION BY n ORDER BY way, id) AS place
    FROM (SELECT b.n, coalesce(p.merged_into_id, p.id) AS id, min(b.way) AS way
          FROM ({" UNION ALL ".join(_WAYS)}) AS b JOIN people_person p ON p.id = b.id GROUP BY 1, 2) AS each
) AS placed WHERE place <= %s
"""  # noqa: S608 its parts stand above


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on record (a row id) who may be meant, and how likely."""

    person: int
    likeness: Likeness


@as_program()
def candidates(wanted: Sequence[Traits]) -> list[list[Candidate]]:
    """For each of `wanted` who looks like them, likest first, whoever's reach they are in; nobody who is different.

    One search for all, so that 10,000 take seconds: for the program, which decides what of it is shown.
    """
    pairs = _pairs(wanted)
    known: dict[int, Traits] = {}
    ids = sorted({person for _n, person in pairs})
    for start in range(0, len(ids), _CHUNK):
        known |= traits_of(ids[start : start + _CHUNK])
    common = shares()
    names = {pk: " ".join(each.words.words) for pk, each in known.items()}
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for n, person in pairs:
        one, other = wanted[n], known[person]
        own = " ".join(one.words.words)
        if own and names[person] and not fuzz.token_sort_ratio(own, names[person], score_cutoff=_LEAST_RATIO):
            continue
        likeness = rules.likeness(one, other, common)
        if likeness.decision is not Decision.DIFFERENT:
            found[n].append(Candidate(person, likeness))
    return [sorted(found[n], key=lambda each: -each.likeness.bits)[:MOST] for n in range(len(wanted))]


def the_same(among: Sequence[Candidate]) -> int | None:
    """The row id of the one who is beyond doubt; None where nobody is, or two are."""
    same = [each.person for each in among if each.likeness.decision is Decision.SAME]
    return same[0] if len(same) == 1 else None


def _pairs(wanted: Sequence[Traits]) -> list[tuple[int, int]]:
    """Which of the people on record share something rare with which of `wanted`."""
    folded = [fold(each.full_name) for each in wanted]
    days = [each.birth_date for each in wanted]
    columns: list[Any] = [
        list(range(len(wanted))),
        folded,
        [name.rpartition(" ")[2] or None for name in folded],
        [each.birth_date.year if each.birth_date else each.birth_year for each in wanted],
        [each.unit for each in wanted],
        [each.phone for each in wanted],
        days,
        [day.replace(month=day.day, day=day.month) if day and day.day <= 12 else None for day in days],
    ]
    numbers = [(n, value) for n, each in enumerate(wanted) for _kind, value in each.numbers]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS people_wanted, people_wanted_number")
        cursor.execute(_WANTED, columns)
        cursor.execute(_NUMBERS, [[n for n, _value in numbers], [value for _n, value in numbers]])
        cursor.execute("ANALYZE people_wanted")
        cursor.execute("ANALYZE people_wanted_number")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(_FOUND, [_BLOCK])
        found: list[tuple[int, int]] = cursor.fetchall()
    return found
