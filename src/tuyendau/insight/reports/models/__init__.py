"""What was reported: cases to the level above."""

from tuyendau.insight.reports.models.notification import Notification, NotificationState

__all__ = ["Notification", "NotificationState"]
