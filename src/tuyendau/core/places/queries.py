"""Reads of units and sites."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Site, Unit


def under(paths: Iterable[str], field: str = "path") -> Q:
    """The condition that `field` (a path) lies at or below one of `paths`; of no paths, nothing."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def units_in_reach(viewer: Viewer, permission: Permission) -> QuerySet[Unit]:
    """The units at or below those over which the viewer holds `permission`."""
    return Unit.objects.filter(under(viewer.paths(permission, ScopeKind.UNIT)))


def visible_sites(viewer: Viewer, permission: Permission = Permission.VISIT_VIEW) -> QuerySet[Site]:
    """The sites in the viewer's reach: in their units, or at or below their own sites. Raises `Denied`."""
    viewer.require(permission)
    return Site.objects.filter(
        Q(unit__in=units_in_reach(viewer, permission)) | under(viewer.paths(permission, ScopeKind.SITE))
    )
