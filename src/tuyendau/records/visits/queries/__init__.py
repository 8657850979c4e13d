"""Reads of visits: lists for pages, and presence as arrays for the tracing engine."""

from tuyendau.records.visits.queries.lists import visits_of_person
from tuyendau.records.visits.queries.presence import presence

__all__ = ["presence", "visits_of_person"]
