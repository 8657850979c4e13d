"""Reads of the start page: what is due, what changed, and one search for everything."""

from tuyendau.insight.home.queries.changes import (
    CHANGES,
    Changes,
    changes,
    changes_of_kind,
    in_words,
    since_yesterday,
)
from tuyendau.insight.home.queries.due import due
from tuyendau.insight.home.queries.search import LEAST, Group, Hit, search

__all__ = [
    "CHANGES",
    "LEAST",
    "Changes",
    "Group",
    "Hit",
    "changes",
    "changes_of_kind",
    "due",
    "in_words",
    "search",
    "since_yesterday",
]
