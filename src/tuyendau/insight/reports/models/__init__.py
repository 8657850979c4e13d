"""What was reported: cases to the level above, and the situation."""

from tuyendau.insight.reports.models.notification import Notification, NotificationState
from tuyendau.insight.reports.models.report import Report, ReportBasis, ReportFile, ReportState, Schedule

__all__ = [
    "Notification",
    "NotificationState",
    "Report",
    "ReportBasis",
    "ReportFile",
    "ReportState",
    "Schedule",
]
