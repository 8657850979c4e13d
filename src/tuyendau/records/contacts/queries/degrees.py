"""How far people stand from the active cases of a disease: who is to be followed, and the F2 behind an F1."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tuyendau.core.acting import as_program
from tuyendau.lib import clock
from tuyendau.science.epi.diseases import disease, diseases


@dataclass(frozen=True, slots=True)
class Followed:
    """A person who is F1 of at least one confirmed case of a disease, and so is to be followed up.

    `cases` are row ids, the nearest first; `grade` the nearest. `first` and `last` exposure are None where nobody
    knows when they met; `listed_at` is when the person first came into one of the lists. `source` says on what it
    rests: "judged" by hand, "said" by somebody, else "traced".
    """

    person_id: int
    disease: str
    first: datetime | None
    last: datetime | None
    cases: tuple[int, ...]
    grade: int
    source: str
    listed_at: datetime


_FOLLOWED = """
SELECT k.person_id, c.disease, min(k.first), max(k.last),
       array_agg(k.case_id ORDER BY k.grade, k.first NULLS LAST, k.case_id), min(k.grade),
       CASE WHEN bool_or(EXISTS (SELECT FROM contacts_judgement j
                 WHERE j.case_id = k.case_id AND j.person_id = k.person_id AND j.withdrawn_at IS NULL)) THEN 'judged'
            WHEN bool_or(k.traced_grade IS NULL OR k.traced_grade > k.grade) THEN 'said' ELSE 'traced' END,
       min(k.listed_at)
FROM contacts_contact k JOIN cases_case c ON c.id = k.case_id
WHERE c.status = 'confirmed' AND k.grade <= (%(counted)s::jsonb ->> c.disease)::int {narrowed}
  AND NOT EXISTS (SELECT FROM cases_case own
                  WHERE own.person_id = k.person_id AND own.disease = c.disease AND own.status = 'confirmed')
GROUP BY k.person_id, c.disease ORDER BY k.person_id, c.disease
"""


def counted_grade(code: str) -> int:
    """The worst grade that makes an F1 of a disease, by the contact policy in force now."""
    return int(disease(code).policy(clock.local_day(clock.now())).counts)


def counted_grades() -> str:
    """`counted_grade` of every disease, as a JSON object for SQL."""
    return "{" + ",".join(f'"{of.code}": {counted_grade(of.code)}' for of in diseases()) + "}"


@as_program()
def followed(
    *, people: Collection[int] | None = None, cases: Collection[int] | None = None
) -> list[Followed]:
    """Who is F1 now, by person and disease; who is a confirmed case of the same disease is F0 and not among them.

    Row ids: `people` narrows to these, `cases` to the contacts of these (each still with all their cases). For the
    program's own use: no reach is asked for.
    """
    narrowed = ""
    if people is not None:
        narrowed += " AND k.person_id = ANY(%(people)s)"
    if cases is not None:
        narrowed += (
            " AND k.person_id IN (SELECT person_id FROM contacts_contact WHERE case_id = ANY(%(cases)s))"
        )
    asked: dict[str, Any] = {
        "counted": counted_grades(),
        "people": list(people or ()),
        "cases": list(cases or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED.format(narrowed=narrowed), asked)
        return [
            Followed(person, code, first, last, tuple(found), grade, source, listed)
            for person, code, first, last, found, grade, source, listed in cursor.fetchall()
        ]
