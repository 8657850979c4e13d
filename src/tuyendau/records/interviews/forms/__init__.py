"""What the pages of interviews, milestones and self-declarations ask."""

from tuyendau.records.interviews.forms.answers import AnswersForm, as_answers
from tuyendau.records.interviews.forms.declarations import DeclarationForm, LineForm, line_forms
from tuyendau.records.interviews.forms.milestones import MilestoneFilterForm, MilestoneForm
from tuyendau.records.interviews.forms.people import NamedForm
from tuyendau.records.interviews.forms.places import JudgeForm, StayForm

__all__ = [
    "AnswersForm",
    "DeclarationForm",
    "JudgeForm",
    "LineForm",
    "MilestoneFilterForm",
    "MilestoneForm",
    "NamedForm",
    "StayForm",
    "as_answers",
    "line_forms",
]
