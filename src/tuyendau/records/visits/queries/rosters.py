"""Reads of rosters: who belongs at a site on a day, beside who was seen there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock
from tuyendau.records.people.models import Assignment, Person
from tuyendau.records.people.queries import lives_in_reach, within
from tuyendau.records.visits.models import Excused, Visit
from tuyendau.records.visits.rules import LONGEST_STAY


@dataclass(frozen=True, slots=True)
class OnRoster:
    """Somebody on the roster of a day: the shift, the visits there on that day, `seen` by another source, `absent`."""

    person: Person
    shift: str
    visits: Sequence[Visit]
    seen: bool
    absent: bool


def roster_of(site: Site, day: date, *, viewer: Viewer, most: int = 1_000) -> Sequence[OnRoster]:
    """Who belongs at a site on `day`, of those in the viewer's reach, by name. The caller has checked the site."""
    viewer.require(Permission.VISIT_VIEW)
    held = (
        Assignment.objects.filter(within(viewer, Permission.VISIT_VIEW, person="person__"), site=site)
        .filter(valid_from__lte=day)
        .exclude(valid_to__lte=day)
        .select_related("person", "shift")
        .order_by("person__folded", "person_id")[:most]
    )
    rows = list(held)
    people = {row.person_id for row in rows}
    start, end = clock.day_span(day, day)
    there: dict[int, list[Visit]] = {}
    visits = Visit.objects.filter(
        site=site, person_id__in=people, start__gte=start - LONGEST_STAY, start__lt=end, end__gt=start
    )
    for visit in visits.order_by("start", "id"):
        there.setdefault(visit.person_id, []).append(visit)
    absent = set(
        Excused.objects.filter(site=site, day=day, person_id__in=people).values_list("person_id", flat=True)
    )
    return [
        OnRoster(
            row.person,
            str(row.shift or ""),
            there.get(row.person_id, []),
            any(not visit.rostered for visit in there.get(row.person_id, [])),
            row.person_id in absent,
        )
        for row in rows
    ]


def correctable_visit(person: str, site: str, start: datetime, end: datetime, *, viewer: Viewer) -> Visit:
    """The visit of those public ids and times that the viewer may correct. Raises `Denied` and Visit.DoesNotExist."""
    viewer.require(Permission.VISIT_CORRECT)
    visit: Visit = Visit.objects.select_related("person", "site").get(
        person__public_id=person, site__public_id=site, start=start, end=end
    )
    here = visible_sites(viewer, Permission.VISIT_CORRECT).filter(pk=visit.site_id).exists()
    if not here and not lives_in_reach(viewer, Permission.VISIT_CORRECT, visit.person):
        raise Visit.DoesNotExist
    return visit
