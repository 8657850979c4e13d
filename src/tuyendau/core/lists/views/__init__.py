"""Pages of lists in general; each list's own page is in the app of what it lists."""

from tuyendau.core.lists.views.batches import batch
from tuyendau.core.lists.views.exporting import file_answer
from tuyendau.core.lists.views.page import Listed, answered, first_of, listed
from tuyendau.core.lists.views.saved import change, delete, first, open_view, save

__all__ = [
    "Listed",
    "answered",
    "batch",
    "change",
    "delete",
    "file_answer",
    "first",
    "first_of",
    "listed",
    "open_view",
    "save",
]
