"""Reads of follow-ups: the day's list, one in full, who records, what waits."""

from tuyendau.records.followup.queries.officers import loads, officers_for
from tuyendau.records.followup.queries.person import InFull, followup_by_public_id, in_full, of_person
from tuyendau.records.followup.queries.reach import in_reach, visible
from tuyendau.records.followup.queries.worklist import (
    SHOWS,
    Due,
    Progress,
    SiteWork,
    WorkFilter,
    due,
    narrowed,
    own_checks,
    progress,
    row,
    sites_of,
    worklist,
)

__all__ = [
    "SHOWS",
    "Due",
    "InFull",
    "Progress",
    "SiteWork",
    "WorkFilter",
    "due",
    "followup_by_public_id",
    "in_full",
    "in_reach",
    "loads",
    "narrowed",
    "of_person",
    "officers_for",
    "own_checks",
    "progress",
    "row",
    "sites_of",
    "visible",
    "worklist",
]
