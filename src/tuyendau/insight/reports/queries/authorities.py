"""Who reports a case to whom: the health station, centre or facility that sends, and the level above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Site, Unit, UnitLevel
from tuyendau.insight.reports.rules.notifying import text_on
from tuyendau.lib.units_vi import said, short
from tuyendau.records.cases.models import Case


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, as a unit's health body or a facility, and to which unit's: None is the ministry."""

    unit: Unit | None
    site: Site | None
    to: Unit | None


def sender_of(viewer: Viewer, case: Case) -> Sender:
    """Who the viewer is when they report a case: the nearest of their units to where it is counted, else their site.

    Raises `Denied`.
    """
    viewer.require(Permission.CASE_NOTIFY)
    units = {
        str(u.path): u
        for u in Unit.objects.filter(
            path__in=viewer.paths(Permission.CASE_NOTIFY, ScopeKind.UNIT)
        ).select_related("parent")
    }
    if units:
        places = [str(u.path) for u in (case.unit, case.person.unit) if u is not None]
        holding = [path for place in places for path in units if place.startswith(path)]
        unit = units[max(holding, key=len) if holding else min(units)]
        return Sender(unit, None, unit.parent)
    paths = viewer.paths(Permission.CASE_NOTIFY, ScopeKind.SITE)
    site = Site.objects.filter(path__in=paths).select_related("unit__parent").order_by("path").first()
    at = site.unit if site else None
    return Sender(None, site, (at.parent or at) if at else None)


def body_of(unit: Unit | None, on: date) -> str:
    """The health body of a unit, as papers name it; of none the ministry's department."""
    if unit is None:
        return text_on(on).ministry
    if unit.level == UnitLevel.PROVINCE:
        return f"Trung tâm Kiểm soát bệnh tật {said(unit.name)}"
    return f"{'Trung tâm Y tế' if unit.level == UnitLevel.DISTRICT else 'Trạm Y tế'} {said(unit.name)}"


def heading_of(unit: Unit | None, site: Site | None, on: date) -> list[str]:
    """The two lines at the top left of a paper: the body above, and the one that writes."""
    if site is not None:
        above = site.unit.parent if site.unit and site.unit.parent else site.unit
        return [body_of(above, on).upper() if above else "SỞ Y TẾ", site.name.upper()]
    if unit is None:
        return ["BỘ Y TẾ", "…"]
    if (
        unit.level == UnitLevel.COMMUNE
        and unit.parent is not None
        and unit.parent.level == UnitLevel.DISTRICT
    ):
        return [body_of(unit.parent, on).upper(), body_of(unit, on).upper()]
    province = unit
    while province.parent is not None:
        province = province.parent
    return [f"SỞ Y TẾ {short(province.name).upper()}", body_of(unit, on).upper()]


def place_of(unit: Unit | None, site: Site | None) -> str:
    """Where a paper is written, as it stands before its date."""
    where = unit or (site.unit if site else None)
    return short(where.name) if where else "…"
