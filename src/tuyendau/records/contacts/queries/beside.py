"""What contacts say of cases in the line list: who was a known contact before they were a case, and of whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Privacy, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.lists.rules import Column
from tuyendau.lib.spreadsheet import Kind
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.cases.queries.beside import Filter
from tuyendau.records.contacts.models import NEARNESS, Contact, Trace

YES_NO = [("yes", _("yes")), ("no", _("no"))]
KNOWN = [("yes", _("yes")), ("no", _("not known before"))]


@dataclass(frozen=True, slots=True)
class Known:
    """Whether the person of a case was in the list of a case reported before, of which ones, and when it was traced."""

    known: bool = False
    of: str = ""
    traced_at: datetime | None = None


def _earlier(prefix: str, reported: Any, number: Any) -> Q:
    """The condition that a contact's case was reported before another one."""
    return Q(**{f"{prefix}reported_on__lt": reported}) | Q(
        **{f"{prefix}reported_on": reported, f"{prefix}pk__lt": number}
    )


def _before() -> QuerySet[Contact]:
    """Of each case the contacts that its person was of a case reported before."""
    found = Contact.objects.filter(
        person=OuterRef("person"), grade__in=NEARNESS, case__disease=OuterRef("disease")
    )
    return found.filter(_earlier("case__", OuterRef("reported_on"), OuterRef("pk"))).exclude(
        case__status=CaseStatus.DISCARDED
    )


def _known(value: str) -> Q:
    condition = Q(Exists(_before()))
    return condition if value == "yes" else ~condition


def _traced(value: str) -> Q:
    condition = Q(Exists(Trace.objects.filter(case=OuterRef("pk"))))
    return condition if value == "yes" else ~condition


@as_program()
def known_before(viewer: Viewer, cases: Sequence[Any]) -> dict[int, Known]:
    """What contacts say of each case. Cases out of the viewer's reach are told of without a name."""
    by_person: defaultdict[int, list[Any]] = defaultdict(list)
    listed = Contact.objects.filter(
        person__id__any_of=[case.person_id for case in cases], grade__in=NEARNESS
    ).exclude(case__status=CaseStatus.DISCARDED)
    for contact in listed.values(
        "person_id",
        "case_id",
        "case__code",
        "case__person__full_name",
        "case__public_id",
        "case__disease",
        reported=F("case__reported_on"),
    ).order_by("case__reported_on", "case_id"):
        by_person[contact["person_id"]].append(contact)
    others = {contact["case_id"] for each in by_person.values() for contact in each}
    seen = (
        set(visible_cases(viewer).filter(pk__any_of=others).values_list("pk", flat=True)) if others else set()
    )
    numbers = [case.pk for case in cases]
    traced = dict(Trace.objects.filter(case__id__any_of=numbers).values_list("case", "at"))
    return {case.pk: _of(case, by_person[case.person_id], seen, traced.get(case.pk)) for case in cases}


def _of(case: Any, listed: Sequence[Any], seen: set[int], traced_at: datetime | None) -> Known:
    earlier = [
        contact
        for contact in listed
        if contact["case__disease"] == case.disease
        and (contact["reported"], contact["case_id"]) < (case.reported_on, case.pk)
    ]
    names = [
        contact["case__code"] or contact["case__person__full_name"] or contact["case__public_id"]
        if contact["case_id"] in seen
        else gettext("a case outside your area")
        for contact in earlier
    ]
    return Known(bool(earlier), ", ".join(dict.fromkeys(names)), traced_at)


def _cell(name: str) -> Any:
    return lambda case: getattr(case.beside["contacts"], name) if "contacts" in case.beside else None


_SEES = Permission.CONTACT_VIEW
COLUMNS = (
    Column(
        "known", _("Was a known contact"), _cell("known"), Privacy.SENSITIVE, 10, Kind.FLAG, needs="contacts",
        permission=_SEES,
    ),
    Column(
        "known_of", _("Known contact of"), lambda case: _cell("of")(case) or None, Privacy.SENSITIVE, 24,
        needs="contacts", permission=_SEES,
    ),
    Column(
        "traced", _("Contacts traced"), _cell("traced_at"), Privacy.SENSITIVE, 18, Kind.MOMENT, needs="contacts",
        permission=_SEES,
    ),
)  # fmt: skip
LOADERS = {"contacts": known_before}
FILTERS = {
    "known": Filter(_("Was a known contact"), KNOWN, _known, _SEES),
    "traced": Filter(_("Contacts traced"), YES_NO, _traced, _SEES),
}
