"""Pages of people."""

from tuyendau.records.people.views.duplicates import (
    apart,
    batch,
    merge,
    merges,
    pair,
    pairs,
    run_batch,
    undo,
    undo_batch,
)
from tuyendau.records.people.views.lists import people
from tuyendau.records.people.views.person import assign, edit, end, new, person

__all__ = [
    "apart",
    "assign",
    "batch",
    "edit",
    "end",
    "merge",
    "merges",
    "new",
    "pair",
    "pairs",
    "people",
    "person",
    "run_batch",
    "undo",
    "undo_batch",
]
