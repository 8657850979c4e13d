"""What events mean to the pages of reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice
from tuyendau.records.cases.queries import whereabouts_of_cases

TOLD_OF_NOTIFICATIONS = (
    "case.notified", "case.notification_acknowledged", "case.notification_returned", "case.reported", "case.suspected",
    "case.probable", "case.confirmed", "case.discarded", "case.dates_corrected", "case.edited", "cases.imported",
)  # fmt: skip
"""A case that changes is to be reported anew."""


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """The list of reports, and the report of the case."""
    where = whereabouts_of_cases(event.subject for event in events)
    told: dict[int, list[Notice]] = {}
    for event in events:
        places = where[event.subject][1] if event.subject in where else None
        if places is None and event.kind != "cases.imported":
            continue
        topics = ["notifications"]
        if places is not None:
            topics.append(f"notification:{event.subject}")
        told[event.pk] = [Notice(topic, event.subject, Permission.CASE_NOTIFY, places) for topic in topics]
    return told
