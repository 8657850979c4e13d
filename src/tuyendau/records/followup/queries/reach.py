"""Which follow-ups a viewer reaches."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.places.queries import reaches_province, units_in_reach
from tuyendau.lib import clock
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.people.queries import LEFT_SINCE, assigned_within


def in_reach(viewer: Viewer, permission: Permission) -> QuerySet[FollowUp]:
    """The follow-ups of people over whom the viewer holds `permission`, ended ones too; as `people.within`.

    Raises `Denied`.
    """
    viewer.require(permission)
    today = clock.local_day(clock.now())
    reach = assigned_within(viewer, permission, today - LEFT_SINCE, today, person="person__")
    # The units by number: so the planner knows how few people live in a commune, and begins with them.
    if viewer.paths(permission, ScopeKind.UNIT):
        reach |= Q(person__unit__in=list(units_in_reach(viewer, permission).values_list("pk", flat=True)))
        if reaches_province(viewer, permission):
            reach |= Q(person__unit__isnull=True)
    return FollowUp.objects.filter(reach)


def visible(viewer: Viewer) -> QuerySet[FollowUp]:
    """The follow-ups that the viewer may look at: of people whom they see as contacts. Raises `Denied`."""
    return in_reach(viewer, Permission.CONTACT_VIEW)
