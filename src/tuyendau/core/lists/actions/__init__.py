"""Writes of lists: views that are kept, files that are taken away, acts on many rows."""

from tuyendau.core.lists.actions.batches import begin, run
from tuyendau.core.lists.actions.exporting import Taken, taken_away
from tuyendau.core.lists.actions.views import ViewRefused, change_view, delete_view, open_first, save_view

__all__ = [
    "Taken",
    "ViewRefused",
    "begin",
    "change_view",
    "delete_view",
    "open_first",
    "run",
    "save_view",
    "taken_away",
]
