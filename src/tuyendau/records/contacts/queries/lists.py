"""Contacts for pages, each list narrowed to what the viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case as Branches
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When

from tuyendau.access import Permission, Viewer
from tuyendau.lib.text import fold
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.models import Contact, Exposure, Grade
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import within
from tuyendau.science.epi import parameters


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """What a case's list is narrowed to: a grade's code, a site's public id, words of a name or code."""

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


def visible_contacts(viewer: Viewer) -> QuerySet[Contact]:
    """The contacts whom the viewer may see: people in their reach. Raises `Denied`."""
    viewer.require(Permission.CONTACT_VIEW)
    return Contact.objects.filter(within(viewer, Permission.CONTACT_VIEW, person="person__"))


# What an hour is worth differs by setting: an hour in one room says more than a day in one company.
_HAZARDS = [
    When(site__setting=setting, then=Value(float(rate))) for setting, rate in enumerate(parameters().hazards)
]
_WEIGHTIEST_FIRST = (
    (F("seconds") * Branches(*_HAZARDS, default=Value(1.0))).desc(),
    F("seconds").desc(),
    "id",
)


def contact_list(viewer: Viewer, case: Case, wanted: ContactFilter) -> QuerySet[Contact]:
    """The contacts of a case in order of rank, with person, commune, exposures and their sites.

    `case_status` and `case_id_public` tell of a contact's own open case, if there is one.
    """
    contacts = visible_contacts(viewer).filter(case=case)
    if wanted.grade is not None:
        contacts = contacts.filter(grade=wanted.grade)
    if wanted.site:
        contacts = contacts.filter(
            pk__in=Exposure.objects.filter(site__public_id=wanted.site).values("contact")
        )
    for word in fold(wanted.q).split():
        contacts = contacts.filter(Q(person__folded__contains=word) | Q(person__code__icontains=word))
    own_case = Case.objects.filter(person=OuterRef("person")).exclude(status="discarded")
    return (
        contacts.select_related("person__unit")
        .annotate(
            case_status=Subquery(own_case.values("status")[:1]),
            case_id_public=Subquery(own_case.values("public_id")[:1]),
        )
        .prefetch_related(
            Prefetch(
                "exposures", Exposure.objects.select_related("site__parent").order_by(*_WEIGHTIEST_FIRST)
            )
        )
        .order_by("rank", "id")
    )


def grade_counts(viewer: Viewer, case: Case) -> dict[int, int]:
    """How many contacts of a case the viewer may see, by grade, every grade named."""
    counted = visible_contacts(viewer).filter(case=case).values_list("grade").annotate(n=Count("id"))
    return dict.fromkeys(Grade.values, 0) | dict(counted)


def site_counts(viewer: Viewer, case: Case) -> Sequence[SiteCount]:
    """The sites where a case met contacts whom the viewer may see, nearest and fullest first."""
    visible = visible_contacts(viewer).filter(case=case)
    rows = (
        Exposure.objects.filter(contact__in=visible, site__isnull=False)
        .values("site__public_id", "site__name", "site__kind")
        .annotate(
            close=Count("contact", filter=Q(contact__grade=Grade.CLOSE)),
            near=Count("contact", filter=Q(contact__grade=Grade.NEAR)),
            around=Count("contact", filter=Q(contact__grade=Grade.AROUND)),
        )
        .order_by("-close", "-near", "-around", "site__name")
    )
    return [
        SiteCount(r["site__public_id"], r["site__name"], r["site__kind"], r["close"], r["near"], r["around"])
        for r in rows
    ]


def contacts_of_person(viewer: Viewer, person: Person) -> QuerySet[Contact]:
    """The cases that a person is a contact of, nearest first. A person may be the contact of several."""
    return (
        visible_contacts(viewer)
        .filter(person=person)
        .select_related("case__person")
        .order_by("grade", "-probability", "id")
    )
