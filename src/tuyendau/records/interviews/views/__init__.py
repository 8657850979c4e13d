"""The pages of interviews, milestones and self-declarations."""

from tuyendau.records.interviews.views.calendar import add_stay, confirm_day, drop_stay, judge
from tuyendau.records.interviews.views.declarations import (
    declare,
    forms_of_case,
    print_form,
    print_forms,
    remove_declaration,
)
from tuyendau.records.interviews.views.milestones import (
    milestone,
    milestone_state,
    milestones,
    milestones_of_case,
    notice,
)
from tuyendau.records.interviews.views.overview import of_case, overview
from tuyendau.records.interviews.views.people import found_people, name_person, unname
from tuyendau.records.interviews.views.sheet import sheet
from tuyendau.records.interviews.views.steps import choose, finish, save, step, take_up

__all__ = [
    "add_stay",
    "choose",
    "confirm_day",
    "declare",
    "drop_stay",
    "finish",
    "forms_of_case",
    "found_people",
    "judge",
    "milestone",
    "milestone_state",
    "milestones",
    "milestones_of_case",
    "name_person",
    "notice",
    "of_case",
    "overview",
    "print_form",
    "print_forms",
    "remove_declaration",
    "save",
    "sheet",
    "step",
    "take_up",
    "unname",
]
