"""Events of follow-up in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "check.corrected": _("Corrected a check of somebody in follow-up"),
    "check.recorded": _("Recorded a check of somebody in follow-up"),
    "check.withdrawn": _("Took a check back"),
    "followup.alarm_answered": _("Said what was done about symptoms"),
    "followup.changed": _("Changed a follow-up"),
    "followup.ended": _("Ended a follow-up"),
    "followup.opened": _("Put somebody into follow-up"),
    "followup.read": _("Looked at a follow-up"),
    "followup.symptomatic": _("Raised an alarm: symptoms in follow-up"),
    "followups.changed": _("Follow-ups changed with the contacts of the case"),
    "followups.days_passed": _("Follow-ups went on with the days"),
    "followups.handed_out": _("Gave people in follow-up to officers"),
    "followups.printed": _("Printed a list of people in follow-up"),
    "followups.read": _("Looked at the list of people in follow-up"),
}
"""What each kind of event says."""
