"""What a stay in a facility may be, how ill a patient is, how a transfer goes. No Django, no clock of its own."""

from tuyendau.response.care.rules.severity import SEVERE, Severity, assessed_late
from tuyendau.response.care.rules.stays import (
    ENDINGS,
    REOPENED,
    TYPED,
    Fault,
    StayState,
    day_of_illness,
    endings_for,
    fault_of_begin,
    fault_of_end,
    may_become,
)
from tuyendau.response.care.rules.transfers import OPEN, TRANSFERS, TransferState, may_go_on

__all__ = [
    "ENDINGS",
    "OPEN",
    "REOPENED",
    "SEVERE",
    "TRANSFERS",
    "TYPED",
    "Fault",
    "Severity",
    "StayState",
    "TransferState",
    "assessed_late",
    "day_of_illness",
    "endings_for",
    "fault_of_begin",
    "fault_of_end",
    "may_become",
    "may_go_on",
]
