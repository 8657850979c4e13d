"""Tracing a case and taking its contacts back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import decidable_cases
from tuyendau.records.contacts.actions.degrees import keep_degrees
from tuyendau.records.contacts.actions.listing import Listed, note_changes, write_list
from tuyendau.records.contacts.models import Grade, Trace
from tuyendau.records.contacts.queries import counted_grade, met_by_setting, tracing


@dataclass(frozen=True, slots=True)
class Difference:
    """What a tracing changed in a case's list, in persons; `changed` are of another grade than before.

    Who was decided to be no contact counts as gone.
    """

    added: int
    removed: int
    changed: int
    total: int

    @classmethod
    def of(cls, listed: Listed) -> Difference:
        """The difference between what was listed and what is."""
        before, after = (
            {person for person, grade in grades.items() if grade < Grade.EXCLUDED}
            for grades in (listed.before, listed.after)
        )
        changed = sum(listed.before[p] != listed.after[p] for p in before & after)
        return cls(len(after - before), len(before - after), changed, len(after))

    def counts(self) -> dict[str, int]:
        """As an event tells them."""
        return {
            "contacts": self.total, "added": self.added, "removed": self.removed, "changed": self.changed
        }  # fmt: skip


@as_program()
def trace_again(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Difference:
    """Trace a confirmed case anew, as of now. Raises Case.DoesNotExist where the viewer may not decide on it."""
    viewer.require(Permission.CASE_DECIDE)
    case = (
        decidable_cases(viewer)
        .select_for_update(of=("self",))
        .filter(status=CaseStatus.CONFIRMED)
        .get(public_id=public_id)
    )
    return trace_case(case, by=by, at=at)


@as_program()
def trace_case(
    case: Case, *, by: AbstractBaseUser | None, at: datetime, cause: str = "case.traced"
) -> Difference:
    """Find the contacts of a case by all presence known now, and store them with their evidence and their rank.

    What an earlier tracing found is replaced; what people reported or decided stays. The caller holds the case's row
    locked, so that of two tracings, or a tracing and a discard, one comes after the other. The event names window,
    policy and counts; `cause` is the kind of event that led to it.
    """
    found = tracing.find(case, at=at)
    listed = write_list(case, found, at=at)
    _trace, first = Trace.objects.update_or_create(
        case=case,
        defaults={
            "at": at,
            "window_start": found.window.start,
            "window_end": found.window.end,
            "policy": found.policy,
            "parameters": found.parameters,
            "f2_count": found.f2_count,
            "stale_since": None,
            "stale_cause": "",
        },
    )
    if not first:
        note_changes(case, listed, cause=cause, by=by, at=at)
    counted = counted_grade(case.disease)
    keep_degrees({*listed.touching(counted), case.person_id}, case.disease)
    difference = Difference.of(listed)
    window = {"from": found.window.start.isoformat(), "to": found.window.end.isoformat()}
    counts = difference.counts() | {"f1": sum(grade <= counted for grade in listed.after.values())}
    data = {"policy": found.policy, **window, **counts, "f2": found.f2_count, "cause": cause}
    data["settings"] = met_by_setting(case)
    audit.record("case.traced", by=by, at=at, subject=case.public_id, data=data)
    return difference


def trace_untraced(*, at: datetime, most: int = 500) -> int:
    """Trace confirmed cases that never were, such as those of an imported list; how many. Meant for the worker."""
    waiting = list(
        Case.objects.filter(status=CaseStatus.CONFIRMED, trace__isnull=True)
        .order_by("-reported_on", "-id")
        .values_list("pk", flat=True)[:most]
    )
    for pk in waiting:
        with transaction.atomic():
            case = (
                Case.objects.select_for_update(of=("self",))
                .filter(status=CaseStatus.CONFIRMED, trace__isnull=True, pk=pk)
                .first()
            )
            # The lock may have been waited for while somebody else traced the case.
            if case is not None and not Trace.objects.filter(case=case).exists():
                trace_case(case, by=None, at=at)
    return len(waiting)


@as_program()
def trace_confirmed(case_id: int, *, at: datetime, cause: str = "case.traced") -> Difference | None:
    """Trace a case by its row id, if it is still confirmed. Meant for the worker."""
    case = Case.objects.select_for_update().filter(pk=case_id, status=CaseStatus.CONFIRMED).first()
    return trace_case(case, by=None, at=at, cause=cause) if case is not None else None


@as_program()
def take_back(case: Case, *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Remove what tracing found of a case that turned out to be none; reported links stay on record. How many went."""
    listed = write_list(case, None, at=at)
    Trace.objects.filter(case=case).delete()
    note_changes(case, listed, cause="case.discarded", by=by, at=at)
    keep_degrees({*listed.touching(counted_grade(case.disease)), case.person_id}, case.disease)
    removed = Difference.of(listed).removed
    audit.record("case.contacts_taken_back", by=by, at=at, subject=case.public_id, data={"removed": removed})
    return removed
