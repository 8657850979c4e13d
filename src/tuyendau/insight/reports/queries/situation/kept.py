"""The reports that were kept, for whom they may be made, and what is made every day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Unit
from tuyendau.core.places.queries import units_in_reach, units_on
from tuyendau.insight.reports.models import Report, Schedule


def units_to_report(viewer: Viewer, on: date) -> QuerySet[Unit]:
    """The units of a day of which the viewer makes reports, the largest first. Raises `Denied`."""
    viewer.require(Permission.REPORT_MAKE)
    reach = units_in_reach(viewer, Permission.REPORT_MAKE).values("pk")
    return (
        units_on(on)
        .filter(pk__in=reach)
        .select_related("parent__parent")
        .order_by("level", "parent__folded", "folded")
    )


def chosen_unit(viewer: Viewer, on: date, code: str) -> Unit:
    """The unit of that code on a day; of "" the viewer's own, the largest. Raises `Denied`, Unit.DoesNotExist."""
    found = units_to_report(viewer, on)
    if code:
        found = found.filter(code=code)
    else:
        found = found.filter(path__in=viewer.paths(Permission.REPORT_MAKE, ScopeKind.UNIT))
    unit = found.first()
    if unit is None:
        raise Unit.DoesNotExist(code)
    return unit


def kept_reports(viewer: Viewer) -> QuerySet[Report]:
    """The reports of units in the viewer's reach, latest first, without their numbers. Raises `Denied`.

    For the program: no viewer reads the table itself.
    """
    viewer.require(Permission.REPORT_MAKE)
    reach = units_in_reach(viewer, Permission.REPORT_MAKE).values("pk")
    found = Report.objects.filter(unit__in=reach).defer("content")
    return found.select_related("unit__parent", "asked_by", "schedule").order_by("-at", "-pk")


def report_by_public_id(viewer: Viewer, public_id: str) -> Report:
    """A report with its numbers. Raises `Denied`, Report.DoesNotExist also where it is out of reach."""
    viewer.require(Permission.REPORT_MAKE)
    reach = units_in_reach(viewer, Permission.REPORT_MAKE).values("pk")
    found = Report.objects.filter(unit__in=reach).select_related(
        "unit__parent__parent", "asked_by", "schedule__by"
    )
    return found.get(public_id=public_id)


def schedules(viewer: Viewer) -> QuerySet[Schedule]:
    """What is made every day of units in the viewer's reach. Raises `Denied`. For the program."""
    viewer.require(Permission.REPORT_MAKE)
    reach = units_in_reach(viewer, Permission.REPORT_MAKE).values("pk")
    found = Schedule.objects.filter(unit__in=reach, ended_at__isnull=True)
    return found.select_related("unit", "by").order_by("unit__level", "unit__folded", "disease")
