"""Contacts for pages, each list narrowed to what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.db.models import Case as Branches
from django.utils.translation import gettext as _

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.queries import visible_sites
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import NEARNESS, Contact, Exposure, Grade, Judgement
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import assigned_within, by_words, living_within, within
from tuyendau.science.epi import parameters

ELSEWHERE = "elsewhere"
"""In place of a site's public id: the sites that the viewer is not told."""


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What a case's list is narrowed to: a grade's code, a site's public id or ELSEWHERE, words of a name or code."""

    grade: int | None = None
    site: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class SiteCount:
    """One site of a case's exposures and its contacts there, by grade."""

    public_id: str
    name: str
    kind: str
    close: int
    near: int
    around: int

    @property
    def total(self) -> int:
        """Contacts of every grade."""
        return self.close + self.near + self.around

    def of_grade(self, grade: int | None) -> int:
        """Contacts of one grade; of every grade for None."""
        return self.total if grade is None else {0: self.close, 1: self.near, 2: self.around}[grade]


def visible_contacts(viewer: Viewer, case: Case | None = None) -> QuerySet[Contact]:
    """The contacts, of one case or of all, whom the viewer may see: people in their reach. Raises `Denied`.

    Of one case a company also sees whoever was assigned to its sites at any time in the window that was traced,
    however long ago they left: they may have met the case there.
    """
    viewer.require(Permission.CONTACT_VIEW)
    if case is None:
        return Contact.objects.filter(within(viewer, Permission.CONTACT_VIEW, person="person__"))
    return Contact.objects.filter(pk__any_of=_numbers_in_reach(viewer, case), case=case)


@as_program()
def _numbers_in_reach(viewer: Viewer, case: Case) -> list[int]:
    """Row numbers of the case's contacts whom the viewer reaches.

    People are asked for by their numbers, a few thousand at most: joined, the planner may read the whole province.
    """
    reach = within(viewer, Permission.CONTACT_VIEW)
    trace = getattr(case, "trace", None) if sees_by_site(viewer) else None
    if trace is not None:
        first, last = clock.local_day(trace.window_start), clock.local_day(trace.window_end)
        reach |= assigned_within(viewer, Permission.CONTACT_VIEW, first, last)
    numbers = dict(Contact.objects.filter(case=case).values_list("person_id", "pk"))
    people = Person.objects.filter(reach, pk__any_of=list(numbers))
    return [numbers[person] for person in people.values_list("pk", flat=True)]


def sees_by_site(viewer: Viewer) -> bool:
    """Whether the viewer sees some people because of where they work, and is not to know all of them."""
    return bool(viewer.paths(Permission.CONTACT_VIEW, ScopeKind.SITE))


def told(viewer: Viewer) -> QuerySet[Any, Any]:
    """Exposures, each with `told`: whether the viewer may know where it was, or what was reported of it.

    Who answers for the commune where the contact lives knows all of them; a company's officer only those at the sites
    in their own reach.
    """
    if not sees_by_site(viewer):
        return Exposure.objects.annotate(told=Value(True))
    told = living_within(viewer, Permission.CONTACT_VIEW, person="contact__person__")
    told |= Q(site__in=visible_sites(viewer, Permission.CONTACT_VIEW))
    return Exposure.objects.annotate(told=_yes_where(told))


def _yes_where(condition: Q) -> Branches:
    return Branches(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


# What an hour is worth differs by setting: an hour in one room says more than a day in one company.
_HAZARDS = [
    When(site__setting=setting, then=Value(float(rate))) for setting, rate in enumerate(parameters().hazards)
]
_WEIGHTIEST_FIRST = (
    (F("seconds") * Branches(*_HAZARDS, default=Value(1.0))).desc(),
    F("seconds").desc(),
    "id",
)


def shown_exposures(exposures: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Exposures as lists show them: with their site and who reported them, what weighs most first."""
    return exposures.select_related("site__parent", "link__by").order_by(*_WEIGHTIEST_FIRST)


def contact_list(
    viewer: Viewer, case: Case, wanted: ContactFilter, *, seen: QuerySet[Contact] | None = None
) -> QuerySet[Contact]:
    """The contacts of a case in order of rank, with person, commune, exposures and their sites.

    `case_status`, `case_id_public` and `case_code` tell of a contact's own open case, if there is one; `may_open`
    whether the viewer may see the person's page; `judged` the grade that somebody decided on. Exposures that are not
    `told` must not be named. `seen` are the case's `visible_contacts`, where they are known already.
    """
    contacts = visible_contacts(viewer, case) if seen is None else seen
    marked = told(viewer)
    if wanted.grade is not None:
        contacts = contacts.filter(grade=wanted.grade)
    if wanted.site == ELSEWHERE:
        contacts = contacts.filter(pk__in=marked.filter(told=False, site__isnull=False).values("contact"))
    elif wanted.site:
        contacts = contacts.filter(
            pk__in=marked.filter(told=True, site__public_id=wanted.site).values("contact")
        )
    contacts = contacts.filter(by_words(wanted.q))
    in_force = Judgement.objects.filter(case=OuterRef("case"), person=OuterRef("person"), withdrawn_at=None)
    own_case = Case.objects.filter(person=OuterRef("person")).exclude(status="discarded")
    return (
        contacts.select_related("person__unit")
        .annotate(
            case_status=Subquery(own_case.values("status")[:1]),
            case_id_public=Subquery(own_case.values("public_id")[:1]),
            case_code=Subquery(own_case.values("code")[:1]),
            may_open=may_open(viewer),
            judged=Subquery(in_force.values("grade")[:1]),
        )
        .prefetch_related(Prefetch("exposures", shown_exposures(marked)))
        .order_by("rank", "id")
    )


def may_open(viewer: Viewer) -> Branches | Value:
    if not sees_by_site(viewer):
        return Value(True)
    return _yes_where(within(viewer, Permission.PERSON_VIEW, person="person__"))


def has_contacts(case: Case) -> bool:
    """Whether anybody at all is a contact of the case, in whoever's reach."""
    with as_program():
        return Contact.objects.filter(case=case).exists()


@as_program()
def grade_counts(viewer: Viewer, case: Case, *, seen: QuerySet[Contact] | None = None) -> dict[int, int]:
    """How many contacts of a case the viewer may see, by grade: those of nearness, and EXCLUDED if there are any."""
    contacts = visible_contacts(viewer, case) if seen is None else seen
    counted = contacts.values_list("grade").annotate(n=Count("id"))
    return dict.fromkeys(map(int, NEARNESS), 0) | dict(counted)


@as_program()
def site_counts(viewer: Viewer, case: Case, *, seen: QuerySet[Contact] | None = None) -> Sequence[SiteCount]:
    """The sites where a case met contacts whom the viewer may see, nearest and fullest first.

    What the viewer is not told of is one line at the end, ELSEWHERE.
    """
    contacts = visible_contacts(viewer, case) if seen is None else seen
    exposures = told(viewer).filter(contact__in=contacts, site__isnull=False)
    rows = (
        exposures.filter(told=True)
        .values("site__public_id", "site__name", "site__kind")
        .annotate(**_BY_GRADE)
        .order_by("-close", "-near", "-around", "site__name")
    )
    counts = [
        SiteCount(r["site__public_id"], r["site__name"], r["site__kind"], r["close"], r["near"], r["around"])
        for r in rows
        if r["close"] or r["near"] or r["around"]
    ]
    if sees_by_site(viewer):
        hidden = SiteCount(
            ELSEWHERE, _("Elsewhere"), "", **exposures.filter(told=False).aggregate(**_BY_GRADE)
        )
        counts += [hidden] if hidden.total else []
    return counts


_BY_GRADE = {
    name: Count("contact", filter=Q(contact__grade=grade), distinct=True)
    for name, grade in (("close", Grade.CLOSE), ("near", Grade.NEAR), ("around", Grade.AROUND))
}


def contacts_of_person(viewer: Viewer, person: Person) -> QuerySet[Contact]:
    """The cases that a person is a contact of, nearest first. A person may be the contact of several."""
    return (
        visible_contacts(viewer)
        .filter(person=person)
        .exclude(grade=Grade.EXCLUDED)
        .order_by("grade", "-probability", "id")
    )
