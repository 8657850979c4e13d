"""Writes of people."""

from tuyendau.records.people.actions.adding import (
    NewAssignment,
    NewPerson,
    PeopleAdded,
    PeopleRefused,
    add_people,
    assign,
)

__all__ = ["NewAssignment", "NewPerson", "PeopleAdded", "PeopleRefused", "add_people", "assign"]
