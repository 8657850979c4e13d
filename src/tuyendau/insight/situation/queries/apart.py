"""People in follow-up and in quarantine, as known at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.insight.situation.queries.numbers import Figure
from tuyendau.insight.situation.queries.scope import Scope

# Of whom something else was known of then, the commune of then; see `core.history`.
_LIVES = """
    JOIN people_person p ON p.id = v.person_id
    LEFT JOIN people_personversion w
        ON w.row = p.id AND w.until > %(at)s AND (w.since IS NULL OR w.since <= %(at)s)
    WHERE v.since <= %(at)s AND (v.until IS NULL OR v.until > %(at)s)
      AND (%(disease)s = '' OR v.disease = %(disease)s)
      AND (CASE WHEN w.id IS NULL THEN p.unit_id ELSE w.unit_id END = ANY(%(units)s)
           OR %(orphans)s AND (CASE WHEN w.id IS NULL THEN p.unit_id ELSE w.unit_id END) IS NULL)
"""
_FOLLOWED = f"""
    SELECT v.degree, v.state, count(*) FROM followup_followupversion v {_LIVES}
      AND v.ended_at IS NULL GROUP BY 1, 2
"""  # noqa: S608
_ORDERED = f"""
    SELECT v.kind, v.place_kind, v.site_id, count(DISTINCT v.person_id) FROM orders_orderversion v {_LIVES}
      AND v.state IN ('signed', 'lifted') AND v.starts_on <= %(day)s AND v.over_from > %(day)s
    GROUP BY 1, 2, 3
"""  # noqa: S608


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
    now, then = _states(scope), _states(scope.before)
    figures = tuple(Figure(code, now[code], then[code]) for code in now)
    return Apart(figures, _facilities(_asked(_ORDERED, scope)))


def _states(scope: Scope) -> dict[str, int]:
    followed, ordered = _asked(_FOLLOWED, scope), _asked(_ORDERED, scope)

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
    values: dict[str, Any] = {"at": scope.at, "day": scope.day, "disease": scope.disease}
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
