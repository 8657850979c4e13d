"""Reads of cases, each narrowed to what the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import BooleanField, F, Q, QuerySet, Value, When
from django.db.models import Case as Branches
from django.utils.translation import gettext as _

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.audit.queries import Event, events_of
from tuyendau.core.live.rules import Notice, Whereabouts
from tuyendau.core.places.models import Site, Unit
from tuyendau.core.places.queries import counted_in, reaches_province, under, units_in_reach
from tuyendau.lib.text import fold
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.people.models import Assignment
from tuyendau.records.people.queries import living_within, whereabouts_of, within

Basis = Literal["reported", "onset", "sample"]
ALL = "all"
"""In place of a status: every case that is not discarded, as the map counts them."""
BASIS_FIELDS: dict[str, str] = {"reported": "reported_on", "onset": "onset_on", "sample": "sampled_on"}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the line list is narrowed to. `unit` is a code valid on `unit_on` and covers all below it."""

    q: str = ""
    status: str = ""
    unit: str = ""
    unit_on: date | None = None
    site: str = ""
    first: date | None = None
    last: date | None = None
    basis: str = "reported"
    no_unit: bool = False


def cases_in_reach(viewer: Viewer, permission: Permission) -> QuerySet[Case]:
    """The cases over which the viewer holds `permission`: counted in their units, or of people in their reach."""
    viewer.require(permission)
    return Case.objects.filter(
        within(viewer, permission, person="person__") | _of_own_units(viewer, permission)
    )


def _of_own_units(viewer: Viewer, permission: Permission) -> Q:
    """The condition that a case is counted in the viewer's units, or its person lives there."""
    reach = living_within(viewer, permission, person="person__")
    if viewer.paths(permission, ScopeKind.UNIT):
        reach |= Q(unit__in=units_in_reach(viewer, permission))
        if reaches_province(viewer, permission):
            reach |= Q(unit__isnull=True)
    return reach


def visible_cases(viewer: Viewer) -> QuerySet[Case]:
    """The cases that the viewer may see, with person and unit. Raises `Denied`.

    `in_full` is false of cases that the viewer sees only as an employer does, by where the person is assigned: what
    was written of them in free words, the note, the place of infection and the grounds, is not for them.
    """
    cases = cases_in_reach(viewer, Permission.CASE_VIEW).select_related("person", "unit")
    return cases.annotate(in_full=_in_full(viewer))


def _in_full(viewer: Viewer) -> Value | Branches:
    if not viewer.paths(Permission.CASE_VIEW, ScopeKind.SITE):
        return Value(True)
    if not viewer.paths(Permission.CASE_VIEW, ScopeKind.UNIT):
        return Value(False)
    own = When(_of_own_units(viewer, Permission.CASE_VIEW), then=Value(True))
    return Branches(own, default=Value(False), output_field=BooleanField())


def whereabouts_of_cases(public_ids: Iterable[str]) -> dict[str, tuple[str, Whereabouts]]:
    """Of cases the person (a public id) and the places: what decides in `cases_in_reach` who reaches them."""
    found = Case.objects.filter(public_id__in=set(public_ids)).values_list(
        "public_id", "person", "person__public_id", "unit"
    )
    cases = list(found)
    people = whereabouts_of(person for _case, person, _public_id, _unit in cases)
    return {
        case: (public_id, Whereabouts(people[person].units | {unit}, people[person].sites))
        for case, person, public_id, unit in cases
        if person in people
    }


TOLD_OF_CASES = (
    "cases.imported", "case.reported", "case.suspected", "case.probable", "case.confirmed", "case.discarded",
    "case.dates_corrected", "case.edited", "case.traced", "case.contacts_taken_back", "contacts.exported",
)  # fmt: skip


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """What events mean to the line list, the pages of cases and those of their people."""
    where = whereabouts_of_cases(event.subject for event in events)
    return {event.pk: _notices(event, where) for event in events}


def _notices(event: Event, where: Mapping[str, tuple[str, Whereabouts]]) -> list[Notice]:
    seen = Permission.CASE_VIEW
    if event.kind == "cases.imported":
        return [Notice("cases", event.subject, seen, None)]
    if event.subject not in where:
        return []
    person, places = where[event.subject]
    topics = [f"case:{event.subject}"]
    if event.kind not in ("contacts.exported", "case.traced", "case.contacts_taken_back"):
        topics += ["cases", f"person:{person}"]
    return [Notice(topic, event.subject, seen, places) for topic in topics]


def decidable_cases(viewer: Viewer) -> QuerySet[Case]:
    """The cases that the viewer may classify. Raises `Denied`."""
    return cases_in_reach(viewer, Permission.CASE_DECIDE).select_related("person")


def decides(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may classify the case, and so is told what concerns the whole of it."""
    return viewer.may(Permission.CASE_DECIDE) and decidable_cases(viewer).filter(pk=case.pk).exists()


def line_list(viewer: Viewer, wanted: CaseFilter) -> QuerySet[Case]:
    """The line list: visible cases that `wanted` lets through, latest report first."""
    cases = visible_cases(viewer)
    if wanted.status == ALL:
        cases = cases.exclude(status=CaseStatus.DISCARDED)
    elif wanted.status:
        cases = cases.filter(status=wanted.status)
    if wanted.no_unit:
        cases = cases.filter(unit__isnull=True)
    elif wanted.unit:
        cases = cases.filter(unit__in=_units(wanted.unit, wanted.unit_on))
    if wanted.site:
        sites = Site.objects.filter(
            under(Site.objects.filter(code=wanted.site).values_list("path", flat=True))
        )
        if not viewer.paths(Permission.CASE_VIEW, ScopeKind.UNIT):
            sites = sites.filter(under(viewer.paths(Permission.CASE_VIEW, ScopeKind.SITE)))
        cases = cases.filter(person__in=Assignment.objects.filter(site__in=sites).values("person"))
    field = BASIS_FIELDS.get(wanted.basis, "reported_on")
    if wanted.first:
        cases = cases.filter(**{f"{field}__gte": wanted.first})
    if wanted.last:
        cases = cases.filter(**{f"{field}__lte": wanted.last})
    for word in fold(wanted.q).split():
        cases = cases.filter(
            Q(person__folded__contains=word) | Q(code__icontains=word) | Q(person__code__icontains=word)
        )
    if field == "reported_on":
        return cases.order_by("-reported_on", "-id")
    return cases.order_by(F(field).desc(nulls_last=True), "-id")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's course, in words."""

    kind: str
    title: str
    text: str
    at: datetime
    by: str


def timeline(case: Case, *, counts: bool, grounds: bool) -> list[Entry]:
    """What was decided of a case and what followed, oldest first, in the reader's language.

    `counts` tells how many contacts the whole case has, `grounds` why something was decided, in its free words.
    """
    return [
        Entry(
            event.kind,
            _title(event),
            _text(event) if (counts if event.kind in _COUNTED else grounds) else "",
            event.at,
            event.by.get_full_name() if event.by else "",
        )
        for event in events_of(case.public_id)
    ]


_COUNTED = {"case.traced", "case.contacts_taken_back"}


def _title(event: Event) -> str:
    titles = {
        "case.reported": _("Reported as suspected"),
        "case.suspected": _("Opened again as suspected"),
        "case.probable": _("Classified as probable"),
        "case.confirmed": _("Confirmed"),
        "case.discarded": _("Discarded"),
        "case.dates_corrected": _("Dates corrected"),
        "case.edited": _("Changed"),
        "case.traced": _("Contacts traced"),
        "case.contacts_taken_back": _("Contacts taken back"),
        "contacts.exported": _("Contact list exported"),
    }
    return titles.get(event.kind, event.kind)


def _text(event: Event) -> str:
    if event.kind == "case.traced":
        return str(_("%(contacts)d contacts (%(added)d new, %(removed)d gone), %(f2)d F2") % event.data)
    if event.kind == "case.contacts_taken_back":
        return str(_("%(removed)d contacts") % event.data)
    return str(event.data.get("ground", ""))


def _units(code: str, on: date | None) -> Iterable[Unit] | Iterable[int]:
    """The units at or below that of `code`: as the map of the day `on` counts them, else all that ever had the code."""
    if on is not None:
        return counted_in(code, on)
    named = Unit.objects.filter(code=code)
    return Unit.objects.filter(under(path for path in named.values_list("path", flat=True) if path))
