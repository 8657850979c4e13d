"""What follows from what happens to a case, in the same transaction: confirming traces, discarding takes back."""

from __future__ import annotations

from tuyendau.core.audit.queries import Event
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.actions.tracing import take_back, trace_case


def on_confirmed(event: Event) -> None:
    """Trace the case that was confirmed."""
    trace_case(_locked(event), by=event.by, at=event.at, cause=event.kind)


def on_dates_corrected(event: Event) -> None:
    """A confirmed case whose dates moved has another window: trace it anew."""
    case = _locked(event)
    if case.status == CaseStatus.CONFIRMED:
        trace_case(case, by=event.by, at=event.at, cause=event.kind)


def on_discarded(event: Event) -> None:
    """Nobody is a contact of what was no case."""
    take_back(_locked(event), by=event.by, at=event.at)


def _locked(event: Event) -> Case:
    """The case of an event; whoever wrote the event holds its row already, and locking it again costs nothing."""
    return Case.objects.select_for_update().get(public_id=event.subject)
