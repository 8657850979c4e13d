"""People in follow-up and in quarantine, as known at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.insight.situation.queries.numbers import Figure
from tuyendau.insight.situation.queries.scope import Scope

# Both moments in one reading. People are looked up one by one: joined, all of the province would be read. Of whom
# something else was known at a moment, the commune is that of then; see `core.history`.
_COUNTED = """
    WITH v AS (
        SELECT *, since <= %(at)s AND (until IS NULL OR until > %(at)s) AS now,
               since <= %(before)s AND (until IS NULL OR until > %(before)s) AS earlier
        FROM {versions} WHERE since <= %(at)s AND (until IS NULL OR until > %(before)s)
          AND (%(disease)s = '' OR disease = %(disease)s) AND {such}
    ), placed AS (
        SELECT v.*, CASE WHEN n.id IS NULL THEN p.unit_id ELSE n.unit_id END AS unit_now,
               CASE WHEN e.id IS NULL THEN p.unit_id ELSE e.unit_id END AS unit_earlier
        FROM v CROSS JOIN LATERAL (SELECT unit_id FROM people_person WHERE id = v.person_id OFFSET 0) p
        LEFT JOIN people_personversion n
            ON n.row = v.person_id AND n.until > %(at)s AND (n.since IS NULL OR n.since <= %(at)s)
        LEFT JOIN people_personversion e
            ON e.row = v.person_id AND e.until > %(before)s AND (e.since IS NULL OR e.since <= %(before)s)
    )
    SELECT {parts},
        count(DISTINCT person_id) FILTER (WHERE now AND {now}
            AND (unit_now = ANY(%(units)s) OR %(orphans)s AND unit_now IS NULL)),
        count(DISTINCT person_id) FILTER (WHERE earlier AND {earlier}
            AND (unit_earlier = ANY(%(units)s) OR %(orphans)s AND unit_earlier IS NULL))
    FROM placed GROUP BY {parts}
"""
_FOLLOWED = _COUNTED.format(
    versions="followup_followupversion",
    such="ended_at IS NULL",
    parts="degree, state",
    now="true",
    earlier="true",
)
_BINDS = "starts_on <= %({0})s AND over_from > %({0})s"
_ORDERED = _COUNTED.format(
    versions="orders_orderversion",
    such="state IN ('signed', 'lifted')",
    parts="kind, place_kind, site_id",
    now=_BINDS.format("day"),
    earlier=_BINDS.format("day_before"),
)


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility with the people whom orders keep there, and for how many it is made, where that is known."""

    code: str
    name: str
    people: int
    capacity: int | None

    @property
    def share(self) -> int | None:
        """Per cent of its places that are taken."""
        return round(100 * self.people / self.capacity) if self.capacity else None


@dataclass(frozen=True, slots=True)
class Apart:
    """Figures of follow-up and quarantine, and the facilities in which people are kept, the fullest first."""

    figures: tuple[Figure, ...]
    facilities: tuple[Facility, ...]

    def __getitem__(self, code: str) -> Figure:
        for figure in self.figures:
            if figure.code == code:
                return figure
        raise KeyError(code)


@as_program()
def apart(scope: Scope) -> Apart:
    """Who is in follow-up and in quarantine in the scope, by where they live; compared with a day before."""
    followed, ordered = _asked(_FOLLOWED, scope), _asked(_ORDERED, scope)
    now = _states([row[:3] for row in followed], [row[:4] for row in ordered])
    earlier = _states([(*row[:2], row[3]) for row in followed], [(*row[:3], row[4]) for row in ordered])
    figures = tuple(Figure(code, now[code], earlier[code]) for code in now)
    return Apart(figures, _facilities([row[:4] for row in ordered if row[3]]))


def _states(followed: list[tuple[Any, ...]], ordered: list[tuple[Any, ...]]) -> dict[str, int]:
    def kept(kind: str, *places: str) -> int:
        return sum(n for k, place, _site, n in ordered if k == kind and (not places or place in places))

    return {
        "f1": sum(n for degree, _state, n in followed if degree == 1),
        "f2": sum(n for degree, _state, n in followed if degree == 2),
        "lost": sum(n for _degree, state, n in followed if state == "lost"),
        "facility": kept("quarantine", "facility", "hospital"),
        "home": kept("quarantine", "home"),
        "isolation": kept("isolation"),
    }


def _asked(query: str, scope: Scope) -> list[tuple[Any, ...]]:
    before = scope.before
    values: dict[str, Any] = {"at": scope.at, "day": scope.day, "disease": scope.disease}
    values |= {"before": before.at, "day_before": before.day}
    values |= {"units": sorted(scope.units), "orphans": scope.orphans}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _facilities(ordered: list[tuple[Any, ...]]) -> tuple[Facility, ...]:
    """Rooms and wards count in what they are a part of."""
    here = {site: 0 for kind, place, site, _n in ordered if site and place != "home"}
    found = Site.objects.filter(pk__any_of=list(here)).values_list("pk", "path")
    of = {pk: [int(n) for n in str(path).strip("/").split("/")] for pk, path in found}
    houses = {
        site.pk: site
        for site in Site.objects.filter(pk__any_of=[n for path in of.values() for n in path])
        if site.kind in (SiteKind.QUARANTINE, SiteKind.HOSPITAL)
    }
    people: dict[int, int] = {}
    for _kind, place, site, n in ordered:
        if place == "home":
            continue
        if (house := next((n for n in of.get(site, ()) if n in houses), None)) is not None:
            people[house] = people.get(house, 0) + n
    rows = [Facility(houses[pk].code, houses[pk].name, n, houses[pk].capacity) for pk, n in people.items()]
    return tuple(sorted(rows, key=lambda row: (-row.people, row.name)))
