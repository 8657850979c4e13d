"""Writes of people."""

from tuyendau.records.people.actions.adding import (
    NewAssignment,
    NewPerson,
    PeopleAdded,
    PeopleRefused,
    add_people,
    assign,
)
from tuyendau.records.people.actions.batches import plan_batch, run_batch, undo_batch
from tuyendau.records.people.actions.duplicates import find_duplicates, keep_apart
from tuyendau.records.people.actions.editing import (
    PersonData,
    PersonRefused,
    add_person,
    assign_one,
    edit_person,
    end_assignment,
)
from tuyendau.records.people.actions.leaving import leave
from tuyendau.records.people.actions.merging import FIELDS, merge, unmerge
from tuyendau.records.people.actions.moving import MergeRefused

__all__ = [
    "FIELDS",
    "MergeRefused",
    "NewAssignment",
    "NewPerson",
    "PeopleAdded",
    "PeopleRefused",
    "PersonData",
    "PersonRefused",
    "add_people",
    "add_person",
    "assign",
    "assign_one",
    "edit_person",
    "end_assignment",
    "find_duplicates",
    "keep_apart",
    "leave",
    "merge",
    "plan_batch",
    "run_batch",
    "undo_batch",
    "unmerge",
]
