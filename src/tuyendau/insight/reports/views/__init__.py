"""Pages of reports."""

from tuyendau.insight.reports.views.notifying import (
    answer,
    answer_many,
    notification,
    notification_paper,
    notifications,
    notify,
    notify_many,
    of_case,
)

__all__ = [
    "answer",
    "answer_many",
    "notification",
    "notification_paper",
    "notifications",
    "notify",
    "notify_many",
    "of_case",
]
