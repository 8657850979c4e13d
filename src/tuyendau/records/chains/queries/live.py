"""What events mean to the pages that show chains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice
from tuyendau.records.cases.queries import whereabouts_of_cases

OF_A_CASE = ("chain.decided", "chain.rejected", "chain.withdrawn")
TOLD_OF_CHAINS = (*OF_A_CASE, "chains.computed", "chains.published")


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """The drawing when anything was computed; the case on which somebody decided."""
    where = whereabouts_of_cases(event.subject for event in events if event.kind in OF_A_CASE)
    found: dict[int, list[Notice]] = {}
    for event in events:
        notice = [Notice("chains", event.subject, Permission.CONTACT_VIEW, None)]
        if event.subject in where:
            _person, places = where[event.subject]
            notice.append(Notice(f"chain:{event.subject}", event.subject, Permission.CONTACT_VIEW, places))
        found[event.pk] = notice
    return found
