"""Writes of reports: sending the report of a case, and answering it."""

from tuyendau.insight.reports.actions.notifying import (
    Elsewhere,
    NotificationRefused,
    answer,
    notify,
    notify_many,
)

__all__ = ["Elsewhere", "NotificationRefused", "answer", "notify", "notify_many"]
