"""Who may be given people to follow."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from tuyendau.access import ROLES, Permission, ScopeKind, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import in_force
from tuyendau.core.acting import as_program
from tuyendau.core.places.queries import under, units_in_reach
from tuyendau.lib import clock
from tuyendau.records.followup.queries.reach import in_reach

RECORD = sorted(code for code, role in ROLES.items() if Permission.FOLLOWUP_RECORD in role.permissions)


@as_program()
def officers_for(viewer: Viewer) -> list[User]:
    """The officers at or below the viewer's places who record checks, by name. Raises `Denied`."""
    viewer.require(Permission.FOLLOWUP_ASSIGN)
    return list(_officers(viewer))


def _officers(viewer: Viewer) -> QuerySet[User]:
    places = Q(unit__in=units_in_reach(viewer, Permission.FOLLOWUP_ASSIGN))
    places |= under(viewer.paths(Permission.FOLLOWUP_ASSIGN, ScopeKind.SITE), "site__path")
    today = clock.local_day(clock.now())
    held = in_force(today).filter(places, role__in=RECORD)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("full_name", "username")


@as_program()
def loads(viewer: Viewer) -> list[tuple[str, int]]:
    """How many people in follow-up each officer of the viewer's places has, and how many nobody has; by name."""
    held = in_reach(viewer, Permission.FOLLOWUP_ASSIGN).filter(ended_at__isnull=True).order_by()
    counts = dict(held.values_list("officer").annotate(n=Count("pk")))
    known = officers_for(viewer)
    rows = [(officer.get_full_name(), counts.get(officer.pk, 0)) for officer in known]
    return [*rows, ("", counts.get(None, 0))]
