"""Which follow-ups a viewer reaches."""

from __future__ import annotations

from django.db.models import QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.people.queries import within


def in_reach(viewer: Viewer, permission: Permission) -> QuerySet[FollowUp]:
    """The follow-ups of people over whom the viewer holds `permission`, ended ones too. Raises `Denied`."""
    viewer.require(permission)
    return FollowUp.objects.filter(within(viewer, permission, person="person__"))


def visible(viewer: Viewer) -> QuerySet[FollowUp]:
    """The follow-ups that the viewer may look at: of people whom they see as contacts. Raises `Denied`."""
    return in_reach(viewer, Permission.CONTACT_VIEW)
