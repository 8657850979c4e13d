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
from tuyendau.insight.reports.views.situation import (
    make,
    report,
    report_comparison,
    report_file,
    reports,
    schedule,
    schedule_end,
)

__all__ = [
    "answer",
    "answer_many",
    "make",
    "notification",
    "notification_paper",
    "notifications",
    "notify",
    "notify_many",
    "of_case",
    "report",
    "report_comparison",
    "report_file",
    "reports",
    "schedule",
    "schedule_end",
]
