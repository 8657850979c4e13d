"""Reads of people, each narrowed to what the viewer may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.live.rules import Whereabouts
from tuyendau.core.places.models import Site, SiteKind, Unit, UnitLevel
from tuyendau.core.places.queries import (
    counted_in,
    reaches_province,
    under,
    units_in_reach,
    units_on,
    visible_sites,
)
from tuyendau.lib import clock
from tuyendau.records.people.models import Assignment, AssignmentRole, Person

# A cluster has ended after 28 days without a new case, two incubation periods of 14 days. Until then an employer is
# asked about those who were there, also where they have left since.
LEFT_SINCE = timedelta(days=28)

# A whole dormitory or quarantine facility is no household.
_SHARED = (SiteKind.HOUSEHOLD, SiteKind.ROOM, SiteKind.QUARANTINE_ROOM)
_MOST_TOGETHER = 100


def within(viewer: Viewer, permission: Permission, *, person: str = "") -> Q:
    """The condition that a person is in the viewer's reach for `permission`.

    `person` is the ORM prefix from the filtered model to the person: "" on Person, "person__" on a case.
    A person is in reach if their commune lies under a unit over which the viewer holds `permission` (who holds it
    over a province also reaches people of no known commune), or if an assignment in force today, or at any time
    within the last `LEFT_SINCE`, is to a site under one of the viewer's sites. Who holds nothing reaches nobody.
    """
    today = clock.local_day(clock.now())
    return living_within(viewer, permission, person=person) | assigned_within(
        viewer, permission, today - LEFT_SINCE, today, person=person
    )


def living_within(viewer: Viewer, permission: Permission, *, person: str = "") -> Q:
    """The condition that a person's commune, or its being unknown, puts them in the viewer's reach; see `within`."""
    if not viewer.paths(permission, ScopeKind.UNIT):
        return Q(pk__in=[])
    reach = Q(**{f"{person}unit__in": units_in_reach(viewer, permission)})
    if reaches_province(viewer, permission):
        reach |= Q(**{f"{person}unit__isnull": True})
    return reach


def living_in(code: str, on: date, *, person: str = "") -> Q:
    """The condition that a person's commune counts at or below the unit that has the code on a day; see `within`."""
    return Q(**{f"{person}unit__in": counted_in(code, on)})


def assigned_within(
    viewer: Viewer, permission: Permission, first: date, last: date, *, person: str = ""
) -> Q:
    """The condition that on some day from `first` to `last` a person was assigned to a site under the viewer's own."""
    paths = viewer.paths(permission, ScopeKind.SITE)
    if not paths:
        return Q(pk__in=[])
    # Asked of each person: the planner makes a list of all workers of it where many people are looked at.
    assignments = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=first),
        under(paths, "site__path"),
        person=OuterRef(f"{person}pk"),
        valid_from__lte=last,
    )
    return Q(Exists(assignments))


def whereabouts_of(people: Iterable[int]) -> dict[int, Whereabouts]:
    """The places that persons (by row number) belong to: what decides in `within` who reaches them. Two queries.

    Who is not there is left out.
    """
    numbers = set(people)
    units = Person.objects.filter(pk__in=numbers).values_list("pk", "unit")
    today = clock.local_day(clock.now())
    assignments = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today - LEFT_SINCE),
        person__in=numbers,
        valid_from__lte=today,
    )
    sites: defaultdict[int, set[str]] = defaultdict(set)
    for person, path in assignments.values_list("person", "site__path"):
        sites[person].add(str(path))
    return {pk: Whereabouts(frozenset([unit]), frozenset(sites[pk])) for pk, unit in units}


def visible_people(viewer: Viewer, permission: Permission = Permission.PERSON_VIEW) -> QuerySet[Person]:
    """The people over whom the viewer holds `permission`. Raises `Denied` for whoever holds it nowhere.

    Whoever was merged into another is not among them.
    """
    viewer.require(permission)
    return Person.objects.filter(within(viewer, permission), merged_into__isnull=True)


def person_by_public_id(
    viewer: Viewer, public_id: str, permission: Permission = Permission.PERSON_VIEW
) -> Person:
    """The person, with their commune. Raises `Denied`, and `Person.DoesNotExist` also where they are out of reach."""
    return visible_people(viewer, permission).select_related("unit").get(public_id=public_id)


def survivor_by_public_id(
    viewer: Viewer, public_id: str, permission: Permission = Permission.PERSON_VIEW
) -> Person:
    """Whom somebody was merged into, by the old public id. Raises as `person_by_public_id` does."""
    with as_program():
        into = (
            Person.objects.filter(public_id=public_id)
            .values_list("merged_into__public_id", flat=True)
            .first()
        )
    return person_by_public_id(viewer, into or "", permission)


def in_reach(viewer: Viewer, person: Person, permission: Permission) -> bool:
    """Whether the viewer holds `permission` over the person; see `within`."""
    return Person.objects.filter(within(viewer, permission), pk=person.pk).exists()


def known_name(viewer: Viewer, person: Person, permission: Permission) -> str:
    """The person's name for a viewer in whose reach for `permission` they are; for any other their code alone."""
    name: str = person.full_name
    if name and in_reach(viewer, person, permission):
        return name
    return person.code or person.public_id


def lives_in_reach(viewer: Viewer, permission: Permission, person: Person) -> bool:
    """Whether the person's commune lies under a unit over which the viewer holds `permission`.

    A person of no known commune is in the reach of whoever holds it over a whole province.
    """
    if person.unit_id is None:
        return reaches_province(viewer, permission)
    return units_in_reach(viewer, permission).filter(pk=person.unit_id).exists()


def communes_in_reach(viewer: Viewer, permission: Permission = Permission.PERSON_VIEW) -> QuerySet[Unit]:
    """The communes of today in the viewer's reach, with what they lie in: to choose from, for filters and entries."""
    today = clock.local_day(clock.now())
    return (
        units_in_reach(viewer, permission)
        .filter(pk__in=units_on(today, level=UnitLevel.COMMUNE).values("pk"))
        .select_related("parent")
        .order_by("parent__folded", "folded")
    )


def assignments_of(viewer: Viewer, person: Person) -> QuerySet[Assignment]:
    """The person's assignments, latest first, each with `may_open`: whether the viewer may see the page of the site.

    Who answers for the person's commune sees them all, who answers for sites only those to their own sites.
    """
    assignments = Assignment.objects.filter(person=person).select_related("site", "site__parent", "shift")
    if not lives_in_reach(viewer, Permission.PERSON_VIEW, person):
        own = viewer.paths(Permission.PERSON_VIEW, ScopeKind.SITE)
        assignments = assignments.filter(site__in=Site.objects.filter(under(own)))
    return assignments.annotate(may_open=_may_open(viewer)).order_by("-valid_from", "-pk")


def _may_open(viewer: Viewer) -> Case:
    if not viewer.may(Permission.VISIT_VIEW):
        return Case(default=Value(False), output_field=BooleanField())
    opened = Q(site__in=visible_sites(viewer))
    return Case(When(opened, then=Value(True)), default=Value(False), output_field=BooleanField())


def household_of(viewer: Viewer, person: Person) -> QuerySet[Person]:
    """Who lives today where the person lives: in the same household or room; only those whom the viewer may see."""
    today = clock.local_day(clock.now())
    living = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        role=AssignmentRole.LODGES,
        valid_from__lte=today,
        site__kind__in=_SHARED,
    )
    homes = living.filter(person=person).values("site")
    together = living.filter(site__in=homes).exclude(person=person)
    with as_program():
        numbers = list(together.values_list("person", flat=True).distinct()[:_MOST_TOGETHER])
    return visible_people(viewer).filter(pk__any_of=numbers).order_by("birth_year", "folded")
