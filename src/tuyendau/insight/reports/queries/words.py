"""Events of reports in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "case.notified": _("Reported the case to the level above"),
    "case.notification_acknowledged": _("Acknowledged the report of the case"),
    "case.notification_returned": _("Sent the report of the case back"),
    "report.asked": _("Asked for a situation report"),
    "report.exported": _("Took a situation report away"),
    "report.made": _("Made a situation report"),
    "report.scheduled": _("Had a situation report made every day"),
    "report.unscheduled": _("Ended the daily situation report"),
    "notification.printed": _("Printed the report of a case"),
    "notification.read": _("Looked at the report of a case"),
    "notifications.read": _("Looked at the reports of cases"),
}
"""What each kind of event says."""
