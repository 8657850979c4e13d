"""Visits follow their person into a merge and out of it again."""

from __future__ import annotations

from tuyendau.core.audit.queries import Event
from tuyendau.records.people.actions import moving

_UNIQUE = ("start", "site_id", "end")
# A visit that both had goes back only where its day is still kept.
_KEPT_DAY = (
    "to_regclass('visits_visit_' || to_char(r.start AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYYMMDD')) IS NOT NULL"
)


def on_merged(event: Event) -> None:
    """What was seen of the merged person was seen of the survivor. Triggers note both for tracing."""
    moving.move(moving.merge_of(event), "visit", table="visits_visit", unique=_UNIQUE)


def on_unmerged(event: Event) -> None:
    """Each has again the visits that were theirs, with what was corrected since."""
    moving.bring_back(moving.merge_of(event), "visit", table="visits_visit", where=_KEPT_DAY)
