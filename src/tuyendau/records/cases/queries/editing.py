"""Which cases somebody may edit, and who edited one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from tuyendau.access import Denied, Permission, Viewer
from tuyendau.core.audit.queries import events_of
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries.cases import cases_in_reach

OPEN = (CaseStatus.SUSPECTED, CaseStatus.PROBABLE)


def editable_cases(viewer: Viewer) -> QuerySet[Case]:
    """The cases that the viewer may edit: those they decide on, and of whoever reports cases those not yet confirmed.

    Raises `Denied` for who may do neither.
    """
    if not viewer.may(Permission.CASE_CREATE) and not viewer.may(Permission.CASE_DECIDE):
        raise Denied(Permission.CASE_CREATE)
    reach = Q(pk__in=[])
    if viewer.may(Permission.CASE_DECIDE):
        reach |= Q(pk__in=cases_in_reach(viewer, Permission.CASE_DECIDE).values("pk"))
    if viewer.may(Permission.CASE_CREATE):
        own = cases_in_reach(viewer, Permission.CASE_CREATE).filter(status__in=OPEN)
        reach |= Q(pk__in=own.values("pk"))
    return Case.objects.filter(reach).select_related("person", "unit")


def edits_since(case: Case, version: int) -> Iterator[tuple[str, datetime]]:
    """Who changed a case after a version, and when."""
    for event in events_of(case.public_id):
        if int(event.data.get("version") or 0) > version:
            yield event.by.get_full_name() if event.by else "Tuyến Đầu", event.at
