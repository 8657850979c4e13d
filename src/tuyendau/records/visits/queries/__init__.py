"""Reads of visits: lists for pages, and presence as arrays for the tracing engine."""

from tuyendau.records.visits.queries.lists import Attendance, attendance, visits_of_person
from tuyendau.records.visits.queries.presence import presence
from tuyendau.records.visits.queries.removals import kept_from

__all__ = ["Attendance", "attendance", "kept_from", "presence", "visits_of_person"]
