"""What events mean to open pages of the situation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice
from tuyendau.records.cases.queries import TOLD_OF_CASES, whereabouts_of_cases
from tuyendau.records.cases.queries.live import TOLD_OF_SAMPLES
from tuyendau.records.followup.queries.live import TOLD_OF_FOLLOW_UP
from tuyendau.records.orders.queries.live import TOLD_OF_ORDERS
from tuyendau.response.care.queries.live import TOLD_OF_STAYS

TOLD_OF_SITUATION = tuple(
    kind
    for kind in (*TOLD_OF_CASES, *TOLD_OF_SAMPLES, *TOLD_OF_FOLLOW_UP, *TOLD_OF_ORDERS, *TOLD_OF_STAYS)
    if kind not in ("case.traced", "contacts.exported")
)


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """A case to those whose numbers count it; anything else to every open page, which counts its own part.

    The numbers name nobody, so that no page is told whom it is about.
    """
    where = whereabouts_of_cases(event.subject for event in events)
    return {
        event.pk: [Notice(
            "situation", "", Permission.SITUATION_VIEW, where[event.subject][1] if event.subject in where else None
        )]
        for event in events
    }  # fmt: skip
