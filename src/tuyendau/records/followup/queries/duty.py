"""Who is to be followed as a contact, by what the contacts say now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import connection

from tuyendau.lib import clock

_FOLLOWED = """
SELECT k.person_id, c.disease, min(k.first), max(k.last),
       array_agg(k.case_id ORDER BY k.last DESC NULLS LAST, k.case_id), max(k.probability), min(c.reported_on)
FROM contacts_contact k JOIN cases_case c ON c.id = k.case_id
WHERE c.status = 'confirmed' AND k.grade = 0 {narrowed}
  AND NOT EXISTS (SELECT FROM cases_case own
                  WHERE own.person_id = k.person_id AND own.disease = c.disease AND own.status = 'confirmed')
GROUP BY k.person_id, c.disease ORDER BY k.person_id, c.disease
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """A person who is F1 of at least one confirmed case; ids are row ids, the case of the latest exposure first."""

    person: int
    disease: str
    first_on: date | None
    last_on: date
    cases: tuple[int, ...]
    probability: float


def duties(*, people: Collection[int] | None = None, cases: Collection[int] | None = None) -> list[Duty]:
    """Who is F1 now, of `people` or of the contacts of `cases`, each with all their cases.

    Where nobody knows when two people met, the exposure counts as of the day on which the first case was reported.
    """
    narrowed = ""
    if people is not None:
        narrowed += " AND k.person_id = ANY(%(people)s)"
    if cases is not None:
        narrowed += (
            " AND k.person_id IN (SELECT person_id FROM contacts_contact WHERE case_id = ANY(%(cases)s))"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            _FOLLOWED.format(narrowed=narrowed), {"people": list(people or ()), "cases": list(cases or ())}
        )
        return [
            Duty(
                person,
                code,
                _day(first),
                cast("date", _day(last) or reported),
                tuple(found),
                float(probability or 0),
            )
            for person, code, first, last, found, probability, reported in cursor.fetchall()
        ]


def _day(moment: datetime | None) -> date | None:
    return clock.local_day(moment) if moment is not None else None
