"""What stands beside a case in the line list and is kept elsewhere: fetched for many cases at once.

Apps above add their own: a loader by the name that their columns need, and filters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

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


_WORK: dict[str, str] = {SiteKind.COMPANY: "company", SiteKind.WORKSHOP: "workshop", SiteKind.LINE: "line"}
_LODGING: dict[str, str] = {
    SiteKind.BOARDING_HOUSE: "lodging", SiteKind.DORMITORY: "lodging", SiteKind.HOUSEHOLD: "lodging",
    SiteKind.ROOM: "room",
}  # fmt: skip
_STAYS: set[str] = {SiteKind.HOSPITAL, SiteKind.WARD, SiteKind.QUARANTINE, SiteKind.QUARANTINE_ROOM}


@as_program()
def belongings(viewer: Viewer, cases: Sequence[Any]) -> dict[int, Belongs]:
    """Where the people of cases belong. Who sees a case only as an employer does is told of their own sites alone."""
    own = viewer.paths(Permission.CASE_VIEW, ScopeKind.SITE)
    held: defaultdict[int, list[_Held]] = defaultdict(list)
    assigned = Assignment.objects.filter(person__id__any_of=list({case.person_id for case in cases}))
    rows = assigned.order_by("pk").values_list(
        "person_id", "site__path", "valid_from", "valid_to", "shift__name"
    )
    for person, path, begun, ended, shift in rows:
        held[person].append(_Held(path or "", begun, ended, shift))
    above = {
        int(n)
        for path in {a.path for each in held.values() for a in each}
        for n in path.strip("/").split("/")
    }
    sites = Site.objects.filter(pk__any_of=list(above)).values_list("pk", "kind", "name")
    chains = _Chains({pk: (kind, name) for pk, kind, name in sites})
    today = clock.local_day(clock.now())
    return {
        case.pk: _belongs(
            [a for a in held[case.person_id] if case.in_full or a.path.startswith(own)],
            case.reported_on, today, chains,
        )
        for case in cases
        if case.person_id in held
    }  # fmt: skip


class _Held(NamedTuple):
    """An assignment, as far as it is told: by tuples, since a whole list of them is made."""

    path: str
    valid_from: date
    valid_to: date | None
    shift: str | None

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)


class _Chains(dict[str, list[tuple[str, str]]]):
    """What a site is and is part of, from the root down, as kinds and names, by its path; made when it is asked for."""

    def __init__(self, sites: Mapping[int, tuple[str, str]]) -> None:
        super().__init__()
        self._sites = sites

    def __missing__(self, path: str) -> list[tuple[str, str]]:
        numbers = [int(n) for n in path.strip("/").split("/")]
        self[path] = [self._sites[n] for n in numbers if n in self._sites]
        return self[path]


def _belongs(held: Sequence[_Held], day: date, today: date, chains: _Chains) -> Belongs:
    found: dict[str, str] = {}
    for assignment in sorted(held, key=lambda a: (a.on(day), a.valid_from)) if len(held) > 1 else held:
        chain = chains[assignment.path]
        kinds = {kind for kind, _name in chain}
        for group in (_WORK, _LODGING):
            if not kinds.isdisjoint(group):
                for name in group.values():
                    found.pop(name, None)
                found |= {group[kind]: name for kind, name in chain if kind in group}
        if SiteKind.COMPANY in kinds:
            found["shift"] = assignment.shift or ""
        if chain and chain[-1][0] in _STAYS and assignment.on(today):
            found["stays"] = ", ".join(name for kind, name in chain if kind in _STAYS)
    return Belongs(**found)


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
