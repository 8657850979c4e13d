"""Reads of reports: which cases are to be reported and what became of each."""

from tuyendau.insight.reports.queries.duties import (
    LATE,
    OPEN,
    DueReports,
    Duty,
    DutyFilter,
    answerable,
    due_reports,
    duties,
    notifiable,
    standings,
    versions_of,
    with_duties,
)

__all__ = [
    "LATE",
    "OPEN",
    "DueReports",
    "Duty",
    "DutyFilter",
    "answerable",
    "due_reports",
    "duties",
    "notifiable",
    "standings",
    "versions_of",
    "with_duties",
]
