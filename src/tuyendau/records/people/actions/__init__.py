"""Writes of people."""

from tuyendau.records.people.actions.adding import (
    NewAssignment,
    NewPerson,
    PeopleAdded,
    PeopleRefused,
    add_people,
    assign,
)
from tuyendau.records.people.actions.merging import FIELDS, merge, unmerge
from tuyendau.records.people.actions.moving import MergeRefused

__all__ = [
    "FIELDS",
    "MergeRefused",
    "NewAssignment",
    "NewPerson",
    "PeopleAdded",
    "PeopleRefused",
    "add_people",
    "assign",
    "merge",
    "unmerge",
]
