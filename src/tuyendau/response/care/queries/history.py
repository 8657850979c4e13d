"""A patient's epidemiological history: where, with whom, since when, as far as who treats them may know.

Whoever treats somebody is told of that person's own exposures: which sites, when, how near. Whom they met there is
named only where the viewer reaches that person anyway; others are counted. Presence and interviews are for those who
hold them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, TestResult
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.chains.models import Standing
from tuyendau.records.contacts.models import NEARNESS, Contact, Exposure
from tuyendau.records.contacts.queries import visible_contacts
from tuyendau.records.contacts.queries.lists import shown_exposures
from tuyendau.records.interviews.models import Interview
from tuyendau.records.interviews.queries import answers_of, interviews_of, values_of
from tuyendau.records.people.models import Assignment, AssignmentRole
from tuyendau.records.people.queries import household_of
from tuyendau.records.visits.models import Visit
from tuyendau.records.visits.queries import visits_of_person
from tuyendau.response.care.models import Stay, StayState
from tuyendau.response.care.queries.patients import sites_in_words

LOOKED_BACK = timedelta(days=14)
"""The longest incubation of what is traced here: what was longer ago infected nobody."""
MOST_NAMED, MOST_SITES, MOST_SOURCES = 8, 8, 6
"""What fits on one page; of what is left out it says how much."""


@dataclass(frozen=True, slots=True)
class Met:
    """A case whom the patient met before: `name` where the viewer reaches them; where what they shared weighs most."""

    name: str
    grade: int
    first: datetime | None
    last: datetime | None
    seconds: int
    where: str


@dataclass(slots=True)
class Been:
    """A site where the patient was: from when to when, on how many days, for how long."""

    site: Site
    first: datetime
    last: datetime
    seconds: int
    days: set[Any] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Held:
    """An interview that the viewer may read, with what it says by question."""

    interview: Interview
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class History:
    """Everything that stands on the page of one patient's history. `been` and `held` are None for who may not know."""

    belongs: Sequence[Assignment]
    met: Sequence[Met]
    met_more: int
    infector: str
    infector_known: bool
    infected: int
    named: Sequence[Contact]
    counts: Counter[int]
    household: int
    been: Sequence[Been] | None
    held: Held | None
    interviewed: bool | None
    results: Sequence[TestResult]
    stays: Sequence[Stay]


def history(viewer: Viewer, stay: Stay) -> History:
    """The history of the patient of a stay that the viewer sees. Raises `Denied`."""
    viewer.require(Permission.STAY_VIEW)
    case = stay.case
    met, more = _met(viewer, stay)
    infector, known, infected = _chain(viewer, case)
    contacts = _seen_contacts(viewer, case)
    held = _interview(viewer, case)
    return History(
        belongs=_belongs(stay),
        met=met, met_more=more,
        infector=infector, infector_known=known, infected=infected,
        named=contacts, counts=_counts(case),
        household=household_of(viewer, stay.person).count(),
        been=_been(viewer, stay) if viewer.may(Permission.VISIT_VIEW) else None,
        held=held,
        interviewed=held is not None if viewer.may(Permission.INTERVIEW_RECORD) else None,
        results=_results(stay),
        stays=_stays(stay),
    )  # fmt: skip


@as_program()
def _belongs(stay: Stay) -> list[Assignment]:
    """Where the patient works, lodges and rides, as it was when they fell ill."""
    day = _reference(stay)
    held = Assignment.objects.filter(person=stay.person_id, valid_from__lte=day).exclude(valid_to__lte=day)
    roles = [AssignmentRole.WORKS, AssignmentRole.LODGES, AssignmentRole.RIDES]
    rows = (
        held.filter(role__in=roles).exclude(site__in=_of_stays(stay)).select_related("site__parent", "shift")
    )
    return list(rows.order_by("role", "-valid_from")[:MOST_SITES])


def _of_stays(stay: Stay) -> list[int]:
    places = Stay.objects.filter(person=stay.person_id).values_list("site", "ward")
    return [pk for pair in places for pk in pair if pk]


def _reference(stay: Stay) -> Any:
    case = stay.case
    known = (case.onset_on or case.sampled_on or case.reported_on) if case else None
    return known or clock.local_day(stay.began_at)


def _met(viewer: Viewer, stay: Stay) -> tuple[list[Met], int]:
    """The cases whom the patient met, the nearest first, and how many more there are."""
    if not viewer.may(Permission.CONTACT_VIEW):
        return [], 0
    with as_program():
        own = Contact.objects.filter(person=stay.person_id, grade__in=NEARNESS).exclude(
            case__status="discarded"
        )
        rows = list(own.order_by("grade", "-probability", "pk")[: MOST_SOURCES + 1])
        more = max(0, own.count() - MOST_SOURCES)
        heaviest: dict[int, int] = {}
        found = Exposure.objects.filter(contact__in=[row.pk for row in rows])
        for exposure in shown_exposures(found):
            heaviest.setdefault(exposure.contact_id, exposure.site_id or 0)
        words = sites_in_words(set(heaviest.values()))
    names = _names(viewer, [row.case_id for row in rows])
    return [
        Met(
            names.get(row.case_id, ""),
            row.grade,
            row.first,
            row.last,
            row.seconds,
            words.get(heaviest.get(row.pk, 0), ""),
        )
        for row in rows[:MOST_SOURCES]
    ], more


def _names(viewer: Viewer, cases: Sequence[int]) -> dict[int, str]:
    """What the viewer calls cases that they reach."""
    if not viewer.may(Permission.CASE_VIEW):
        return {}
    seen = visible_cases(viewer).filter(pk__any_of=list(cases))
    return {case.pk: str(case.person) + (f" ({case.code})" if case.code else "") for case in seen}


def _chain(viewer: Viewer, case: Case | None) -> tuple[str, bool, int]:
    """Who most likely infected the case: the name where the viewer reaches them, whether anybody; whom it infected."""
    if case is None or not viewer.may(Permission.CONTACT_VIEW):
        return "", False, 0
    with as_program():
        infector = Standing.objects.filter(case=case).values_list("infector", flat=True).first()
        infected = Standing.objects.filter(infector=case).count()
    if infector is None:
        return "", False, infected
    return _names(viewer, [infector]).get(infector, ""), True, infected


def _seen_contacts(viewer: Viewer, case: Case | None) -> list[Contact]:
    if case is None or not viewer.may(Permission.CONTACT_VIEW):
        return []
    seen: QuerySet[Contact] = visible_contacts(viewer, case).filter(grade__in=NEARNESS[:2])
    return list(seen.select_related("person__unit").order_by("rank", "pk")[:MOST_NAMED])


@as_program()
def _counts(case: Case | None) -> Counter[int]:
    """How many contacts the case has by grade: numbers alone, of nobody."""
    found: Counter[int] = Counter()
    if case is not None:
        found.update(Contact.objects.filter(case=case, grade__in=NEARNESS).values_list("grade", flat=True))
    return found


def _been(viewer: Viewer, stay: Stay) -> list[Been]:
    """Where the patient was in the two weeks before they fell ill and until the stay began, the longest first."""
    start = clock.midnight(_reference(stay)) - LOOKED_BACK
    found: dict[int, Been] = {}
    visits: Sequence[Visit] = visits_of_person(stay.person, start, stay.began_at, viewer=viewer)
    for visit in visits:
        been = found.setdefault(visit.site_id, Been(visit.site, visit.start, visit.end, 0))
        been.first, been.last = min(been.first, visit.start), max(been.last, visit.end)
        been.seconds += int((visit.end - visit.start).total_seconds())
        been.days.add(clock.local_day(visit.start))
    return sorted(found.values(), key=lambda been: -been.seconds)[:MOST_SITES]


def _interview(viewer: Viewer, case: Case | None) -> Held | None:
    if case is None or not viewer.may(Permission.INTERVIEW_RECORD):
        return None
    interviews = interviews_of(viewer, case)
    return Held(interviews[0], values_of(answers_of(interviews[0]))) if interviews else None


@as_program()
def _results(stay: Stay) -> list[TestResult]:
    rows = TestResult.objects.filter(sample__person=stay.person_id, corrected_by=None)
    return list(rows.select_related("sample", "laboratory").order_by("sample__taken_at", "resulted_at", "pk"))


@as_program()
def _stays(stay: Stay) -> list[Stay]:
    rows = Stay.objects.filter(person=stay.person_id).exclude(state=StayState.CANCELLED)
    return list(rows.select_related("site", "ward").order_by("began_at"))
