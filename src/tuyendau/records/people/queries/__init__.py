"""Reads of people, each narrowed to what the viewer may see."""

from tuyendau.records.people.queries.reach import (
    LEFT_SINCE,
    assigned_within,
    assignments_of,
    communes_in_reach,
    in_reach,
    known_name,
    lives_in_reach,
    living_within,
    person_by_public_id,
    visible_people,
    whereabouts_of,
    within,
)
from tuyendau.records.people.queries.search import PAGE, PeoplePage, find, people_page

__all__ = [
    "LEFT_SINCE",
    "PAGE",
    "PeoplePage",
    "assigned_within",
    "assignments_of",
    "communes_in_reach",
    "find",
    "in_reach",
    "known_name",
    "lives_in_reach",
    "living_within",
    "people_page",
    "person_by_public_id",
    "visible_people",
    "whereabouts_of",
    "within",
]
