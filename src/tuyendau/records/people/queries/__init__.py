"""Reads of people, each narrowed to what the viewer may see."""

from tuyendau.records.people.queries.lookalikes import LookAlike, look_alikes
from tuyendau.records.people.queries.pairs import (
    batches,
    merged_into,
    merges,
    pair_by_public_id,
    pairs_in_reach,
    queue,
)
from tuyendau.records.people.queries.reach import (
    LEFT_SINCE,
    assigned_within,
    assignments_of,
    communes_in_reach,
    household_of,
    in_reach,
    known_name,
    lives_in_reach,
    living_in,
    living_within,
    person_by_public_id,
    survivor_by_public_id,
    visible_people,
    whereabouts_of,
    within,
)
from tuyendau.records.people.queries.search import PAGE, PeoplePage, find, people_page
from tuyendau.records.people.queries.words import by_words

__all__ = [
    "LEFT_SINCE",
    "PAGE",
    "LookAlike",
    "PeoplePage",
    "assigned_within",
    "assignments_of",
    "batches",
    "by_words",
    "communes_in_reach",
    "find",
    "household_of",
    "in_reach",
    "known_name",
    "lives_in_reach",
    "living_in",
    "living_within",
    "look_alikes",
    "merged_into",
    "merges",
    "pair_by_public_id",
    "pairs_in_reach",
    "people_page",
    "person_by_public_id",
    "queue",
    "survivor_by_public_id",
    "visible_people",
    "whereabouts_of",
    "within",
]
