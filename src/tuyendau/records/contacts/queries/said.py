"""What people say of contacts: links and decisions, each in the reach of who looks."""

from __future__ import annotations

from django.db.models import QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import cases_in_reach
from tuyendau.records.contacts.models import Contact, Judgement, Link
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import visible_people, within


def contacts_in_reach(viewer: Viewer, permission: Permission = Permission.CONTACT_VIEW) -> QuerySet[Contact]:
    """The contacts of any case over whose person the viewer holds `permission`. Raises `Denied`."""
    viewer.require(permission)
    found = Contact.objects.filter(within(viewer, permission, person="person__"))
    return found.select_related("person")


def links_in_reach(viewer: Viewer, permission: Permission = Permission.CONTACT_VIEW) -> QuerySet[Link]:
    """The links, ended ones too, over whose person or whose case the viewer holds `permission`. Raises `Denied`."""
    viewer.require(permission)
    found = Link.objects.filter(within(viewer, permission, person="person__"))
    found |= Link.objects.filter(case__in=cases_in_reach(viewer, permission).values("pk"))
    return found.select_related("site", "by", "ended_by")


def judgements_in_reach(
    viewer: Viewer, permission: Permission = Permission.CONTACT_VIEW
) -> QuerySet[Judgement]:
    """The decisions, withdrawn ones too, over whose person the viewer holds `permission`. Raises `Denied`."""
    viewer.require(permission)
    found = Judgement.objects.filter(within(viewer, permission, person="person__"))
    return found.select_related("by", "withdrawn_by")


def linkable_people(viewer: Viewer) -> QuerySet[Person]:
    """Whom the viewer may name as a contact: the people whom they may see at all. Raises `Denied`."""
    viewer.require(Permission.CONTACT_EDIT)
    return visible_people(viewer, Permission.PERSON_VIEW)


def linkable_cases(viewer: Viewer) -> QuerySet[Case]:
    """The cases of which the viewer may name contacts. Raises `Denied`."""
    return cases_in_reach(viewer, Permission.CONTACT_EDIT).exclude(status="discarded")
