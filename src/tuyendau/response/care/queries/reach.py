"""Which stays, facilities and transfers a viewer reaches."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.core.places.queries import under, visible_sites
from tuyendau.records.people.queries import living_within
from tuyendau.response.care.models import Stay, Transfer

FACILITIES = (SiteKind.HOSPITAL, SiteKind.QUARANTINE)
WARDS = (SiteKind.WARD, SiteKind.QUARANTINE_ROOM)


def stays_in_reach(viewer: Viewer, permission: Permission = Permission.STAY_VIEW) -> QuerySet[Stay]:
    """The stays of people who live where the viewer holds `permission`, and those in the viewer's own facilities.

    Raises `Denied`. A facility reaches the stays with itself: not those of its former patients elsewhere.
    """
    viewer.require(permission)
    own = under(viewer.paths(permission, ScopeKind.SITE), "site__path")
    return Stay.objects.filter(own | living_within(viewer, permission, person="person__"))


def facilities(viewer: Viewer, permission: Permission = Permission.STAY_VIEW) -> QuerySet[Site]:
    """The hospitals and quarantine facilities over which the viewer holds `permission`, by name. Raises `Denied`."""
    found = visible_sites(viewer, permission).filter(kind__in=FACILITIES)
    return found.select_related("unit").order_by("folded", "pk")


def every_facility() -> QuerySet[Site]:
    """All hospitals and quarantine facilities, by name: places are public, and a patient can be sent to any."""
    return Site.objects.filter(kind__in=FACILITIES).select_related("unit").order_by("folded", "pk")


def wards_of(sites: Iterable[Site]) -> QuerySet[Site]:
    """The wards and rooms of facilities, by their trees."""
    return Site.objects.filter(under(str(site.path) for site in sites), kind__in=WARDS).order_by("path")


def transfers_in_reach(viewer: Viewer, permission: Permission = Permission.STAY_VIEW) -> QuerySet[Transfer]:
    """The transfers of stays in reach, and those to facilities in reach. Raises `Denied`."""
    return Transfer.objects.filter(
        Q(stay__in=stays_in_reach(viewer, permission).values("pk")) | asked_of(viewer, permission)
    )


def asked_of(viewer: Viewer, permission: Permission) -> Q:
    """The condition that a transfer is to one of the viewer's facilities."""
    return Q(to__in=visible_sites(viewer, permission).values("pk"))
