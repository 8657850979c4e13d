"""Writes of reports: sending the report of a case and answering it, making and keeping situation reports."""

from tuyendau.insight.reports.actions.making import (
    LANGUAGES,
    ReportRefused,
    ask_for_report,
    due_by_schedule,
    end_schedule,
    make_report,
    set_schedule,
    take_file,
)
from tuyendau.insight.reports.actions.notifying import (
    Elsewhere,
    NotificationRefused,
    answer,
    notify,
    notify_many,
)
from tuyendau.insight.reports.actions.rendering import FORMATS

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "Elsewhere",
    "NotificationRefused",
    "ReportRefused",
    "answer",
    "ask_for_report",
    "due_by_schedule",
    "end_schedule",
    "make_report",
    "notify",
    "notify_many",
    "set_schedule",
    "take_file",
]
