"""Interviews of cases, epidemiological milestones, and what contacts declare themselves."""

from tuyendau.records.interviews.models.declaration import Declaration, Declared
from tuyendau.records.interviews.models.interview import (
    Answer,
    Interview,
    InterviewState,
    Named,
    Nearness,
    Stay,
    Verdict,
    Way,
)
from tuyendau.records.interviews.models.milestone import (
    Milestone,
    MilestoneCase,
    MilestoneExposure,
    MilestoneState,
)

__all__ = [
    "Answer",
    "Declaration",
    "Declared",
    "Interview",
    "InterviewState",
    "Milestone",
    "MilestoneCase",
    "MilestoneExposure",
    "MilestoneState",
    "Named",
    "Nearness",
    "Stay",
    "Verdict",
    "Way",
]
