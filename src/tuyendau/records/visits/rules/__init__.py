"""What makes presence believable, how in and out become visits, where an open one ends. No Django."""

from tuyendau.records.visits.rules.clocks import CLOCK_SKEW, skew_of
from tuyendau.records.visits.rules.ends import ShiftSpan, assumed_end, shift_spans
from tuyendau.records.visits.rules.events import Known, Replayed, Scan, replay
from tuyendau.records.visits.rules.stays import (
    EARLIEST,
    LONGEST_SHIFT,
    LONGEST_STAY,
    PUBLISH_AGE,
    PUBLISH_ROWS,
    Fault,
    fault_of,
    publish_due,
)

__all__ = [
    "CLOCK_SKEW",
    "EARLIEST",
    "LONGEST_SHIFT",
    "LONGEST_STAY",
    "PUBLISH_AGE",
    "PUBLISH_ROWS",
    "Fault",
    "Known",
    "Replayed",
    "Scan",
    "ShiftSpan",
    "assumed_end",
    "fault_of",
    "publish_due",
    "replay",
    "shift_spans",
    "skew_of",
]
