"""Writes of interviews, milestones and self-declarations."""

from tuyendau.records.interviews.actions.answers import Saved, choose_answer, save_answers
from tuyendau.records.interviews.actions.declarations import NewDeclared, remove_declaration, take_declaration
from tuyendau.records.interviews.actions.errors import InterviewRefused
from tuyendau.records.interviews.actions.finishing import Outcome, begin, finish, take_up
from tuyendau.records.interviews.actions.milestones import (
    PlaceAndTime,
    add_milestone,
    add_proposals,
    edit_milestone,
    set_milestone_state,
)
from tuyendau.records.interviews.actions.naming import NewNamed, name_person, unname
from tuyendau.records.interviews.actions.stays import Known, add_stay, confirm_day, drop_stay, judge

__all__ = [
    "InterviewRefused",
    "Known",
    "NewDeclared",
    "NewNamed",
    "Outcome",
    "PlaceAndTime",
    "Saved",
    "add_milestone",
    "add_proposals",
    "add_stay",
    "begin",
    "choose_answer",
    "confirm_day",
    "drop_stay",
    "edit_milestone",
    "finish",
    "judge",
    "name_person",
    "remove_declaration",
    "save_answers",
    "set_milestone_state",
    "take_declaration",
    "take_up",
    "unname",
]
