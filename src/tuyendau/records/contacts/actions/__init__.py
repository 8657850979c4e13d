"""Writes of contacts: tracing a case, taking its contacts back, what people say of them, and the degrees."""

from tuyendau.records.contacts.actions.degrees import count_met, keep_degrees_of, set_quarantined
from tuyendau.records.contacts.actions.judging import judge, withdraw
from tuyendau.records.contacts.actions.late import note_late_presence, retrace_stale
from tuyendau.records.contacts.actions.linking import LinkData, link, unlink
from tuyendau.records.contacts.actions.looking import note_seen
from tuyendau.records.contacts.actions.reported import ReportedContact, add_reported_contacts
from tuyendau.records.contacts.actions.settling import ContactRefused
from tuyendau.records.contacts.actions.told import ToldContact, link_told
from tuyendau.records.contacts.actions.tracing import (
    Difference,
    take_back,
    trace_again,
    trace_case,
    trace_confirmed,
    trace_untraced,
)

__all__ = [
    "ContactRefused",
    "Difference",
    "LinkData",
    "ReportedContact",
    "ToldContact",
    "add_reported_contacts",
    "count_met",
    "judge",
    "keep_degrees_of",
    "link",
    "link_told",
    "note_late_presence",
    "note_seen",
    "retrace_stale",
    "set_quarantined",
    "take_back",
    "trace_again",
    "trace_case",
    "trace_confirmed",
    "trace_untraced",
    "unlink",
    "withdraw",
]
