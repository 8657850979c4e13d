"""Where the people of cases belong: companies, lines, schools, lodgings, on the day on which they were reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.insight.situation.queries.scope import Known
from tuyendau.insight.situation.rules import Place
from tuyendau.records.people.models import Assignment

_PLACE_OF: dict[str, Place] = {
    SiteKind.COMPANY: Place.COMPANY, SiteKind.SCHOOL: Place.SCHOOL, SiteKind.HOSPITAL: Place.HEALTH,
    SiteKind.MARKET: Place.MARKET, SiteKind.SHOP: Place.MARKET, SiteKind.DORMITORY: Place.LODGING,
    SiteKind.BOARDING_HOUSE: Place.LODGING,
}  # fmt: skip
_ORDER = list(Place)
_FIRMS = (SiteKind.COMPANY, SiteKind.PARK)


class SiteSeen(NamedTuple):
    """A site as far as it is told: row number, code, kind, name, and the name of the company or park that it is in."""

    pk: int
    code: str
    kind: str
    name: str
    above: str


@as_program()
def sites_of(cases: Sequence[Known]) -> dict[int, set[SiteSeen]]:
    """By case (its row) the sites to which its person was assigned on the day of the report, with all above these.

    Assignments have days of their own, and no versions: they are those on record.
    """
    day_of: defaultdict[int, list[tuple[int, date]]] = defaultdict(list)
    for case in cases:
        if case.person is not None:
            day_of[case.person].append((case.row, case.reported_on))
    held = Assignment.objects.filter(person__id__any_of=list(day_of))
    rows = held.values_list("person_id", "site__path", "valid_from", "valid_to")
    numbers: defaultdict[int, set[int]] = defaultdict(set)
    for person, path, begun, ended in rows:
        for row, day in day_of[person]:
            if path and begun <= day and (ended is None or ended > day):
                numbers[row].update(map(int, path.strip("/").split("/")))
    wanted = {number for each in numbers.values() for number in each}
    found = Site.objects.filter(pk__any_of=list(wanted)).values_list("pk", "code", "kind", "name", "path")
    read = {pk: (code, kind, name, ancestors_of(path)) for pk, code, kind, name, path in found}
    firms = {pk: name for pk, (_code, kind, name, _above) in read.items() if kind in _FIRMS}
    sites = {
        pk: SiteSeen(pk, code, kind, name, next((firms[n] for n in reversed(above) if n in firms), ""))
        for pk, (code, kind, name, above) in read.items()
    }
    return {row: {sites[number] for number in each if number in sites} for row, each in numbers.items()}


def ancestors_of(path: str | None) -> list[int]:
    """The row numbers of what a site lies in, from the root down, by its path."""
    return [int(part) for part in (path or "").strip("/").split("/") if part][:-1]


def place_of(sites: Iterable[SiteSeen]) -> Place:
    """What the setting of a case is, by the sites to which its person belongs."""
    kinds = {site.kind for site in sites}
    found = {_PLACE_OF[kind] for kind in kinds if kind in _PLACE_OF}
    if Place.COMPANY in found and SiteKind.PARK in kinds:
        return Place.PARK
    return min(found, key=_ORDER.index, default=Place.COMMUNITY)


def places_of(cases: Sequence[Known]) -> dict[int, Place]:
    """The setting of each case, by its row."""
    sites = sites_of(cases)
    return {case.row: place_of(sites.get(case.row, ())) for case in cases}
