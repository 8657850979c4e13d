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
    """The units at or below those over which the viewer holds `permission`, and those that went into them in reforms.

    So whoever answers for a commune of today also sees what was recorded of the communes that it was made of, two
    reforms back.
    """
    own = Unit.objects.filter(under(viewer.paths(permission, ScopeKind.UNIT)))
    before = Unit.objects.filter(successors__new__in=own)
    long_before = Unit.objects.filter(successors__new__in=before)
    return Unit.objects.filter(Q(pk__in=own) | Q(pk__in=before) | Q(pk__in=long_before))


def reaches_province(viewer: Viewer, permission: Permission) -> bool:
    """Whether the viewer holds `permission` over a whole province: a unit at the root of its tree."""
    return any(path.count("/") == 2 for path in viewer.paths(permission, ScopeKind.UNIT))


def visible_sites(viewer: Viewer, permission: Permission = Permission.VISIT_VIEW) -> QuerySet[Site]:
    """The sites in the viewer's reach: in their units, or at or below their own sites. Raises `Denied`."""
    viewer.require(permission)
    return Site.objects.filter(
        Q(unit__in=units_in_reach(viewer, permission)) | under(viewer.paths(permission, ScopeKind.SITE))
    )
