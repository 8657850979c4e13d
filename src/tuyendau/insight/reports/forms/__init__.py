"""What the pages of reports ask."""

from tuyendau.insight.reports.forms.notifying import AnswerForm, DutyForm, ElsewhereForm, ReasonForm
from tuyendau.insight.reports.forms.situation import MakeForm, ScheduleForm

__all__ = ["AnswerForm", "DutyForm", "ElsewhereForm", "MakeForm", "ReasonForm", "ScheduleForm"]
