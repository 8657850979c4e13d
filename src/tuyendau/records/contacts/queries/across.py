"""Contacts over all cases: everybody exposed at a site over a period, everybody who became a contact on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet
from django.utils.functional import cached_property

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import under, visible_sites
from tuyendau.lib import clock
from tuyendau.lib.text import fold
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.contacts.models import Contact, Exposure, Grade
from tuyendau.records.contacts.queries.lists import may_open, sees_by_site, shown_exposures, told
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import within

SITE_DAYS = 14
"""Over how many days up to today a site is asked about where no period is given."""


@dataclass(frozen=True, slots=True)
class AcrossFilter:
    """What the list over all cases is narrowed to.

    `site` is a code and covers all below it; `first` and `last` are days: of exposure where a site is given, else of
    coming into a list. `grade` is the worst grade that is shown, `disease` a code.
    """

    first: date
    last: date
    site: str = ""
    grade: int | None = None
    disease: str = ""
    q: str = ""


@dataclass(slots=True)
class Exposed:
    """A person with the cases of which they are a contact, as far as the filter goes, the nearest first."""

    person: Person
    may_open: bool
    contacts: list[Contact] = field(default_factory=list)
    own: Case | None = None
    """Their own open case."""

    @property
    def grade(self) -> int:
        """The nearest grade."""
        return min(contact.grade for contact in self.contacts)

    @property
    def chance(self) -> float:
        """The highest estimated probability of transmission by one of the cases."""
        return max(contact.probability for contact in self.contacts)

    @property
    def last(self) -> datetime | None:
        """When they were last together with any of the cases."""
        return max((contact.last for contact in self.contacts if contact.last), default=None)

    @property
    def exposures(self) -> list[Exposure]:
        """Their exposures, told or not, longest first."""
        found = [exposure for contact in self.contacts for exposure in contact.exposures.all()]
        return sorted(found, key=lambda e: -e.seconds)


def contacts_across(viewer: Viewer, wanted: AcrossFilter) -> QuerySet[Contact]:
    """The contacts of all cases that are not discarded, in the viewer's reach, that `wanted` lets through.

    Of sites whose name the viewer is not told nobody is found. Raises `Denied`.
    """
    viewer.require(Permission.CONTACT_VIEW)
    worst = Grade.AROUND if wanted.grade is None else wanted.grade
    contacts = Contact.objects.filter(
        within(viewer, Permission.CONTACT_VIEW, person="person__"), grade__lte=worst
    ).exclude(case__status=CaseStatus.DISCARDED)
    begins, ends = clock.day_span(wanted.first, wanted.last)
    if wanted.site:
        there = Exposure.objects.filter(site__in=sites_of(viewer, wanted.site))
        contacts = contacts.filter(pk__in=there.filter(last__gt=begins, first__lt=ends).values("contact"))
    else:
        contacts = contacts.filter(listed_at__gte=begins, listed_at__lt=ends)
    if wanted.disease:
        contacts = contacts.filter(case__disease=wanted.disease)
    for word in fold(wanted.q).split():
        contacts = contacts.filter(Q(person__folded__contains=word) | Q(person__code__icontains=word))
    return contacts


def sites_of(viewer: Viewer, code: str) -> QuerySet[Site]:
    """The site of a code and those below it, as far as the viewer is told of them."""
    paths = Site.objects.filter(code=code).values_list("path", flat=True)
    sites = Site.objects.filter(under(paths))
    if sees_by_site(viewer):
        sites = sites.filter(pk__in=visible_sites(viewer, Permission.CONTACT_VIEW).values("pk"))
    return sites


class PeoplePages(Paginator):  # type: ignore[type-arg]
    """Pages of people: found by the program in the reach of the viewer, read as the viewer, worst first."""

    def __init__(self, viewer: Viewer, wanted: AcrossFilter, size: int) -> None:
        self.viewer = viewer
        self.contacts = contacts_across(viewer, wanted)
        super().__init__([], size)

    @cached_property
    def count(self) -> int:
        with as_program():
            return int(self.contacts.order_by().aggregate(n=Count("person", distinct=True))["n"])

    def page(self, number: int | str) -> Page[Exposed]:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        with as_program():
            ids = list(people_in_order(self.contacts)[bottom : bottom + self.per_page])
        return Page(exposed(self.viewer, self.contacts, ids), number, self)


def people_in_order(contacts: QuerySet[Contact]) -> QuerySet[Contact, int]:
    """Row ids of the people of these contacts, worst first."""
    by_person = contacts.order_by().values("person").annotate(near=Min("grade"), chance=Max("probability"))
    return by_person.order_by("near", "-chance", "person").values_list("person", flat=True)


def exposed(viewer: Viewer, contacts: QuerySet[Contact], ids: Sequence[int]) -> list[Exposed]:
    """These people (row ids) with their contacts among `contacts`, in the order of `ids`.

    `shown_case` of a contact is its case, None where the viewer may not see that.
    """
    with as_program():
        # By their own numbers: joined with cases out of reach, the database would hide them from the viewer.
        pks = list(contacts.filter(person__in=list(ids)).values_list("pk", flat=True))
    rows = list(
        Contact.objects.filter(pk__any_of=pks)
        .select_related("person__unit")
        .annotate(may_open=may_open(viewer))
        .prefetch_related(Prefetch("exposures", shown_exposures(told(viewer))))
        .order_by("grade", "-probability", "id")
    )
    by_person: defaultdict[int, list[Contact]] = defaultdict(list)
    cases = visible_cases(viewer).in_bulk({row.case_id for row in rows})
    for row in rows:
        row.shown_case = cases.get(row.case_id)  # type: ignore[attr-defined]
        by_person[row.person_id].append(row)
    return [
        Exposed(by_person[pk][0].person, by_person[pk][0].may_open, by_person[pk])  # type: ignore[attr-defined]
        for pk in ids
        if pk in by_person
    ]


def last_day_listed(viewer: Viewer) -> date:
    """The latest day on which anybody in the viewer's reach became a contact; today where nobody ever did."""
    with as_program():
        reach = Contact.objects.filter(within(viewer, Permission.CONTACT_VIEW, person="person__"))
        latest = reach.order_by("-listed_at").values_list("listed_at", flat=True).first()
    return clock.local_day(latest or clock.now())


def period_of_site(today: date) -> tuple[date, date]:
    """The days over which a site is asked about at first."""
    return today - timedelta(days=SITE_DAYS - 1), today


def open_case_of(people: Sequence[int]) -> dict[int, Case]:
    """The open case of each of these people (row ids), the latest where there are two."""
    cases = Case.objects.filter(person__in=list(people)).exclude(status=CaseStatus.DISCARDED)
    return {case.person_id: case for case in cases.order_by("reported_on", "id")}
