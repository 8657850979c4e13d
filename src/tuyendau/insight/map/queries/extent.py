"""How far the map of a viewer reaches."""

from __future__ import annotations

from django.db.models import Max, Min

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.models import Unit
from tuyendau.core.places.queries import under, units_in_reach

MARGIN = 0.1
"""Degrees around the units' own points: about ten kilometres, within which a commune's land lies."""


def extent(viewer: Viewer) -> list[float] | None:
    """West, south, east, north of the provinces in the viewer's reach, in degrees; None where no place is known."""
    paths = units_in_reach(viewer, Permission.MAP_VIEW).values_list("path", flat=True)
    roots = {"/" + path.split("/")[1] + "/" for path in paths if path}
    found = Unit.objects.filter(under(roots)).aggregate(
        west=Min("lon"), south=Min("lat"), east=Max("lon"), north=Max("lat")
    )
    if found["west"] is None or found["south"] is None:
        return None
    return [
        round(found["west"] - MARGIN, 4), round(found["south"] - MARGIN, 4),
        round(found["east"] + MARGIN, 4), round(found["north"] + MARGIN, 4),
    ]  # fmt: skip
