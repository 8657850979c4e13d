"""Reads of lists: which there are, the views that somebody has of one, what is under way on many of its rows."""

from tuyendau.core.lists.queries.addresses import cleaned, without
from tuyendau.core.lists.queries.batches import batch_by_public_id
from tuyendau.core.lists.queries.known import (
    Act,
    Doing,
    RowRefused,
    act_of,
    list_named,
    register,
    register_act,
)
from tuyendau.core.lists.queries.sorting import sorted_by
from tuyendau.core.lists.queries.views import Kept, Team, kept_of, teams_of, view_by_public_id

__all__ = [
    "Act",
    "Doing",
    "Kept",
    "RowRefused",
    "Team",
    "act_of",
    "batch_by_public_id",
    "cleaned",
    "kept_of",
    "list_named",
    "register",
    "register_act",
    "sorted_by",
    "teams_of",
    "view_by_public_id",
    "without",
]
