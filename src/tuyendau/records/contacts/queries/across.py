"""Contacts over all cases: everybody exposed at a site over a period, everybody who became a contact on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Prefetch, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import under, visible_sites
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.contacts.models import Contact, Exposure, Grade
from tuyendau.records.contacts.queries.lists import may_open, sees_by_site, shown_exposures, told
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import by_words, within

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
    grade: int = Grade.CLOSE
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


# Without anybody's reach: people are asked for by their numbers afterwards. Joined, the planner would go through all
# the people of the province, or all the exposures of a company, for the few that are wanted.
_FOUND = """
SELECT k.person_id FROM contacts_contact k JOIN cases_case c ON c.id = k.case_id
WHERE k.grade <= %(worst)s AND c.status <> 'discarded' AND (%(disease)s = '' OR c.disease = %(disease)s) AND {narrowed}
GROUP BY k.person_id ORDER BY min(k.grade), max(k.probability) DESC, k.person_id
"""
_LISTED = "k.listed_at >= %(begins)s AND k.listed_at < %(ends)s"
_EXPOSED = """EXISTS (SELECT FROM contacts_exposure x WHERE x.contact_id = k.id AND x.site_id = ANY(%(sites)s)
    AND x.last > %(begins)s AND x.first < %(ends)s)"""


@as_program()
def people_across(viewer: Viewer, wanted: AcrossFilter) -> list[int]:
    """Row ids of the people in the viewer's reach whom `wanted` lets through, worst first. Raises `Denied`.

    They are contacts of cases that are not discarded. Of sites whose name the viewer is not told nobody is found.
    """
    viewer.require(Permission.CONTACT_VIEW)
    begins, ends = clock.day_span(wanted.first, wanted.last)
    asked: dict[str, Any] = {
        "worst": wanted.grade, "disease": wanted.disease, "begins": begins, "ends": ends,
        "sites": _sites_of(viewer, wanted.site),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FOUND.format(narrowed=_EXPOSED if wanted.site else _LISTED), asked)
        found = [person for (person,) in cursor.fetchall()]
    people = Person.objects.filter(within(viewer, Permission.CONTACT_VIEW), pk__any_of=found)
    people = people.filter(by_words(wanted.q, person=""))
    seen = set(people.values_list("pk", flat=True))
    return [person for person in found if person in seen]


def _sites_of(viewer: Viewer, code: str) -> list[int]:
    """Row ids of the site of a code and those below it, as far as the viewer is told of them."""
    if not code:
        return []
    paths = Site.objects.filter(code=code).values_list("path", flat=True)
    sites = Site.objects.filter(under(paths))
    if sees_by_site(viewer):
        sites = sites.filter(pk__in=visible_sites(viewer, Permission.CONTACT_VIEW).values("pk"))
    return list(sites.values_list("pk", flat=True))


class PeoplePages(Paginator):  # type: ignore[type-arg]
    """Pages of people: found by the program in the reach of the viewer, read as the viewer, worst first."""

    def __init__(self, viewer: Viewer, wanted: AcrossFilter, size: int) -> None:
        self.viewer, self.wanted = viewer, wanted
        super().__init__(people_across(viewer, wanted), size)

    def page(self, number: int | str) -> Page[Exposed]:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        ids = list(self.object_list[bottom : bottom + self.per_page])
        return Page(exposed(self.viewer, self.wanted, ids), number, self)


def exposed(viewer: Viewer, wanted: AcrossFilter, ids: Sequence[int]) -> list[Exposed]:
    """These people (row ids, in reach) with their contacts that `wanted` lets through, in the order of `ids`.

    `shown_case` of a contact is its case, None where the viewer may not see that.
    """
    with as_program():
        # By their own numbers: joined with cases out of reach, the database would hide them from the viewer.
        pks = list(_contacts_of(viewer, wanted, ids).values_list("pk", flat=True))
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


def _contacts_of(viewer: Viewer, wanted: AcrossFilter, ids: Sequence[int]) -> QuerySet[Contact]:
    contacts = Contact.objects.filter(person__in=list(ids), grade__lte=wanted.grade)
    contacts = contacts.exclude(case__status=CaseStatus.DISCARDED)
    begins, ends = clock.day_span(wanted.first, wanted.last)
    if wanted.disease:
        contacts = contacts.filter(case__disease=wanted.disease)
    if not wanted.site:
        return contacts.filter(listed_at__gte=begins, listed_at__lt=ends)
    there = Exposure.objects.filter(contact__in=list(contacts.values_list("pk", flat=True)))
    there = there.filter(site__in=_sites_of(viewer, wanted.site), last__gt=begins, first__lt=ends)
    return contacts.filter(pk__in=list(there.values_list("contact", flat=True)))


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
