"""Visits of one person, and at one site, for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import lives_in_reach, within
from tuyendau.records.visits.models import Visit
from tuyendau.records.visits.rules import LONGEST_STAY


def visits_of_person(
    person: Person, start: datetime, end: datetime, *, viewer: Viewer, most: int = 500
) -> Sequence[Visit]:
    """The visits of a person that touch [start, end), latest first, at most `most`.

    Who is responsible for the commune where the person lives sees them all; anybody else, such as a company's
    officer, only presence at the sites in their own reach.
    """
    viewer.require(Permission.VISIT_VIEW)
    visits = Visit.objects.filter(
        person=person, start__gte=start - LONGEST_STAY, start__lt=end, end__gt=start
    )
    if not lives_in_reach(viewer, Permission.VISIT_VIEW, person):
        visits = visits.filter(site__in=visible_sites(viewer, Permission.VISIT_VIEW))
    return list(visits.select_related("site").order_by("-start", "-id")[:most])


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was at a site on one day: the visits of people in the viewer's reach, and how many others were there."""

    visits: Sequence[Visit]
    others: int


def attendance(site: Site, day: date, *, viewer: Viewer, most: int = 500) -> Attendance:
    """Who was at a site on a province's day, in order of coming in. The caller has checked that the site is visible."""
    viewer.require(Permission.VISIT_VIEW)
    start, end = clock.day_span(day, day)
    there = Visit.objects.filter(site=site, start__gte=start - LONGEST_STAY, start__lt=end, end__gt=start)
    known = there.filter(within(viewer, Permission.VISIT_VIEW, person="person__"))
    people = Count("person", distinct=True)
    total, named = (rows.aggregate(n=people)["n"] for rows in (there, known))
    return Attendance(list(known.select_related("person").order_by("start", "id")[:most]), total - named)
