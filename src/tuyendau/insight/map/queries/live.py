"""What events mean to open maps, and whether there is anything to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Min

from tuyendau.access import Permission, Viewer
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice
from tuyendau.core.places.queries import units_in_reach
from tuyendau.records.cases.queries import whereabouts_of_cases

TOLD_OF_THE_MAP = (
    "cases.imported", "case.reported", "case.suspected", "case.probable", "case.confirmed", "case.discarded",
    "case.dates_corrected",
)  # fmt: skip


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """What events mean to open maps: one whose numbers count the case."""
    where = whereabouts_of_cases(event.subject for event in events)
    found: dict[int, list[Notice]] = {}
    for event in events:
        if event.kind == "cases.imported":
            found[event.pk] = [Notice("map", event.subject, Permission.MAP_VIEW, None)]
        elif event.subject in where:
            found[event.pk] = [Notice("map", event.subject, Permission.MAP_VIEW, where[event.subject][1])]
    return found


def first_day_of_units(*, viewer: Viewer) -> date | None:
    """The first day on which any unit in the viewer's reach is valid; None if there is none."""
    found: date | None = units_in_reach(viewer, Permission.MAP_VIEW).aggregate(day=Min("valid_from"))["day"]
    return found
