"""F2 and further: whom the F1 of a case met, and whom those met, on and on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Degree, Quarantine
from tuyendau.records.contacts.queries.degrees import counted_grade
from tuyendau.records.contacts.queries.tracing import LEAST_SECONDS
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import within
from tuyendau.records.visits.queries import presence
from tuyendau.science.epi.diseases import disease
from tuyendau.science.tracing import Grade, Sources, degrees, to_seconds

FARTHEST = 5


@dataclass(slots=True)
class Far:
    """A person at some distance from a case: `through` are the row ids of those one step nearer."""

    person_id: int
    through: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Farther:
    """The people of one degree, those met by most first, and how many F1 still have to be counted by the worker."""

    degree: int
    people: list[Far]
    behind: int


_SECOND = """
SELECT m.person_id, array_agg(d.person_id ORDER BY d.person_id)
FROM contacts_contact k
JOIN contacts_degree d ON d.person_id = k.person_id AND d.disease = %(disease)s AND d.degree = 1
CROSS JOIN LATERAL unnest(d.met) AS m (person_id)
WHERE k.case_id = %(case)s AND k.grade <= %(counted)s
  AND NOT EXISTS (SELECT FROM contacts_degree o WHERE o.person_id = m.person_id AND o.disease = %(disease)s)
GROUP BY m.person_id ORDER BY count(*) DESC, m.person_id
"""
_BEHIND = """
SELECT count(*) FROM contacts_contact k
JOIN contacts_degree d ON d.person_id = k.person_id AND d.disease = %(disease)s AND d.degree = 1
WHERE k.case_id = %(case)s AND k.grade <= %(counted)s AND d.met_at IS NULL
"""


@as_program()
def degree_of(person_id: int, code: str) -> int | None:
    """0, 1 or 2: how far a person (row id) stands from the active cases of a disease; None where farther."""
    stands = Degree.objects.filter(person=person_id, disease=code).values_list("degree", flat=True).first()
    if stands is not None:
        return stands
    met = Degree.objects.filter(disease=code, degree=1, met__contains=[person_id])
    return 2 if met.exists() else None


@as_program()
def farther(case: Case, degree: int, *, at: datetime) -> Farther:
    """The people at `degree` steps from a case, 2 to FARTHEST, none of whom is F0 or F1 of the disease.

    F2 are those that are kept; further ones are searched for by the engine now. For the program: reach is for whoever
    shows them.
    """
    asked: dict[str, Any] = {"case": case.pk, "disease": case.disease, "counted": counted_grade(case.disease)}
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, asked)
        (behind,) = cursor.fetchone()
        cursor.execute(_SECOND, asked)
        second = [Far(person, through) for person, through in cursor.fetchall()]
    if degree <= 2:
        return Farther(2, second, behind)
    return Farther(degree, _searched(case, degree, at), behind)


def _searched(case: Case, degree: int, at: datetime) -> list[Far]:
    """The engine's answer from the F1 of a case on."""
    stand = Degree.objects.filter(disease=case.disease)
    near = set(stand.values_list("person_id", flat=True))
    rows = stand.filter(
        degree=1,
        person__in=case.contacts.filter(grade__lte=counted_grade(case.disease)).values("person"),
        since__isnull=False,
    )
    spans = [(r.person_id, r.since, min(r.until, at)) for r in rows if r.since and r.until]
    spans = [(person, since, until) for person, since, until in spans if since < until]
    if not spans:
        return []
    of = disease(case.disease)
    policy = of.policy(clock.local_day(at))
    held = list(Quarantine.objects.values_list("person_id", "since"))
    found = degrees(
        presence(),
        Sources.of(*([column(s) for s in spans] for column in (_person, _since, _until))),
        degree - 1,
        policy,
        min_seconds=LEAST_SECONDS,
        counts=Grade(policy.counts),
        quarantined=([p for p, _ in held], [to_seconds(t) for _, t in held]),
        until=to_seconds(at),
        epi=of.parameters,
    )
    last = found.contacts.degree == degree - 1
    people: dict[int, Far] = {}
    pairs = zip(
        found.contacts.contact[last].tolist(),
        found.sources.person[found.contacts.source[last]].tolist(),
        strict=True,
    )
    wanted = set(found.person[found.degree == degree - 1].tolist()) - near
    for person, source in pairs:
        if person in wanted:
            people.setdefault(person, Far(person)).through.append(source)
    return sorted(people.values(), key=lambda far: (-len(far.through), far.person_id))


def _person(span: tuple[int, datetime, datetime]) -> int:
    return span[0]


def _since(span: tuple[int, datetime, datetime]) -> int:
    return to_seconds(span[1])


def _until(span: tuple[int, datetime, datetime]) -> int:
    return to_seconds(span[2])


@as_program()
def in_reach_of(viewer: Viewer, people: Sequence[Far]) -> list[Far]:
    """Those of these people over whom the viewer holds the right to see contacts, in their order. Raises `Denied`."""
    viewer.require(Permission.CONTACT_VIEW)
    reach = Person.objects.filter(
        within(viewer, Permission.CONTACT_VIEW), pk__any_of=[far.person_id for far in people]
    )
    seen = set(reach.values_list("pk", flat=True))
    return [far for far in people if far.person_id in seen]


def named(viewer: Viewer, people: Sequence[Far]) -> dict[int, Person]:
    """The people, and those through whom, whom the viewer may see, by row id, with their commune."""
    ids = (
        np.unique([pk for far in people for pk in (far.person_id, *far.through[:8])]).tolist()
        if people
        else []
    )
    reach = Person.objects.filter(within(viewer, Permission.CONTACT_VIEW), pk__any_of=ids)
    return {person.pk: person for person in reach.select_related("unit")}
