"""The steps of an interview and their questions, gaps in a day, what becomes a milestone. No Django."""

from tuyendau.records.interviews.rules.calendar import LEAST_GAP, Span, days_of, gaps
from tuyendau.records.interviews.rules.milestones import (
    LEAST_PEOPLE,
    MERGE_WITHIN,
    MILESTONE_STEPS,
    Proposal,
    exposure_of,
    is_milestone,
    joined,
    may_become,
)
from tuyendau.records.interviews.rules.questions import QUESTIONS, Kind, Question, Step, questions_of

__all__ = [
    "LEAST_GAP",
    "LEAST_PEOPLE",
    "MERGE_WITHIN",
    "MILESTONE_STEPS",
    "QUESTIONS",
    "Kind",
    "Proposal",
    "Question",
    "Span",
    "Step",
    "days_of",
    "exposure_of",
    "gaps",
    "is_milestone",
    "joined",
    "may_become",
    "questions_of",
]
