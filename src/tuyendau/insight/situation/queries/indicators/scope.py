"""Whose numbers: the units that a viewer reaches, narrowed to one that they choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tuyendau.access import Permission, Viewer
from tuyendau.core.places.models import Unit, UnitLevel
from tuyendau.core.places.queries import counted_in, reaches_province, units_in_reach
from tuyendau.lib import clock


@dataclass(frozen=True, slots=True)
class Scope:
    """Row numbers of units, of any tree; `nowhere`: what has no unit counts as well."""

    units: tuple[int, ...]
    nowhere: bool


def scope(viewer: Viewer, unit: Unit | None, at: datetime) -> Scope:
    """The units whose numbers the viewer may see, of those the ones that count in `unit` on the day of `at`.

    What has no unit counts for a whole province alone. Raises `Denied`.
    """
    viewer.require(Permission.SITUATION_VIEW)
    reach = set(units_in_reach(viewer, Permission.SITUATION_VIEW).values_list("pk", flat=True))
    nowhere = reaches_province(viewer, Permission.SITUATION_VIEW)
    if unit is not None:
        reach &= counted_in(unit.code, clock.local_day(at)) | {unit.pk}
        nowhere = nowhere and unit.level == UnitLevel.PROVINCE
    return Scope(tuple(sorted(reach)), nowhere)
