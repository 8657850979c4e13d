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
from tuyendau.core.lists.queries.views import Team, first_view, teams_of, view_by_public_id, views_of

__all__ = [
    "Act",
    "Doing",
    "RowRefused",
    "Team",
    "act_of",
    "batch_by_public_id",
    "cleaned",
    "first_view",
    "list_named",
    "register",
    "register_act",
    "sorted_by",
    "teams_of",
    "view_by_public_id",
    "views_of",
    "without",
]
