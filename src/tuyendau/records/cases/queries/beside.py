"""What stands beside a case in the line list and is kept elsewhere: fetched for many cases at once.

Apps above add their own: a loader by the name that their columns need, and filters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries import Told, told_of
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.lib import clock, identity
from tuyendau.records.cases.models import Sample, TestResult
from tuyendau.records.cases.queries.cases import TOLD_OF_CASES
from tuyendau.records.people.models import Assignment, Identifier, IdentifierKind, Person
from tuyendau.records.people.queries import within

Loader = Callable[[Viewer, Sequence[Any]], Mapping[int, Any]]
"""For cases of the line list, which the viewer sees, something of each by its row id."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that an app adds: its label, what can be chosen, and the condition on cases that a choice means."""

    label: Any
    choices: Sequence[tuple[str, Any]]
    condition: Callable[[str], Q]
    permission: Permission | None = None


LOADERS: dict[str, Loader] = {}
FILTERS: dict[str, Filter] = {}


@dataclass(frozen=True, slots=True)
class Belongs:
    """Where the person of a case belongs: by the names of the sites, "" where nothing is known.

    Work and lodging are those of the day of the report, else the last that are known; `stays` is the hospital or
    quarantine facility where they are today.
    """

    company: str = ""
    workshop: str = ""
    line: str = ""
    shift: str = ""
    lodging: str = ""
    room: str = ""
    stays: str = ""


_WORK = {SiteKind.COMPANY: "company", SiteKind.WORKSHOP: "workshop", SiteKind.LINE: "line"}
_LODGING = {
    SiteKind.BOARDING_HOUSE: "lodging", SiteKind.DORMITORY: "lodging", SiteKind.HOUSEHOLD: "lodging",
    SiteKind.ROOM: "room",
}  # fmt: skip
_STAYS = {SiteKind.HOSPITAL, SiteKind.WARD, SiteKind.QUARANTINE, SiteKind.QUARANTINE_ROOM}


@as_program()
def belongings(viewer: Viewer, cases: Sequence[Any]) -> dict[int, Belongs]:
    """Where the people of cases belong. Who sees a case only as an employer does is told of their own sites alone."""
    own = viewer.paths(Permission.CASE_VIEW, ScopeKind.SITE)
    held: defaultdict[int, list[Assignment]] = defaultdict(list)
    people = {case.person_id for case in cases}
    for assignment in (
        Assignment.objects.filter(person__id__any_of=people).select_related("site", "shift").order_by("pk")
    ):
        held[assignment.person_id].append(assignment)
    above = {int(n) for each in held.values() for a in each for n in str(a.site.path).strip("/").split("/")}
    sites = {site.pk: site for site in Site.objects.filter(pk__any_of=above).only("pk", "kind", "name")}
    today = clock.local_day(clock.now())
    return {
        case.pk: _belongs(
            [a for a in held[case.person_id] if case.in_full or str(a.site.path).startswith(own)],
            case.reported_on, today, sites,
        )
        for case in cases
    }  # fmt: skip


def _belongs(held: Sequence[Assignment], day: date, today: date, sites: Mapping[int, Site]) -> Belongs:
    found: dict[str, str] = {}
    for assignment in sorted(held, key=lambda a: (_on(a, day), a.valid_from)):
        chain = [sites[int(n)] for n in str(assignment.site.path).strip("/").split("/") if int(n) in sites]
        kinds = {site.kind for site in chain}
        for group in (_WORK, _LODGING):
            if kinds & set(group):
                for name in group.values():
                    found.pop(name, None)
                found |= {group[SiteKind(site.kind)]: site.name for site in chain if site.kind in group}
        if kinds & {SiteKind.COMPANY}:
            found["shift"] = assignment.shift.name if assignment.shift else ""
        if assignment.site.kind in _STAYS and _on(assignment, today):
            found["stays"] = ", ".join(site.name for site in chain if site.kind in _STAYS)
    return Belongs(**found)


def _on(assignment: Assignment, day: date) -> bool:
    return assignment.valid_from <= day and (assignment.valid_to is None or assignment.valid_to > day)


@as_program()
def citizen_numbers(viewer: Viewer, cases: Sequence[Any]) -> dict[int, str]:
    """The CCCD of people: whole for who may correct the person, masked for all others."""
    people = {case.person_id for case in cases}
    rows = Identifier.objects.filter(person__id__any_of=people, kind=IdentifierKind.CCCD).order_by("pk")
    numbers = dict(rows.values_list("person", "value"))
    edits = viewer.may(Permission.PERSON_EDIT)
    reach = Person.objects.filter(within(viewer, Permission.PERSON_EDIT), pk__any_of=list(numbers))
    whole = set(reach.values_list("pk", flat=True)) if edits and numbers else set()
    return {
        case.pk: numbers[case.person_id]
        if case.person_id in whole
        else identity.masked(numbers[case.person_id])
        for case in cases
        if case.person_id in numbers
    }


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest sample of a case, and the latest result that stands of any of its samples."""

    sampled: str = ""
    sampled_at: datetime | None = None
    test: str = ""
    ct: float | None = None
    tested_at: datetime | None = None


@as_program()
def latest_samples(viewer: Viewer, cases: Sequence[Any]) -> dict[int, Latest]:
    """The latest sample and result of each case that has any."""
    numbers = [case.pk for case in cases]
    samples = {
        sample.case_id: sample
        for sample in Sample.objects.filter(case__id__any_of=numbers).order_by("taken_at", "pk")
    }
    stands = TestResult.objects.filter(sample__case__id__any_of=numbers, corrected_by=None)
    results = {
        result.sample.case_id: result
        for result in stands.select_related("sample").order_by("resulted_at", "pk")
    }
    return {number: _latest(sample, results.get(number)) for number, sample in samples.items() if number}


def _latest(sample: Sample, result: TestResult | None) -> Latest:
    if result is None:
        return Latest(sample.number, sample.taken_at)
    ct = float(result.ct) if result.ct is not None else None
    return Latest(sample.number, sample.taken_at, str(result.get_result_display()), ct, result.resulted_at)


def tellings(viewer: Viewer, cases: Sequence[Any]) -> dict[int, Told]:
    """Who reported a case, and when it was last changed."""
    kinds = [kind for kind in TOLD_OF_CASES if kind.startswith("case.") and kind != "case.traced"]
    told = told_of([case.public_id for case in cases], kinds, first="case.reported")
    return {case.pk: told[case.public_id] for case in cases if case.public_id in told}


LOADERS |= {"belongs": belongings, "cccd": citizen_numbers, "told": tellings, "latest": latest_samples}


def add(loaders: Mapping[str, Loader], filters: Mapping[str, Filter]) -> None:
    """Have the line list know what an app above keeps of cases. Call it in AppConfig.ready."""
    LOADERS.update(loaders)
    FILTERS.update(filters)


def names_of_people(cases: Iterable[Any]) -> dict[str, str]:
    """The words by which people know cases, by public id."""
    return {case.public_id: str(case.person) for case in cases}
