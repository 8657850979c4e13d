"""Cases as points: which were known at a moment, and where each was, lived or worked then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, LiteralString, NamedTuple

from django.db import connection
from django.db.models import Q

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.history.queries import as_known
from tuyendau.core.places.models import SiteKind
from tuyendau.core.places.queries import reaches_province, units_in_reach
from tuyendau.insight.map.queries.spots import NOWHERE, Commune, Spot, communes, spots
from tuyendau.lib import clock
from tuyendau.records.orders.models import OrderVersion, PlaceKind
from tuyendau.records.orders.models import State as OrderState
from tuyendau.records.people.models import Assignment, AssignmentRole
from tuyendau.response.care.models import StayState, StayVersion


class Where(IntEnum):
    """What kind of place a case is drawn at."""

    TREATMENT = 0
    QUARANTINE = 1
    HOME = 2
    WORK = 3
    COMMUNE = 4
    """Nothing nearer than the commune is known."""


class KnownCase(NamedTuple):
    """A case as it was known then. By tuples: there are thousands.

    `symptoms` are those of the form as they stand today, in JSON: no version is kept of them. `resident`: the person
    lived in the reach that was asked for.
    """

    row: int
    public_id: str
    code: str | None
    person: int
    unit: int | None
    disease: str
    status: str
    onset_on: date | None
    sampled_on: date | None
    result_on: date | None
    reported_on: date
    isolated_at: datetime | None
    outcome: str
    symptoms: str
    resident: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A case with where it is drawn: at a site, or at the point of its commune."""

    case: KnownCase
    where: Where
    spot: Spot | None
    commune: Commune

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, None where nothing is known."""
        return (self.spot and self.spot.point) or self.commune.point

    @property
    def approximate(self) -> bool:
        """Whether the point is that of the commune."""
        return self.spot is None or self.spot.approximate


# In reach is who is counted in the viewer's units, or lived there as it was known then: an employer has no map, for a
# point would tell where a worker lodges.
_KNOWN: LiteralString = """
SELECT v."row", c.public_id, c.code, v.person_id, v.unit_id, v.disease, v.status, v.onset_on, v.sampled_on, v.result_on,
       v.reported_on, v.isolated_at, v.outcome, coalesce(c.details->>'symptoms', '') AS symptoms,
       (lives.unit = ANY(%(reach)s) OR (%(province)s AND lives.unit IS NULL)) IS TRUE AS resident
FROM cases_caseversion v
JOIN cases_case c ON c.id = v."row"
JOIN people_person p ON p.id = v.person_id
LEFT JOIN people_personversion was
    ON was."row" = p.id AND (was.since IS NULL OR was.since <= %(at)s) AND was.until > %(at)s
CROSS JOIN LATERAL (SELECT CASE WHEN was.id IS NULL THEN p.unit_id ELSE was.unit_id END AS unit) lives
WHERE v.since <= %(at)s AND (v.until IS NULL OR v.until > %(at)s)
  AND v.status = ANY(%(statuses)s) AND v.reported_on >= %(first)s AND (v.outcome = '' OR NOT %(open)s)
  AND (%(case)s = '' OR c.public_id = %(case)s)
  AND (%(everybody)s OR v.unit_id = ANY(%(reach)s) OR lives.unit = ANY(%(reach)s)
       OR (%(province)s AND (v.unit_id IS NULL OR lives.unit IS NULL)))
ORDER BY v.reported_on DESC, v."row" DESC
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these statuses, reported since `first`, `open` without an outcome so far; one of them alone."""

    statuses: Sequence[str]
    first: date = date.min
    open: bool = False
    case: str = ""


def known_cases(viewer: Viewer, at: datetime, wanted: Wanted) -> list[KnownCase]:
    """The cases in the viewer's reach as they were known at `at`, the latest first. Raises `Denied`.

    A case that is no longer kept is not among them.
    """
    viewer.require(Permission.MAP_VIEW, Permission.CASE_VIEW)
    return cases_of(viewer, Permission.CASE_VIEW, at, wanted)


def cases_of(
    viewer: Viewer, permission: Permission, at: datetime, wanted: Wanted, *, everybody: bool = False
) -> list[KnownCase]:
    """Cases in the viewer's reach for `permission`; `everybody`: all, for the program to count what may be counted."""
    asked: dict[str, Any] = {
        "at": at, "statuses": list(wanted.statuses), "first": wanted.first, "open": wanted.open, "case": wanted.case,
        "reach": list(units_in_reach(viewer, permission).values_list("pk", flat=True)),
        "province": reaches_province(viewer, permission), "everybody": everybody,
    }  # fmt: skip
    with as_program(), connection.cursor() as cursor:
        cursor.execute(_KNOWN, asked)
        return [KnownCase(*row) for row in cursor.fetchall()]


def placed(cases: Sequence[KnownCase], at: datetime, *, drawn: str = "now") -> list[Placed]:
    """Where cases were as known at `at`: where they stay ("now"), where they live ("home"), where they work ("work").

    Of the cases asked for the viewer sees all; so they see where these belong. Assignments count by their days.
    """
    sites = _sites(cases, at)
    order = {
        "now": (Where.TREATMENT, Where.QUARANTINE, Where.HOME, Where.WORK),
        "home": (Where.HOME,),
        "work": (Where.WORK,),
    }
    chosen = {
        person: next(((where, known[where]) for where in order[drawn] if where in known), None)
        for person, known in sites.items()
    }
    found = spots(pair[1] for pair in chosen.values() if pair)
    names = communes(case.unit for case in cases)
    return [_placed(case, chosen.get(case.person), found, names) for case in cases]


def _placed(
    case: KnownCase,
    chosen: tuple[Where, int] | None,
    found: Mapping[int, Spot],
    names: Mapping[int | None, Commune],
) -> Placed:
    commune = names.get(case.unit, NOWHERE)
    spot = found.get(chosen[1]) if chosen else None
    if chosen is None or spot is None:
        return Placed(case, Where.COMMUNE, None, commune)
    return Placed(case, chosen[0], spot, commune)


_KINDS: dict[str, Where] = {
    SiteKind.HOSPITAL: Where.TREATMENT, SiteKind.WARD: Where.TREATMENT, SiteKind.QUARANTINE: Where.QUARANTINE,
    SiteKind.QUARANTINE_ROOM: Where.QUARANTINE,
}  # fmt: skip
_ROLES: dict[str, Where] = {
    AssignmentRole.LODGES: Where.HOME, AssignmentRole.WORKS: Where.WORK, AssignmentRole.BELONGS: Where.WORK,
}  # fmt: skip


@as_program()
def _sites(cases: Sequence[KnownCase], at: datetime) -> dict[int, dict[Where, int]]:
    """For each person the site of each kind of place."""
    people, day = list({case.person for case in cases}), clock.local_day(at)
    found: defaultdict[int, dict[Where, int]] = defaultdict(dict)
    held = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), person__id__any_of=people, valid_from__lte=day
    )
    # The latest of a kind overwrites those before it.
    for person, site, role, kind in held.order_by("valid_from", "pk").values_list(
        "person_id", "site_id", "role", "site__kind"
    ):
        where = _ROLES.get(role)
        if role == AssignmentRole.LODGES:
            where = _KINDS.get(kind, where)
        if where is not None:
            found[person][where] = site
    signed = as_known(OrderVersion, at).filter(
        state=OrderState.SIGNED, person__id__any_of=people, starts_on__lte=day, over_from__gt=day
    )
    stays = as_known(StayVersion, at).filter(person__id__any_of=people, state=StayState.PRESENT)
    for person, site, kind in stays.values_list("person_id", "site_id", "site__kind"):
        # Who is recorded as a patient there is there, and not where they were before.
        found[person].pop(Where.QUARANTINE, None)
        found[person].pop(Where.TREATMENT, None)
        found[person][_KINDS.get(kind, Where.TREATMENT)] = site
    places = {PlaceKind.HOSPITAL: Where.TREATMENT, PlaceKind.FACILITY: Where.QUARANTINE}
    # Where somebody is assigned is where they are; an order says it where nothing else does.
    for person, place, site in signed.order_by("-starts_on", "-row").values_list(
        "person_id", "place_kind", "site_id"
    ):
        if site is not None and place in places:
            found[person].setdefault(places[PlaceKind(place)], site)
    return found
