"""Reads of interviews, milestones and self-declarations."""

from tuyendau.records.interviews.queries.calendar import Day, Item, calendar, open_day, window
from tuyendau.records.interviews.queries.declarations import (
    F1,
    MOST_FORMS,
    declared_by,
    f1,
    f1_of_case,
    visible_declarations,
)
from tuyendau.records.interviews.queries.due import Due, Waiting, due, waiting_cases
from tuyendau.records.interviews.queries.interviews import (
    Given,
    Standing,
    answers_of,
    cases_to_ask,
    interviews_of,
    values_of,
    visible_interviews,
)
from tuyendau.records.interviews.queries.milestones import (
    INNER_KINDS,
    MilestoneFilter,
    brought_in,
    cases_of,
    milestone_list,
    proposals,
    unsent,
    visible_milestones,
)

__all__ = [
    "F1",
    "INNER_KINDS",
    "MOST_FORMS",
    "Day",
    "Due",
    "Given",
    "Item",
    "MilestoneFilter",
    "Standing",
    "Waiting",
    "answers_of",
    "brought_in",
    "calendar",
    "cases_of",
    "cases_to_ask",
    "declared_by",
    "due",
    "f1",
    "f1_of_case",
    "interviews_of",
    "milestone_list",
    "open_day",
    "proposals",
    "unsent",
    "values_of",
    "visible_declarations",
    "visible_interviews",
    "visible_milestones",
    "waiting_cases",
    "window",
]
