"""Where on the map something is that somebody names: a case, a person, a company, a commune, an address, a point."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry.base import BaseGeometry

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Boundary, Site, SiteKind, Unit, UnitLevel
from tuyendau.core.places.queries import (
    SiteFilter,
    named,
    names_above,
    site_list,
    under,
    units_in_reach,
    units_on,
)
from tuyendau.lib import clock
from tuyendau.lib.text import clean, fold
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import by_words, find
from tuyendau.records.people.queries.belonging import lodgings_of

SHOWN = 5
"""Hits of one kind: who does not find it among them writes more of it."""
LEAST = 2
Bounds = tuple[float, float, float, float]
_STREET = 0.01
"""Degrees across a view that shows a house in its street."""
_POINT = re.compile(r"^\s*(-?\d{1,3}[.,]\d+)\s*[,;\s]\s*(-?\d{1,3}[.,]\d+)\s*$")
_COMPANIES = (SiteKind.COMPANY, SiteKind.PARK)


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that was found: in words, where the map goes (west, south, east, north), what selects it as an area.

    `bounds` is None where nobody knows where it is; `rough` where only its commune is known. `url` is its own page.
    """

    title: str
    detail: str
    bounds: Bounds | None
    rough: bool = False
    area: str = ""
    url: str = ""

    @property
    def around(self) -> str:
        """The bounds as a script reads them."""
        return ",".join(f"{side:.5f}" for side in self.bounds or ())

    @property
    def view(self) -> str:
        """The view of the map (zoom/latitude/longitude) that shows it, as it stands in the map's address."""
        west, south, east, north = self.bounds or (0.0, 0.0, 0.0, 0.0)
        wide = max(east - west, north - south, _STREET)
        return f"{math.log2(360 / wide):.2f}/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"


@dataclass(frozen=True, slots=True)
class Places:
    """The first hits of one kind."""

    title: str
    icon: str
    hits: Sequence[Place]


def find_places(viewer: Viewer, written: str) -> list[Places]:
    """What `written` names and where it is, by kind, each as far as the viewer may see it. Raises `Denied`.

    Names match with or without marks; two numbers with a comma between them are a point.
    """
    viewer.require(Permission.MAP_VIEW)
    written = clean(written)
    if point := _point(written):
        return [Places(_("Point"), "current-location", [point])]
    if len(fold(written).replace(" ", "")) < LEAST:
        return []
    finders: list[tuple[Permission, Callable[[Viewer, str], Places]]] = [
        (Permission.MAP_VIEW, _units),
        (Permission.CASE_VIEW, _cases),
        (Permission.PERSON_VIEW, _people),
        (Permission.VISIT_VIEW, _companies),
        (Permission.VISIT_VIEW, _sites),
        (Permission.PERSON_VIEW, _addresses),
    ]
    groups = [find_(viewer, written) for needed, find_ in finders if viewer.may(needed)]
    return [group for group in groups if group.hits]


def _point(written: str) -> Place | None:
    """A point as maps and telephones write it: the latitude before the longitude, which in Viet Nam is above 100."""
    match = _POINT.match(written)
    if match is None:
        return None
    one, other = (float(part.replace(",", ".")) for part in match.groups())
    lat, lon = (one, other) if abs(one) <= 90 and abs(other) > abs(one) else (other, one)
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    title = f"{lat:.5f}, {lon:.5f}"
    return Place(title, _("latitude, longitude"), (lon, lat, lon, lat))


def _units(viewer: Viewer, written: str) -> Places:
    """Units are public: the map goes to any of the province, whoever looks."""
    today = clock.local_day(clock.now())
    found = units_on(today).filter(named(written) | Q(code=written)).select_related("parent")
    units = list(found.order_by("level", "folded")[:SHOWN])
    bounds = _bounds_of(units, today)
    hits = [
        Place(
            unit.name, _joined((unit.get_level_display(), unit.parent and unit.parent.name)), bounds.get(unit.pk),
            area=f"unit:{unit.code}",
        )
        for unit in units
    ]  # fmt: skip
    return Places(_("Administrative units"), "map-pin", hits)


def _bounds_of(units: Iterable[Unit], day: date) -> dict[int, Bounds]:
    """Around the outlines of the communes of each unit; where there are none, around its own point."""
    found = {}
    for unit in units:
        below = units_on(day, level=UnitLevel.COMMUNE).filter(under([unit.path]))
        outlines = Boundary.objects.filter(Q(unit=unit) | Q(unit__in=below)).values_list("outline", flat=True)
        shapes = [shapely.from_wkb(bytes(wkb)) for wkb in outlines]
        if shapes:
            found[unit.pk] = _around(shapes)
        elif unit.lon is not None and unit.lat is not None:
            found[unit.pk] = (unit.lon, unit.lat, unit.lon, unit.lat)
    return found


def _around(shapes: Sequence[BaseGeometry]) -> Bounds:
    west, south, east, north = (float(side) for side in shapely.total_bounds(np.array(shapes, dtype=object)))
    return west, south, east, north


def _cases(viewer: Viewer, written: str) -> Places:
    wanted = by_words(written, codes=("code",), also=lambda word: Q(public_id=word))
    with as_program():
        found = visible_cases(viewer).filter(wanted).order_by("-reported_on", "-id")
        numbers = list(found.values_list("pk", flat=True)[:SHOWN])
    known = visible_cases(viewer).select_related("person__unit").in_bulk(numbers)
    cases = [known[number] for number in numbers if number in known]
    homes = _homes([case.person for case in cases])
    hits = [
        Place(
            case.person.full_name or _("Name not known"),
            _joined((case.get_status_display(), case.code, case.person.birth_year, homes[case.person_id].words)),
            homes[case.person_id].bounds, homes[case.person_id].rough,
            url=reverse("cases:detail", args=[case.public_id]),
        )
        for case in cases
    ]  # fmt: skip
    return Places(_("Cases"), "virus", hits)


def _people(viewer: Viewer, written: str) -> Places:
    numbers = find(viewer, written, Permission.PERSON_VIEW, most=SHOWN)
    known = Person.objects.select_related("unit").in_bulk(numbers)
    people = [known[number] for number in numbers if number in known]
    homes = _homes(people)
    hits = [
        Place(
            person.full_name or _("Name not known"), _joined((person.birth_year, homes[person.pk].words)),
            homes[person.pk].bounds, homes[person.pk].rough, url=reverse("people:detail", args=[person.public_id]),
        )
        for person in people
    ]  # fmt: skip
    return Places(_("Persons"), "users", hits)


@dataclass(frozen=True, slots=True)
class _Home:
    bounds: Bounds | None
    rough: bool
    words: str


@as_program()
def _homes(people: Sequence[Person]) -> dict[int, _Home]:
    """Where each lives: their lodging, else all of their commune."""
    today = clock.local_day(clock.now())
    known = lodgings_of(np.array([person.pk for person in people], np.int32), today)
    lodging = dict(zip(known.person.tolist(), known.site.tolist(), strict=True))
    sites = Site.objects.in_bulk(list(lodging.values()))
    points = _points(list(sites.values()))
    communes = _bounds_of({p.unit.pk: p.unit for p in people if p.unit}.values(), today)
    found = {}
    for person in people:
        site = lodging.get(person.pk)
        commune = person.unit.name if person.unit else ""
        if site in points:
            found[person.pk] = _Home(points[site], False, _joined((sites[site].name, commune)))
        else:
            bounds = communes.get(person.unit_id) if person.unit_id else None
            found[person.pk] = _Home(bounds, True, commune)
    return found


def _points(sites: Sequence[Site]) -> dict[int, Bounds]:
    """Where sites are: their own point, else that of the nearest of what they are a part of."""
    above = names_above(sites)
    found = {}
    for site in sites:
        for each in (site, *reversed(above[site.pk])):
            if each.lon is not None and each.lat is not None:
                found[site.pk] = (each.lon, each.lat, each.lon, each.lat)
                break
    return found


def _companies(viewer: Viewer, written: str) -> Places:
    found = site_list(viewer=viewer, chosen=SiteFilter(q=written)).filter(kind__in=_COMPANIES)
    return Places(_("Companies and parks"), "building-factory-2", _of_sites(list(found[:SHOWN])))


def _sites(viewer: Viewer, written: str) -> Places:
    found = site_list(viewer=viewer, chosen=SiteFilter(q=written)).exclude(kind__in=_COMPANIES)
    return Places(_("Sites"), "building", _of_sites(list(found[:SHOWN])))


def _of_sites(sites: Sequence[Site]) -> list[Place]:
    points = _points(sites)
    return [
        Place(
            site.name,
            _joined((site.get_kind_display(), site.parent and site.parent.name, site.unit and site.unit.name)),
            points.get(site.pk), area=f"site:{site.public_id}", url=reverse("places:site", args=[site.public_id]),
        )
        for site in sites
    ]  # fmt: skip


_AT_ADDRESS = """
SELECT p.address, p.unit_id, count(*), min(s.lon), min(s.lat), max(s.lon), max(s.lat)
FROM people_person p
LEFT JOIN people_assignment a ON a.person_id = p.id AND a.role = 'lodges' AND a.valid_from <= %(today)s
    AND (a.valid_to IS NULL OR a.valid_to > %(today)s)
LEFT JOIN places_site s ON s.id = a.site_id
WHERE p.unit_id = ANY(%(units)s) AND p.merged_into_id IS NULL AND p.address <> ''
GROUP BY p.address, p.unit_id
"""
_PREFIXES = ("xa ", "phuong ", "thi tran ")


def _addresses(viewer: Viewer, written: str) -> Places:
    """Addresses of a commune that `written` names as well ("thôn Đông, Nghĩa Trung"): without it, all have the same."""
    words = fold(written)
    today = clock.local_day(clock.now())
    reach = units_in_reach(viewer, Permission.PERSON_VIEW).filter(level=UnitLevel.COMMUNE)
    units = {unit.pk: unit for unit in reach if (name := _bare(unit.folded)) and f" {name} " in f" {words} "}
    if not units:
        return Places(_("Addresses"), "home", [])
    with as_program(), connection.cursor() as cursor:
        cursor.execute(_AT_ADDRESS, {"units": list(units), "today": today})
        rows = cursor.fetchall()
    hits = []
    for address, unit, people, *bounds in rows:
        rest = f" {words} ".replace(f" {_bare(units[unit].folded)} ", " ")
        asked = [
            word for word in rest.replace(",", " ").split() if word not in ("xa", "phuong", "thi", "tran")
        ]
        has = f" {fold(address)} "
        if asked and all(f" {word} " in has for word in asked):
            told = ngettext("%(n)s person", "%(n)s people", people) % {"n": people}
            known = None if bounds[0] is None else (bounds[0], bounds[1], bounds[2], bounds[3])
            hits.append((people, Place(address, _joined((units[unit].name, told)), known)))
    hits.sort(key=lambda hit: -hit[0])
    return Places(_("Addresses"), "home", [place for _people_there, place in hits[:SHOWN]])


def _bare(folded: str) -> str:
    """A commune's name without what it is."""
    return next((folded.removeprefix(p) for p in _PREFIXES if folded.startswith(p)), folded)


def _joined(parts: Iterable[object]) -> str:
    return " · ".join(str(part) for part in parts if part)
