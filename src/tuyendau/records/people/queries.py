"""Reads of people, each narrowed to what the viewer may see."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.live.rules import Whereabouts
from tuyendau.core.places.models import Site, Unit, UnitLevel, UnitSuccessor
from tuyendau.core.places.queries import reaches_province, under, units_in_reach, visible_sites
from tuyendau.lib import clock, text
from tuyendau.records.people.models import Assignment, Person

PAGE = 50
COUNT_LIMIT = 5_000
# A cluster has ended after 28 days without a new case, two incubation periods of 14 days. Until then an employer is
# asked about those who were there, also where they have left since.
LEFT_SINCE = timedelta(days=28)
_WORD = re.compile(r"[^\W_]+")


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


def assigned_within(
    viewer: Viewer, permission: Permission, first: date, last: date, *, person: str = ""
) -> Q:
    """The condition that on some day from `first` to `last` a person was assigned to a site under the viewer's own."""
    paths = viewer.paths(permission, ScopeKind.SITE)
    if not paths:
        return Q(pk__in=[])
    assignments = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=first),
        site__in=Site.objects.filter(under(paths)),
        valid_from__lte=last,
    )
    return Q(**{f"{person}pk__in": assignments.values("person_id")})


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


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of a list by name.

    `next_id` is the public id after which the next page begins, None on the last. `count` is how many the whole list
    has, and COUNT_LIMIT where it has `more`.
    """

    people: list[Person]
    next_id: str | None
    count: int
    more: bool


def people_page(
    people: QuerySet[Person], *, wanted: str = "", after: str | None = None, size: int = PAGE
) -> PeoplePage:
    """The page of those of `people` that `wanted` means (see `search`) that follows the person `after`, a public id.

    Names that begin as `wanted` does come first, the others after them, both by name; without `after` it is the
    first page.
    """
    found = search(people, wanted)
    some = found.order_by().values("pk")[: COUNT_LIMIT + 1]
    count = some.count()
    if count <= COUNT_LIMIT:
        # A short list is found first and sorted then; of a long one, walking the names in order soon fills a page.
        people = found = Person.objects.filter(pk__in=some)
    parts = _parts(people, found, "" if _has_digit(wanted) else text.fold(wanted))
    listed = _listed(parts, after, size + 1)
    next_id = listed[size - 1].public_id if len(listed) > size else None
    return PeoplePage(listed[:size], next_id, min(count, COUNT_LIMIT), count > COUNT_LIMIT)


def _parts(people: QuerySet[Person], found: QuerySet[Person], beginning: str) -> list[QuerySet[Person]]:
    """What is found, in the order of the list: names with that beginning, then the others."""
    if not beginning:
        return [found]
    return [people.filter(folded__startswith=beginning), found.exclude(folded__startswith=beginning)]


def _listed(parts: list[QuerySet[Person]], after: str | None, size: int) -> list[Person]:
    """The first `size` of the parts behind the person `after`, each part by name."""
    last = Person.objects.filter(public_id=after).first() if after else None
    if last and len(parts) > 1 and not parts[0].filter(pk=last.pk).exists():
        parts = parts[1:]
    listed: list[Person] = []
    for part in parts:
        if last:
            behind = Q(folded__gt=last.folded) | Q(folded=last.folded, pk__gt=last.pk)
            part, last = part.filter(behind, folded__gte=last.folded), None
        if len(listed) < size:
            listed += part.select_related("unit").order_by("folded", "pk")[: size - len(listed)]
    return listed


def search(people: QuerySet[Person], wanted: str) -> QuerySet[Person]:
    """Those of `people` that `wanted` means: with a digit, the start of a code or a phone number; else words.

    Every word must begin a word of the name, in any order and with or without Vietnamese marks: "thi hoa" and
    "hoa nguyen" both find Nguyễn Thị Hoa.
    """
    wanted = text.clean(wanted)
    if not wanted:
        return people
    if _has_digit(wanted):
        return people.filter(Q(code__startswith=wanted) | Q(code__startswith=wanted.upper()) | _phone(wanted))
    words = _WORD.findall(text.fold(wanted))
    if not words:
        return people.none()
    meant = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
    return people.annotate(words=SearchVector("folded", config="simple")).filter(words=meant)


def _has_digit(wanted: str) -> bool:
    return any(c.isdigit() for c in wanted)


def _phone(wanted: str) -> Q:
    """The start of a number as people write it, against numbers kept as +84 and as written."""
    digits = re.sub(r"\D", "", wanted)
    if len(digits) < 3:
        return Q(pk__in=[])
    local = digits.removeprefix("84") if wanted.startswith(("+84", "84")) else digits.removeprefix("0")
    return Q(phone__startswith="+84" + local) | Q(phone__startswith=digits)


def of_commune(people: QuerySet[Person], commune: Unit) -> QuerySet[Person]:
    """Those of `people` who live in `commune` or in one that went into it, up to two reforms back."""
    before = Unit.objects.filter(successors__new=commune)
    long_before = Unit.objects.filter(successors__new__in=before)
    return people.filter(Q(unit=commune) | Q(unit__in=before) | Q(unit__in=long_before))


def of_site(people: QuerySet[Person], site: str) -> QuerySet[Person]:
    """Those of `people` who belong, today, at the site of that code or at one below it."""
    today = clock.local_day(clock.now())
    paths = Site.objects.filter(code=site).values_list("path", flat=True)
    here = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        site__in=Site.objects.filter(under(path for path in paths if path)),
        valid_from__lte=today,
    )
    return people.filter(pk__in=here.values("person_id"))


def communes_in_reach(viewer: Viewer) -> QuerySet[Unit]:
    """The communes by which the viewer can narrow people: those that went into no other, with what they lie in."""
    return (
        units_in_reach(viewer, Permission.PERSON_VIEW)
        .filter(~Exists(UnitSuccessor.objects.filter(old=OuterRef("pk"))), level=UnitLevel.COMMUNE)
        .select_related("parent")
        .order_by("parent__folded", "folded")
    )


def assignments_of(viewer: Viewer, person: Person) -> QuerySet[Assignment]:
    """The person's assignments, latest first, each with `may_open`: whether the viewer may see the page of the site.

    Who answers for the person's commune sees them all, who answers for sites only those to their own sites.
    """
    assignments = Assignment.objects.filter(person=person).select_related("site", "site__parent")
    if not lives_in_reach(viewer, Permission.PERSON_VIEW, person):
        own = viewer.paths(Permission.PERSON_VIEW, ScopeKind.SITE)
        assignments = assignments.filter(site__in=Site.objects.filter(under(own)))
    return assignments.annotate(may_open=_may_open(viewer)).order_by("-valid_from", "-pk")


def _may_open(viewer: Viewer) -> Case:
    if not viewer.may(Permission.VISIT_VIEW):
        return Case(default=Value(False), output_field=BooleanField())
    opened = Q(site__in=visible_sites(viewer))
    return Case(When(opened, then=Value(True)), default=Value(False), output_field=BooleanField())
