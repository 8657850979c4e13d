"""Contacts follow their person into a merge and out of it again.

Times and ranks are those of before until the cases concerned are traced again, which the worker does at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from tuyendau.core.audit.queries import Event
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.actions.degrees import count_soon, keep_degrees_of
from tuyendau.records.contacts.models import Contact, Degree, Exposure, Quarantine, Trace
from tuyendau.records.people.actions import moving
from tuyendau.records.people.models import Merge

_SAID = {
    "link": "contacts_link", "judgement": "contacts_judgement", "change": "contacts_change",
    "quarantine": "contacts_quarantine",
}  # fmt: skip
_FIGURES = ("grade", "traced_grade", "probability", "seconds", "assumed_seconds", "first", "last")


def on_merged(event: Event) -> None:
    """Who was met as the merged person was met as the survivor.

    Where both are contacts of one case they become one, with the exposures of both; nobody is their own contact.
    """
    merge = moving.merge_of(event)
    concerned = _cases(merge.survivor_id, merge.merged_id)
    _move_said(merge)
    joined = [_join(merge, contact) for contact in _twice(merge)]
    themselves = _themselves(merge)
    moved = list(Contact.objects.filter(person=merge.merged_id).values_list("pk", flat=True))
    Contact.objects.filter(pk__in=moved).update(person=merge.survivor_id)
    moving.keep(merge, "contact", {"moved": moved, "joined": joined, "themselves": themselves})
    keep_degrees_of({merge.survivor_id, merge.merged_id})
    _count_again(merge)
    _trace_again(concerned, event)


def on_unmerged(event: Event) -> None:
    """Each is again the contact that they were; what tracing found since is found anew."""
    merge = moving.merge_of(event)
    holder = moving.survivor_of(merge.survivor_id)
    concerned = _cases(holder, merge.merged_id)
    data = moving.kept(merge, "contact")
    if data is not None:
        Contact.objects.filter(pk__in=data["moved"], person=holder).update(person=merge.merged_id)
        for each in data["joined"]:
            _part(each, holder)
        for each in data["themselves"]:
            _put_again(each["contact"], each["exposures"])
    for kind, table in _SAID.items():
        moving.bring_back(merge, kind, table=table)
    keep_degrees_of({holder, merge.merged_id})
    _count_again(merge)
    _trace_again(concerned | _cases(holder, merge.merged_id), event)


def _move_said(merge: Merge) -> None:
    """What people said of the merged person is said of the survivor; of two decisions on a case the latter's stays."""
    for kind, table in _SAID.items():
        unique = {"judgement": ("case_id", "withdrawn_at"), "quarantine": ("since",)}.get(kind, ())
        if kind == "quarantine" and Quarantine.objects.filter(person=merge.survivor_id).exists():
            continue
        moving.move(merge, kind, table=table, unique=unique)


def _count_again(merge: Merge) -> None:
    """Whom F1 met is counted by who people are: have it counted anew where either of the two is among them."""
    two = [merge.survivor_id, merge.merged_id, moving.survivor_of(merge.survivor_id)]
    touched = Degree.objects.filter(degree=1).filter(Q(person__in=two) | Q(met__overlap=two))
    if touched.update(stale=True):
        count_soon()


def _cases(*people: int) -> set[int]:
    """Row ids of the confirmed cases that are theirs, or whose contacts they are."""
    confirmed = Case.objects.filter(status=CaseStatus.CONFIRMED)
    own = confirmed.filter(person__in=people).values_list("pk", flat=True)
    met = confirmed.filter(contacts__person__in=people).values_list("pk", flat=True)
    return {*own, *met}


def _trace_again(cases: Iterable[int], event: Event) -> None:
    """Have the worker trace confirmed cases anew, as soon as this transaction is committed."""
    traced = Trace.objects.filter(case__in=sorted(cases))
    if traced.update(stale_since=event.at, stale_cause=event.kind):
        count_soon()


def _twice(merge: Merge) -> list[Contact]:
    """The merged person's contacts of cases of which the survivor is a contact too."""
    theirs = Contact.objects.filter(person=merge.survivor_id).values("case")
    return list(Contact.objects.filter(person=merge.merged_id, case__in=theirs).order_by("pk"))


def _join(merge: Merge, contact: Contact) -> dict[str, Any]:
    """Make one contact of two of one case; what is needed to part them again."""
    other = Contact.objects.get(case=contact.case_id, person=merge.survivor_id)
    row = moving.rows_of("contacts_contact", [contact.pk])
    before = moving.rows_of("contacts_contact", [other.pk])
    exposures = moving.rows_of("contacts_exposure", [contact.pk], "contact_id")
    Exposure.objects.filter(contact=contact).update(contact=other)
    other.grade = min(other.grade, contact.grade)
    found = [c.traced_grade for c in (other, contact) if c.traced_grade is not None]
    other.traced_grade = min(found, default=None)
    other.listed_at = min(other.listed_at, contact.listed_at)
    other.probability = 1 - (1 - other.probability) * (1 - contact.probability)
    other.seconds += contact.seconds
    other.assumed_seconds += contact.assumed_seconds
    other.first = min(filter(None, (other.first, contact.first)), default=None)
    other.last = max(filter(None, (other.last, contact.last)), default=None)
    other.save()
    contact.delete()
    after = moving.rows_of("contacts_contact", [other.pk])
    return {"contact": row, "exposures": exposures, "before": before, "after": after}


def _part(joined: dict[str, Any], holder: int) -> None:
    """Undo `_join`. Where the case was traced since, its own exposures are gone and tracing finds them anew."""
    (row,) = joined["contact"]
    if not Case.objects.filter(pk=row["case_id"]).exists():
        return
    moving.put_again("contacts_contact", _whole(joined["contact"]))
    ids = [exposure["id"] for exposure in joined["exposures"]]
    if Contact.objects.filter(pk=row["id"]).exists():
        Exposure.objects.filter(pk__in=ids, contact__person=holder).update(contact=row["id"])
    (before,), (after,) = joined["before"], joined["after"]
    if moving.rows_of("contacts_contact", [after["id"]]) == [after]:
        _set_figures(before)


def _whole(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with what those kept by earlier versions lack."""
    return [{"listed_at": clock.now().isoformat()} | row for row in rows]


def _set_figures(row: dict[str, Any]) -> None:
    # As the database reads them: a moment in JSON keeps its microseconds and offset.
    Contact.objects.filter(pk=row["id"]).update(**{name: row[name] for name in _FIGURES if name in row})


def _themselves(merge: Merge) -> list[dict[str, Any]]:
    """Take away contacts of the two people's own cases that they are themselves."""
    own = Case.objects.filter(person__in=[merge.survivor_id, merge.merged_id])
    found = Contact.objects.filter(case__in=own, person__in=[merge.survivor_id, merge.merged_id])
    taken = [
        {
            "contact": moving.rows_of("contacts_contact", [pk]),
            "exposures": moving.rows_of("contacts_exposure", [pk], "contact_id"),
        }
        for pk in found.order_by("pk").values_list("pk", flat=True)
    ]
    found.delete()
    return taken


def _put_again(contact: Sequence[dict[str, Any]], exposures: Sequence[dict[str, Any]]) -> None:
    there = Case.objects.filter(pk__in=[row["case_id"] for row in contact]).exists()
    if there and moving.put_again("contacts_contact", _whole(contact)):
        moving.put_again("contacts_exposure", exposures)
