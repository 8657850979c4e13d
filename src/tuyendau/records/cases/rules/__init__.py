"""Decisions about cases. No Django."""

from tuyendau.records.cases.rules import details, editing, results
from tuyendau.records.cases.rules.cases import (
    TRANSITIONS,
    DateFault,
    Dates,
    Status,
    fault_of,
    faults_of,
    may_become,
    reference_day,
    reference_days,
)

__all__ = [
    "TRANSITIONS",
    "DateFault",
    "Dates",
    "Status",
    "details",
    "editing",
    "fault_of",
    "faults_of",
    "may_become",
    "reference_day",
    "reference_days",
    "results",
]
