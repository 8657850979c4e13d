"""Whom cases named, and what contacts declared, follow their person into a merge and out of it again.

Interviews and milestones hang on the case, which moves by itself.
"""

from __future__ import annotations

from tuyendau.core.audit.queries import Event
from tuyendau.records.people.actions import moving

_TABLES = {
    "named": "interviews_named",
    "declaration": "interviews_declaration",
    "declared": "interviews_declared",
}


def on_merged(event: Event) -> None:
    """What was said of the merged person is said of the survivor."""
    merge = moving.merge_of(event)
    for kind, table in _TABLES.items():
        moving.move(merge, kind, table=table)


def on_unmerged(event: Event) -> None:
    """Each is again whom the words meant."""
    merge = moving.merge_of(event)
    for kind, table in _TABLES.items():
        moving.bring_back(merge, kind, table=table)
