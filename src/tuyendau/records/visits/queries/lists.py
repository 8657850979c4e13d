"""Visits of one person, for pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.queries import visible_sites
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import lives_in_reach
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
