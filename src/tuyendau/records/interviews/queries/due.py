"""What is due: cases to interview within a day of their report, interviews to go on with, milestones to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from tuyendau.access import Viewer
from tuyendau.core.acting import ReachPaginator, as_program
from tuyendau.core.audit.queries import moments_of
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.interviews.models import Interview, InterviewState, Milestone
from tuyendau.records.interviews.queries.interviews import cases_to_ask, visible_interviews
from tuyendau.records.interviews.queries.milestones import unsent

WITHIN = timedelta(hours=24)
"""A case is interviewed within so long of its report: an indicator of contact tracing programmes."""

ASKED_FOR = timedelta(days=14)
"""Whoever was reported longer ago and never asked is no longer due: what they would tell is of no use for tracing."""

LISTED = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A confirmed case that nobody interviewed yet. `since`: when it was reported, as far as that is known.

    `to_the_hour`: somebody reported it here; else only the day is known, and it counts from its beginning.
    """

    case: Case
    since: datetime
    to_the_hour: bool
    hours: int

    @property
    def late(self) -> bool:
        return self.hours >= WITHIN / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for a viewer: how many, and the first of them.

    `waiting` are those to interview, the latest report first, `late_count` of them reported on a day that ended longer
    ago than they should have waited; `begun` interviews under way; `unsent` milestones.
    """

    waiting_count: int
    late_count: int
    waiting: Sequence[Waiting]
    begun_count: int
    begun: Sequence[Interview]
    unsent_count: int
    unsent: Sequence[Milestone]


def waiting_cases(viewer: Viewer, on: date) -> QuerySet[Case]:
    """Confirmed cases of the last `ASKED_FOR` without an interview, the latest report first. Raises `Denied`."""
    asked = Interview.objects.filter(case=OuterRef("pk"))
    return (
        cases_to_ask(viewer)
        .filter(
            ~Exists(asked), status=CaseStatus.CONFIRMED, reported_on__gt=on - ASKED_FOR, reported_on__lte=on
        )
        .order_by("-reported_on", "-pk")
    )


def with_hours(cases: Sequence[Case], *, at: datetime) -> list[Waiting]:
    """For each case how many whole hours ago it was reported."""
    told = moments_of([case.public_id for case in cases], ("case.reported", "case.confirmed"))
    found = []
    for case in cases:
        day = clock.midnight(case.reported_on)
        since = told.get(case.public_id)
        exact = since is not None and clock.local_day(since) == case.reported_on
        start = since if exact and since is not None else day
        found.append(Waiting(case, start, exact, max(0, int((at - start) / timedelta(hours=1)))))
    return found


def due(viewer: Viewer, on: date, *, most: int = LISTED) -> Due:
    """What is due on `on` for a viewer, at most `most` of each kind listed, counted only for 0. Raises `Denied`."""
    begun = visible_interviews(viewer).filter(state=InterviewState.BEGUN).order_by("begun_at", "pk")
    waiting = waiting_cases(viewer, on)
    with as_program():
        late = waiting.filter(reported_on__lt=on - WITHIN).count()
    asked, going_on, drafts = (ReachPaginator(found, most or 1) for found in (waiting, begun, unsent(viewer)))
    if not most:
        return Due(asked.count, late, (), going_on.count, (), drafts.count, ())
    return Due(
        asked.count,
        late,
        with_hours(list(asked.page(1)), at=clock.now()),
        going_on.count,
        list(going_on.page(1)),
        drafts.count,
        list(drafts.page(1)),
    )
