"""Writes of contacts: tracing a case, taking its contacts back, adding reported ones."""

from tuyendau.records.contacts.actions.reported import ReportedContact, add_reported_contacts
from tuyendau.records.contacts.actions.tracing import (
    Difference,
    take_back,
    trace_again,
    trace_case,
    trace_confirmed,
    trace_untraced,
)

__all__ = [
    "Difference",
    "ReportedContact",
    "add_reported_contacts",
    "take_back",
    "trace_again",
    "trace_case",
    "trace_confirmed",
    "trace_untraced",
]
