"""Who is to be followed as a contact, by what the contacts say now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from tuyendau.lib import clock
from tuyendau.records.contacts.queries import Followed, followed

_NEAREST = """
SELECT k.person_id, c.disease, max(k.probability), (array_agg(k.case_id ORDER BY k.last DESC NULLS LAST, k.case_id))[1]
FROM contacts_contact k JOIN cases_case c ON c.id = k.case_id
WHERE k.person_id = ANY(%(people)s) AND k.case_id = ANY(%(cases)s) GROUP BY k.person_id, c.disease
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """A person who is F1 of at least one confirmed case; ids are row ids, `case` that of the latest exposure."""

    person: int
    disease: str
    first_on: date | None
    last_on: date
    cases: tuple[int, ...]
    case: int
    probability: float


def duties(*, people: Collection[int] | None = None, cases: Collection[int] | None = None) -> list[Duty]:
    """Who is F1 now, of `people` or of the contacts of `cases`, each with all their cases.

    Where nobody knows when two people met, the exposure counts as of the day on which the person came into the list.
    """
    found = followed(people=people, cases=cases)
    nearest = _nearest(found)
    return [
        Duty(
            each.person_id,
            each.disease,
            clock.local_day(each.first) if each.first else None,
            clock.last_day(each.last) if each.last else clock.local_day(each.listed_at),
            each.cases,
            *nearest[each.person_id, each.disease],
        )
        for each in found
    ]


def _nearest(found: list[Followed]) -> dict[tuple[int, str], tuple[int, float]]:
    """By person and disease the case of the latest exposure, and the highest probability."""
    if not found:
        return {}
    asked = {
        "people": [each.person_id for each in found],
        "cases": list({case for each in found for case in each.cases}),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, asked)
        return {
            (person, code): (case, float(chance or 0)) for person, code, chance, case in cursor.fetchall()
        }
