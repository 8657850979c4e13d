"""Reads of visits: lists for pages, and presence as arrays for the tracing engine."""

from tuyendau.records.visits.queries.lists import Attendance, attendance, visits_of_person
from tuyendau.records.visits.queries.presence import presence
from tuyendau.records.visits.queries.removals import kept_from
from tuyendau.records.visits.queries.rosters import OnRoster, correctable_visit, roster_of

__all__ = [
    "Attendance",
    "OnRoster",
    "attendance",
    "correctable_visit",
    "kept_from",
    "presence",
    "roster_of",
    "visits_of_person",
]
