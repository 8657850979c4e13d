"""How many people are in care, by severity and facility, as it was known at any time; and how full facilities are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from tuyendau.access import Denied, Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import ancestors, reaches_province, units_in_reach
from tuyendau.response.care.models import Stay, StayState, Transfer
from tuyendau.response.care.queries.reach import WARDS, wards_of
from tuyendau.response.care.rules import Severity

UNKNOWN = ""
"""In place of a severity: not assessed yet."""


@dataclass(frozen=True, slots=True)
class Facility:
    """The people of whom is counted that stay in one facility: cases by severity ("" not assessed), and contacts."""

    public_id: str
    name: str
    by_severity: Counter[str]
    contacts: int

    @property
    def cases(self) -> int:
        """Cases under treatment there."""
        return self.by_severity.total()


@dataclass(frozen=True, slots=True)
class InCare:
    """Who was in care at a moment: cases by severity, contacts in quarantine facilities, and both by facility."""

    by_severity: Counter[str] = field(default_factory=Counter)
    contacts: int = 0
    facilities: tuple[Facility, ...] = ()

    @property
    def cases(self) -> int:
        """Cases under treatment in a facility."""
        return self.by_severity.total()

    @property
    def severe(self) -> int:
        """Of the cases those who are severely or critically ill."""
        return self.by_severity[Severity.SEVERE] + self.by_severity[Severity.CRITICAL]


# Versions say who was known to stay where; assessments are only added to, so that their own times say what was known.
_IN_CARE = """
    WITH here AS (
        SELECT v.row, v.site_id, v.case_id, v.person_id FROM care_stayversion v
        WHERE v.since <= %(at)s AND (v.until IS NULL OR v.until > %(at)s) AND v.state <> 'cancelled'
          AND v.began_at <= %(at)s AND (v.ended_at IS NULL OR v.ended_at > %(at)s)
    ), placed AS (
        SELECT here.row, here.site_id, here.case_id, coalesce(c.unit_id, CASE WHEN h.id IS NULL THEN p.unit_id
            ELSE h.unit_id END) AS unit_id
        FROM here JOIN people_person p ON p.id = here.person_id
        LEFT JOIN cases_caseversion c ON c.row = here.case_id AND c.since <= %(at)s
            AND (c.until IS NULL OR c.until > %(at)s)
        LEFT JOIN people_personversion h ON h.row = here.person_id AND (h.since IS NULL OR h.since <= %(at)s)
            AND h.until > %(at)s
    )
    SELECT s.public_id, s.name, placed.case_id IS NOT NULL, coalesce(a.level, ''), count(*)
    FROM placed JOIN places_site s ON s.id = placed.site_id
    LEFT JOIN LATERAL (
        SELECT a.level FROM care_assessment a LEFT JOIN care_assessment b ON b.id = a.corrected_by_id
        WHERE a.stay_id = placed.row AND a.at <= %(at)s AND a.recorded_at <= %(at)s
          AND (b.id IS NULL OR b.recorded_at > %(at)s)
        ORDER BY a.at DESC, a.id DESC LIMIT 1
    ) a ON true
    WHERE (placed.unit_id = ANY(%(reach)s) OR (placed.unit_id IS NULL AND %(province)s)
           OR s.path ^@ ANY(%(paths)s))
      AND (%(units)s::integer[] IS NULL OR placed.unit_id = ANY(%(units)s))
    GROUP BY s.id, placed.case_id IS NOT NULL, coalesce(a.level, '')
    ORDER BY s.folded, s.id
"""


@as_program()
def in_care(viewer: Viewer, at: datetime, *, units: Collection[int] | None = None) -> InCare:
    """How many people were in care at `at`, as was known then; also for now, with `at` the present.

    Counted are those whose case counts (of contacts, who live) in units that the viewer reaches, and those in the
    viewer's own facilities; with `units` (row numbers, all levels given) only those of these units. Raises `Denied`
    for who sees neither numbers nor patients.
    """
    permission = next(
        (each for each in (Permission.SITUATION_VIEW, Permission.STAY_VIEW) if viewer.may(each)), None
    )
    if permission is None:
        raise Denied(Permission.SITUATION_VIEW)
    with connection.cursor() as cursor:
        cursor.execute(_IN_CARE, {
            "at": at,
            "reach": list(units_in_reach(viewer, permission).values_list("pk", flat=True)),
            "province": reaches_province(viewer, permission),
            "paths": list(viewer.paths(permission, ScopeKind.SITE)),
            "units": None if units is None else list(units),
        })  # fmt: skip
        return _summed(cursor.fetchall())


def _summed(rows: Iterable[tuple[str, str, bool, str, int]]) -> InCare:
    total: Counter[str] = Counter()
    by_site: dict[str, tuple[str, Counter[str], int]] = {}
    contacts = 0
    for public_id, name, treated, level, count in rows:
        _name, levels, others = by_site.get(public_id, (name, Counter(), 0))
        if treated:
            levels[level] += count
            total[level] += count
        else:
            others += count
            contacts += count
        by_site[public_id] = (name, levels, others)
    found = tuple(Facility(pk, name, levels, others) for pk, (name, levels, others) in by_site.items())
    return InCare(total, contacts, found)


@dataclass(frozen=True, slots=True)
class Room:
    """How full a ward, a room or a whole facility is: `present` people now, `expected` accepted transfers."""

    site: Site
    capacity: int | None
    present: int
    expected: int = 0
    severe: int = 0
    by_severity: Counter[str] = field(default_factory=Counter)

    @property
    def free(self) -> int | None:
        """Beds that are neither taken nor promised, below 0 where there are too many; None where nobody said."""
        return None if self.capacity is None else self.capacity - self.present - self.expected

    @property
    def per_cent(self) -> int | None:
        """How full it is, in per cent of its capacity."""
        return round(100 * (self.present + self.expected) / self.capacity) if self.capacity else None


@as_program()
def occupancy(sites: Iterable[Site]) -> list[Room]:
    """How full facilities are: numbers alone, of nobody. Three queries, however many they are.

    A facility that says no capacity of its own has that of its wards and rooms.
    """
    sites = list(sites)
    beds: Counter[int] = Counter()
    own = {site.pk for site in sites}
    for ward in wards_of(sites) if sites else ():
        facility = next((pk for pk in reversed(ancestors(ward)) if pk in own), None)
        if facility is not None and ward.capacity:
            beds[facility] += ward.capacity
    taken = _taken(Q(site__in=own), "site")
    asked = Transfer.objects.filter(to__in=own, state="accepted")
    coming = dict(asked.values_list("to").annotate(n=Count("pk")))
    return [_room(site, site.capacity or beds.get(site.pk), taken, coming.get(site.pk, 0)) for site in sites]


@as_program()
def rooms_of(site: Site) -> list[Room]:
    """The wards and rooms of a facility, each with how full it is. Two queries."""
    taken = _taken(Q(site=site), "ward")
    return [_room(ward, ward.capacity, taken, 0) for ward in wards_of([site]) if ward.kind in WARDS]


def _taken(which: Q, by: str) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    rows = Stay.objects.filter(which, state=StayState.PRESENT).order_by()
    for place, level, count in rows.values_list(by, "severity").annotate(n=Count("pk")):
        found.setdefault(place, Counter())[level] += count
    return found


def _room(site: Site, capacity: int | None, taken: dict[int, Counter[str]], expected: int) -> Room:
    levels = taken.get(site.pk, Counter())
    severe = levels[Severity.SEVERE] + levels[Severity.CRITICAL]
    return Room(site, capacity, levels.total(), expected, severe, levels)
