"""What follows for follow-ups from what happens to cases and contacts, in the same transaction."""

from __future__ import annotations

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.queries import Event
from tuyendau.records.cases.models import Case
from tuyendau.records.followup.actions.duties import Changes, confirmed, follow_cases, isolate, release

OF_A_CASE = (
    "case.traced", "case.contacts_taken_back", "contact.reclassified", "contact.linked", "contact.unlinked"
)  # fmt: skip
"""Events of contacts whose subject is the case whose list has changed."""


@as_program()
def on_list_changed(event: Event) -> None:
    """Follow whoever is in the list of the case now, and nobody who is not; the case itself is followed as a case."""
    if event.kind == "case.traced" and (case := confirmed(event.subject)) is not None:
        isolate(case, by=event.by, at=event.at)
    found = Case.objects.filter(public_id=event.subject).values_list("pk", flat=True).first()
    if found is None:
        return
    _record(follow_cases([found], by=event.by, at=event.at), event)


@as_program()
def on_discarded(event: Event) -> None:
    """Whoever turned out to be no case is followed as what they are of others."""
    case = Case.objects.filter(public_id=event.subject).first()
    if case is not None:
        release(case, by=event.by, at=event.at)


def _record(changes: Changes, event: Event) -> None:
    if changes:
        audit.record(
            "followups.changed",
            by=event.by,
            at=event.at,
            subject=event.subject,
            data={"opened": changes.opened, "moved": changes.moved, "ended": changes.ended},
        )
