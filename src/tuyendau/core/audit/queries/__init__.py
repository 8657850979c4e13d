"""Reads of events."""

from tuyendau.core.audit.models import Event
from tuyendau.core.audit.queries.chain import Break, Fault, Report, anchor_holds, head, verify
from tuyendau.core.audit.queries.feed import (
    acts_since,
    events_after,
    events_of,
    events_since,
    last_event,
    last_told,
    moments_of,
)
from tuyendau.core.audit.queries.subjects import Told, told_of
from tuyendau.core.audit.queries.words import (
    break_in_words,
    grounds_in_words,
    kind_in_words,
    name_by,
    name_kinds,
)

__all__ = [
    "Break",
    "Event",
    "Fault",
    "Report",
    "Told",
    "acts_since",
    "anchor_holds",
    "break_in_words",
    "events_after",
    "events_of",
    "events_since",
    "grounds_in_words",
    "head",
    "kind_in_words",
    "last_event",
    "last_told",
    "moments_of",
    "name_by",
    "name_kinds",
    "told_of",
    "verify",
]
