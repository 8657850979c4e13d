"""What cases were when they were found: kept apart already, in follow-up, or known to nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from tuyendau.core.acting import as_program
from tuyendau.core.history.queries import as_known
from tuyendau.insight.situation.queries.scope import Known
from tuyendau.insight.situation.rules import Found
from tuyendau.lib import clock
from tuyendau.records.followup.models import FollowUpVersion
from tuyendau.records.orders.models import Kind, OrderVersion, State

_Spans = defaultdict[int, list[tuple[date, date]]]


@as_program()
def found_as(at: datetime, cases: Sequence[Known]) -> dict[int, Found]:
    """For each case, by its row, what it was on the day of its sample (of its report, where that is not known)."""
    people = list({case.person for case in cases if case.person is not None})
    orders, followed = _ordered(at, people), _followed(at, people)
    return {case.row: _found(case, orders, followed) for case in cases}


def _found(case: Known, orders: _Spans, followed: _Spans) -> Found:
    day = case.sampled_on or case.reported_on
    if case.person is None:
        return Found.COMMUNITY
    if any(first <= day <= last for first, last in orders.get(case.person, ())):
        return Found.QUARANTINED
    if any(first <= day <= last for first, last in followed.get(case.person, ())):
        return Found.FOLLOWED
    return Found.COMMUNITY


def _ordered(at: datetime, people: list[int]) -> _Spans:
    """The days of signed orders of quarantine; on the day on which one is over it may be that the result came."""
    known = as_known(OrderVersion, at).filter(kind=Kind.QUARANTINE, person__id__any_of=people)
    known = known.exclude(state__in=[State.DRAFT, State.DROPPED])
    spans: _Spans = defaultdict(list)
    for person, first, over in known.values_list("person_id", "starts_on", "over_from"):
        spans[person].append((first, over))
    return spans


def _followed(at: datetime, people: list[int]) -> _Spans:
    known = as_known(FollowUpVersion, at).filter(degree__gte=1, person__id__any_of=people)
    spans: _Spans = defaultdict(list)
    for person, first, ended in known.values_list("person_id", "began_on", "ended_at"):
        spans[person].append((first, date.max if ended is None else clock.local_day(ended)))
    return spans
