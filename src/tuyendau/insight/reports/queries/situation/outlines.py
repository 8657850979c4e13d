"""The outlines of communes for the map of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from tuyendau.core.places.models import Boundary, Unit, UnitLevel
from tuyendau.core.places.queries import units_on
from tuyendau.lib import geometry


@dataclass(frozen=True, slots=True)
class Outline:
    """A commune with its area, and the district that it lies in (its code and name; "" where there is none)."""

    code: str
    name: str
    area: BaseGeometry
    above: str
    above_name: str
    approximate: bool


def outlines_of(content: Mapping[str, Any]) -> list[Outline]:
    """The communes of the content's unit on its day, by code; those without an outline are left out."""
    on = date.fromisoformat(content["day"])
    of = content["unit"]
    unit = units_on(on).filter(code=of["code"], level=of["level"]).first()
    if unit is None:
        return []
    communes = {
        each.pk: each
        for each in units_on(on, level=UnitLevel.COMMUNE)
        .filter(path__startswith=str(unit.path))
        .select_related("parent")
    }
    rows = Boundary.objects.filter(unit__id__any_of=list(communes)).values_list(
        "unit", "outline", "approximate"
    )
    found = []
    for pk, wkb, approximate in rows:
        area = geometry.area_of(shapely.from_wkb(bytes(wkb)))
        if area is not None:
            found.append(_outline(communes[pk], area, approximate))
    return sorted(found, key=lambda each: each.code)


def _outline(commune: Unit, area: BaseGeometry, approximate: bool) -> Outline:
    above = commune.parent if commune.parent and commune.parent.level == UnitLevel.DISTRICT else None
    return Outline(
        commune.code,
        commune.name,
        area,
        above.code if above else "",
        above.name if above else "",
        approximate,
    )
