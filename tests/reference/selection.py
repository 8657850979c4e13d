"""Who lives, works and was in an area, slowly and obviously: person by person, with a plane's point in polygon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import shapely
from shapely import Point, Polygon

from tuyendau.core.places.models import Boundary, Site
from tuyendau.records.people.models import Assignment, Person
from tuyendau.records.visits.models import Visit


def point_of(site: Site) -> Point | None:
    """Where a site is: its own point, else that of the nearest site that it is a part of."""
    while site is not None:
        if site.lon is not None:
            return Point(site.lon, site.lat)
        site = site.parent
    return None


def home_of(person: Person, day: date) -> Site | None:
    """Where somebody lives on a day: the lodging in force that began last."""
    held = [
        a
        for a in Assignment.objects.filter(person=person, role="lodges").order_by("valid_from", "pk")
        if a.valid_from <= day and (a.valid_to is None or a.valid_to > day)
    ]
    return held[-1].site if held else None


def lives(area: Polygon, day: date) -> set[int]:
    """Who lives in the area; of whom no lodging with a point is known, by their commune if it lies wholly inside."""
    found = set()
    for person in Person.objects.filter(merged_into=None):
        home = home_of(person, day)
        point = point_of(home) if home else None
        places = [point] if point is not None else list(_outlines(person))
        if any(area.covers(place) for place in places):
            found.add(person.pk)
    return found


def unplaced(area: Polygon, day: date) -> int:
    """How many live in communes that the area only cuts, nobody knows where."""
    return sum(
        any(area.intersects(o) and not area.touches(o) and not area.covers(o) for o in _outlines(person))
        for person in Person.objects.filter(merged_into=None)
        if (home := home_of(person, day)) is None or point_of(home) is None
    )


def works(area: Polygon, day: date) -> set[int]:
    """Who works in the area on a day."""
    return {
        a.person_id
        for a in Assignment.objects.filter(role="works")
        if a.valid_from <= day
        and (a.valid_to is None or a.valid_to > day)
        and (point := point_of(a.site)) is not None
        and area.covers(point)
    }


def was(area: Polygon, start: datetime, end: datetime) -> dict[int, tuple[datetime, datetime]]:
    """Who was at a site of the area at any moment of [start, end), from when until when within it."""
    found: dict[int, tuple[datetime, datetime]] = {}
    for visit in Visit.objects.all():
        point = point_of(Site.objects.get(pk=visit.site_id))
        if point is None or not area.covers(point) or visit.start >= end or visit.end <= start:
            continue
        first, last = max(visit.start, start), min(visit.end, end)
        before = found.get(visit.person_id, (first, last))
        found[visit.person_id] = (min(first, before[0]), max(last, before[1]))
    return found


def _outlines(person: Person) -> Iterable[Polygon]:
    return [shapely.from_wkb(bytes(b.outline)) for b in Boundary.objects.filter(unit=person.unit_id)]
