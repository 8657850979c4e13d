"""Reads of cases, each narrowed to what the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Q, QuerySet, Value, When
from django.db.models import Case as Branches
from django.utils.translation import gettext as _

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.audit.queries import Event, events_of, kind_in_words
from tuyendau.core.live.rules import Notice, Whereabouts
from tuyendau.core.places.queries import reaches_province, units_in_reach
from tuyendau.records.cases.models import Case
from tuyendau.records.people.queries import living_within, whereabouts_of, within


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
    return titles.get(event.kind) or kind_in_words(event.kind)


def _text(event: Event) -> str:
    if event.kind == "case.traced":
        return str(_("%(contacts)d contacts (%(added)d new, %(removed)d gone), %(f2)d F2") % event.data)
    if event.kind == "case.contacts_taken_back":
        return str(_("%(removed)d contacts") % event.data)
    return str(event.data.get("ground", ""))
