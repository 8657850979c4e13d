"""What the pages of reports ask."""

from tuyendau.insight.reports.forms.notifying import AnswerForm, DutyForm, ElsewhereForm, ReasonForm

__all__ = ["AnswerForm", "DutyForm", "ElsewhereForm", "ReasonForm"]
