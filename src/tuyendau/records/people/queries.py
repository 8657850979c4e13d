"""Reads of people, each narrowed to what the viewer may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import reaches_province, under, units_in_reach
from tuyendau.lib import clock
from tuyendau.records.people.models import Assignment, Person


def within(viewer: Viewer, permission: Permission, *, person: str = "") -> Q:
    """The condition that a person is in the viewer's reach for `permission`.

    `person` is the ORM prefix from the filtered model to the person: "" on Person, "person__" on a case.
    A person is in reach if their commune lies under a unit over which the viewer holds `permission` (who holds it
    over a province also reaches people of no known commune), or if an assignment in force today is to a site under one of the viewer's sites. Who holds nothing reaches nobody.
    """
    sites = viewer.paths(permission, ScopeKind.SITE)
    reach = Q()
    if viewer.paths(permission, ScopeKind.UNIT):
        reach |= Q(**{f"{person}unit__in": units_in_reach(viewer, permission)})
        if reaches_province(viewer, permission):
            reach |= Q(**{f"{person}unit__isnull": True})
    if sites:
        reach |= Q(**{f"{person}pk__in": _assigned(sites).values("person_id")})
    return reach or Q(pk__in=[])


def visible_people(viewer: Viewer) -> QuerySet[Person]:
    """The people that the viewer may see. Raises `Denied` for whoever may see none anywhere."""
    viewer.require(Permission.PERSON_VIEW)
    return Person.objects.filter(within(viewer, Permission.PERSON_VIEW))


def person_by_public_id(viewer: Viewer, public_id: str) -> Person:
    """The person, with their commune. Raises `Person.DoesNotExist` also where the viewer may not see them."""
    return visible_people(viewer).select_related("unit").get(public_id=public_id)


def _assigned(paths: tuple[str, ...]) -> QuerySet[Assignment]:
    """Assignments in force today to the sites under `paths`."""
    today = clock.local_day(clock.now())
    return Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        site__in=Site.objects.filter(under(paths)),
        valid_from__lte=today,
    )


def lives_in_reach(viewer: Viewer, permission: Permission, person: Person) -> bool:
    """Whether the person's commune lies under a unit over which the viewer holds `permission`.

    A person of no known commune is in the reach of whoever holds it over a whole province.
    """
    if person.unit_id is None:
        return reaches_province(viewer, permission)
    return units_in_reach(viewer, permission).filter(pk=person.unit_id).exists()
