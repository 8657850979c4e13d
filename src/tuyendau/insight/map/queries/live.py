"""What events mean to open maps, and whether there is anything to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Min

from tuyendau.access import Permission, Viewer
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice, Whereabouts
from tuyendau.core.places.queries import units_in_reach
from tuyendau.records.cases.queries import whereabouts_of_cases
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.people.queries import whereabouts_of
from tuyendau.response.care.models import Stay, Transfer

OF_CASES = (
    "case.reported", "case.suspected", "case.probable", "case.confirmed", "case.discarded", "case.dates_corrected",
    "case.edited",
)  # fmt: skip
OF_FOLLOW_UPS = ("followup.opened", "followup.changed", "followup.ended")
OF_STAYS = ("stay.began", "stay.ended", "stay.changed", "stay.taken_back", "transfer.arrived")
OF_MANY = ("cases.imported", "followups.changed", "followups.days_passed", "sites.loaded")
TOLD_OF_THE_MAP = (*OF_CASES, *OF_FOLLOW_UPS, *OF_STAYS, *OF_MANY)
THE_MAP = "map"
"""What changed, to whoever sees numbers alone: not who it was."""


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """What events mean to open maps: those are told whose numbers count the case, the contact or the patient."""
    cases = whereabouts_of_cases(event.subject for event in events if event.kind in OF_CASES)
    people = _people(events)
    of_people = whereabouts_of(people.values())
    found: dict[int, list[Notice]] = {}
    for event in events:
        where: Whereabouts | None = None
        if event.subject in cases:
            where = cases[event.subject][1]
        elif event.subject in people:
            where = of_people.get(people[event.subject])
        if where is not None or event.kind in OF_MANY:
            found[event.pk] = [Notice(THE_MAP, THE_MAP, Permission.MAP_VIEW, where)]
    return found


def _people(events: Sequence[Event]) -> dict[str, int]:
    """The persons (row numbers) of the follow-ups and stays that events are of."""
    followups = FollowUp.objects.filter(public_id__in={e.subject for e in events if e.kind in OF_FOLLOW_UPS})
    kept = {event.subject for event in events if event.kind in OF_STAYS}
    stays = Stay.objects.filter(public_id__in=kept).values_list("public_id", "person_id")
    moved = Transfer.objects.filter(public_id__in=kept).values_list("public_id", "stay__person_id")
    return dict([*followups.values_list("public_id", "person_id"), *stays, *moved])


def first_day_of_units(*, viewer: Viewer) -> date | None:
    """The first day on which any unit in the viewer's reach is valid; None if there is none."""
    found: date | None = units_in_reach(viewer, Permission.MAP_VIEW).aggregate(day=Min("valid_from"))["day"]
    return found
