"""F1 and what they declared of whom they met since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, Min, Prefetch, QuerySet

from tuyendau.access import Viewer
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.models import Contact, Grade
from tuyendau.records.interviews.models import Declaration, Declared
from tuyendau.records.interviews.queries.interviews import RECORD
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import visible_people

MOST_FORMS = 300
"""Forms that are printed at once."""


@dataclass(slots=True)
class F1:
    """Somebody who is asked whom they met: when they were with cases first and last, and what they gave back."""

    person: Person
    first: date | None = None
    last: date | None = None
    declarations: list[Declaration] = field(default_factory=list)


def f1_of_case(viewer: Viewer, case: Case, *, most: int = MOST_FORMS) -> list[F1]:
    """The close contacts of a case in the viewer's reach, by rank, at most `most`. Raises `Denied`."""
    contacts = Contact.objects.filter(
        case=case, grade=Grade.CLOSE, person__in=visible_people(viewer, RECORD).values("pk")
    ).select_related("person__unit")
    rows = list(contacts.order_by("rank", "pk")[:most])
    given = _declarations([row.person_id for row in rows])
    return [
        F1(
            row.person,
            clock.local_day(row.first) if row.first else None,
            clock.local_day(row.last) if row.last else None,
            given[row.person_id],
        )
        for row in rows
    ]


def f1(viewer: Viewer, person_id: str) -> F1:
    """One person (a public id) as an F1, over all confirmed cases. Raises `Denied`, Person.DoesNotExist."""
    person = visible_people(viewer, RECORD).select_related("unit").get(public_id=person_id)
    met = Contact.objects.filter(
        person=person, grade=Grade.CLOSE, case__status=CaseStatus.CONFIRMED
    ).aggregate(first=Min("first"), last=Max("last"))
    return F1(
        person,
        clock.local_day(met["first"]) if met["first"] else None,
        clock.local_day(met["last"]) if met["last"] else None,
        _declarations([person.pk])[person.pk],
    )


def visible_declarations(viewer: Viewer) -> QuerySet[Declaration]:
    """The declarations of people in the viewer's reach. Raises `Denied`."""
    return Declaration.objects.filter(person__in=visible_people(viewer, RECORD).values("pk"))


def declared_by(people: Sequence[int]) -> dict[int, list[Declared]]:
    """Whom each of `people` (row ids) declared to have met: evidence that leads from an F1 to its F2.

    For the program itself, such as the reckoning of degrees.
    """
    found: dict[int, list[Declared]] = {}
    rows = (
        Declared.objects.filter(declaration__person__in=people).select_related("declaration").order_by("pk")
    )
    for row in rows:
        found.setdefault(row.declaration.person_id, []).append(row)
    return found


def _declarations(people: Sequence[int]) -> defaultdict[int, list[Declaration]]:
    found: defaultdict[int, list[Declaration]] = defaultdict(list)
    rows = (
        Declaration.objects.filter(person__in=people)
        .select_related("by")
        .prefetch_related(Prefetch("people", Declared.objects.order_by("pk")))
    )
    for row in rows.order_by("-returned_on", "-pk"):
        found[row.person_id].append(row)
    return found
