"""What is due now for the viewer's role, asked of the rooms in which it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.queries.users import awaiting_approval
from tuyendau.core.acting import as_program
from tuyendau.insight.home.rules import Due, Urgency, in_order
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import decidable_cases
from tuyendau.records.people.queries import pairs_in_reach

PAIRS_COUNTED = 500


def due(viewer: Viewer, *, at: datetime) -> list[Due]:
    """What waits for the viewer at `at`, soonest first: of each kind how much, since when, and where it is done."""
    return in_order(found for ask, needed in _ASKED if viewer.may(needed) for found in ask(viewer, at))


def _suspected(viewer: Viewer, at: datetime) -> Iterator[Due]:
    waiting = decidable_cases(viewer).filter(status__in=[CaseStatus.SUSPECTED, CaseStatus.PROBABLE])
    with as_program():
        found = waiting.order_by().aggregate(n=Count("pk"), first=Min("reported_on"))
    yield Due(
        "suspected",
        _("Suspected cases that wait for a decision"),
        found["n"],
        f"{reverse('cases:list')}?status=suspected",
        Urgency.TODAY,
        "virus-search",
        oldest=clock.midnight(found["first"]) if found["first"] else None,
    )


def _pairs(viewer: Viewer, at: datetime) -> Iterator[Due]:
    found = len(pairs_in_reach(viewer, most=PAIRS_COUNTED + 1))
    yield Due(
        "pairs",
        _("Records that may be one person"),
        min(found, PAIRS_COUNTED),
        reverse("people:pairs"),
        Urgency.SOON,
        "users",
        more=found > PAIRS_COUNTED,
    )


def _roles(viewer: Viewer, at: datetime) -> Iterator[Due]:
    yield Due(
        "roles",
        _("Roles that wait for a second administrator"),
        awaiting_approval(viewer).count(),
        reverse("accounts:users"),
        Urgency.TODAY,
        "users-group",
    )


_Ask = Callable[[Viewer, datetime], Iterator[Due]]
_ASKED: tuple[tuple[_Ask, Permission], ...] = (
    (_suspected, Permission.CASE_DECIDE),
    (_pairs, Permission.PERSON_MERGE),
    (_roles, Permission.USER_MANAGE),
)
