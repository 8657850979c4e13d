"""What the register holds of the cases and people that a file names: for checking, whoever's reach they are in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.insight.exchange.queries.imports import everywhere
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import cases_in_reach
from tuyendau.records.contacts.models import Evidence, Exposure
from tuyendau.records.people.models import Assignment, Identifier, Person
from tuyendau.records.people.queries import within


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A case as the register has it; `id`, `person_id` and `unit_id` are row ids."""

    id: int
    public_id: str
    code: str | None
    person_id: int
    status: str
    onset_on: date | None
    sampled_on: date | None
    result_on: date | None
    isolated_at: datetime | None
    outcome: str
    outcome_on: date | None
    place_infected: str
    note: str


_FIELDS = tuple(OnRecord.__slots__)


@as_program()
def cases_by_code(codes: Sequence[str]) -> dict[str, OnRecord]:
    """The cases with these codes."""
    cases = _cases(code__any_of=list(codes))
    return {str(case.code): case for case in cases}


@as_program()
def open_cases(people: Sequence[int]) -> dict[int, OnRecord]:
    """The open cases of these people (row ids), by person."""
    cases = _cases(person__id__any_of=list(people))
    return {case.person_id: case for case in cases if case.status != CaseStatus.DISCARDED}


def _cases(**among: Any) -> list[OnRecord]:
    return [OnRecord(*row) for row in Case.objects.filter(**among).values_list(*_FIELDS)]


@as_program()
def reached_cases(viewer: Viewer | None, permission: Permission, cases: Sequence[int]) -> set[int]:
    """Which of these cases (row ids) lie in the viewer's reach."""
    if viewer is None or everywhere(viewer, permission):
        return set(cases)
    return set(cases_in_reach(viewer, permission).filter(pk__any_of=list(cases)).values_list("pk", flat=True))


@as_program()
def reached_people(viewer: Viewer | None, permission: Permission, people: Sequence[int]) -> set[int]:
    """Which of these people (row ids) lie in the viewer's reach."""
    if viewer is None or everywhere(viewer, permission):
        return set(people)
    among = Person.objects.filter(within(viewer, permission), pk__any_of=list(people))
    return set(among.values_list("pk", flat=True))


@as_program()
def people_by_number(numbers: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Row ids of those who have these identity numbers, each (kind, value)."""
    held = Identifier.objects.filter(value__any_of=[value for _kind, value in numbers])
    return {(kind, value): person for kind, value, person in held.values_list("kind", "value", "person_id")}


KEPT_OF_PEOPLE = ("full_name", "sex", "birth_year", "birth_date", "phone", "unit_id", "address")


@as_program()
def people_as_they_are(codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What is known of the people with these codes, by code, as JSON holds it."""
    people = Person.objects.filter(code__any_of=list(codes), merged_into=None)
    return {
        str(row.pop("code")): {
            name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
        }
        for row in people.values("code", *KEPT_OF_PEOPLE)
    }


@as_program()
def assignments_of(people: Sequence[int]) -> dict[int, set[int]]:
    """Row ids of the assignments of these people (row ids)."""
    held: dict[int, set[int]] = {}
    among = Assignment.objects.filter(person__id__any_of=list(people))
    for person, pk in among.values_list("person_id", "pk"):
        held.setdefault(person, set()).add(pk)
    return held


@as_program()
def reports_of(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """Row ids of what was reported of each pair of a case and a person (row ids)."""
    held: dict[tuple[int, int], set[int]] = {}
    reports = Exposure.objects.filter(
        evidence=Evidence.REPORTED, contact__case__id__any_of=sorted({case for case, _person in pairs})
    )
    for case, person, pk in reports.values_list("contact__case_id", "contact__person_id", "pk"):
        if (case, person) in pairs:
            held.setdefault((case, person), set()).add(pk)
    return held
