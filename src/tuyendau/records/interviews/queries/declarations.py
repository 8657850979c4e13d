"""F1 and what they declared of whom they met since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet

from tuyendau.access import Viewer
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact
from tuyendau.records.contacts.queries import Followed, followed
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
    """Who is F1 of a case and in the viewer's reach, by rank in its list, at most `most`. Raises `Denied`."""
    rows = {row.person_id: row for row in followed(cases=[case.pk]) if row.disease == case.disease}
    people = visible_people(viewer, RECORD).filter(pk__any_of=list(rows)).select_related("unit").in_bulk()
    ranked = Contact.objects.filter(case=case, person__in=list(people)).order_by("rank", "pk")
    order = list(ranked.values_list("person", flat=True)[:most])
    given = _declarations(order)
    return [_asked(people[pk], [rows[pk]], given[pk]) for pk in order]


def f1(viewer: Viewer, person_id: str) -> F1:
    """One person (a public id) as an F1, over all confirmed cases. Raises `Denied`, Person.DoesNotExist."""
    person = visible_people(viewer, RECORD).select_related("unit").get(public_id=person_id)
    return _asked(person, followed(people=[person.pk]), _declarations([person.pk])[person.pk])


def _asked(person: Person, rows: Sequence[Followed], declarations: list[Declaration]) -> F1:
    first = min((row.first for row in rows if row.first), default=None)
    last = max((row.last for row in rows if row.last), default=None)
    return F1(
        person,
        clock.local_day(first) if first else None,
        clock.last_day(last) if last else None,
        declarations,
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
