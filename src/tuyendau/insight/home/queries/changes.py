"""What happened since yesterday to the cases in the viewer's reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries import Event, events_since, kind_in_words
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import cases_in_reach, visible_cases

CHANGES = (
    "case.confirmed", "case.reported", "case.probable", "case.suspected", "case.discarded", "case.dates_corrected",
)  # fmt: skip
"""Kinds of event that the start page tells of, in the order in which it does."""
LATEST = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a case, in words."""

    kind: str
    what: str
    case: Case
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed `since`: how much of each kind (kind, words, count), and the latest."""

    since: datetime
    counts: Sequence[tuple[str, str, int]]
    latest: Sequence[Change]


def since_yesterday(at: datetime) -> datetime:
    """The beginning of the day before that of `at`."""
    return clock.midnight(clock.local_day(at) - timedelta(days=1))


def changes(viewer: Viewer, *, at: datetime) -> Changes:
    """What changed since yesterday of the cases that the viewer may see. Raises `Denied`."""
    since = since_yesterday(at)
    with as_program():
        events = _events(viewer, since, CHANGES)
        counted = dict(events.order_by().values_list("kind").annotate(n=Count("id")))
        latest = list(events[:LATEST])
    counts = [(kind, kind_in_words(kind), counted[kind]) for kind in CHANGES if kind in counted]
    return Changes(since, counts, in_words(viewer, latest))


def changes_of_kind(viewer: Viewer, kind: str, *, at: datetime) -> QuerySet[Event]:
    """The events of one of CHANGES, or of all of them where `kind` is none of these, since yesterday, latest first."""
    kinds = (kind,) if kind in CHANGES else CHANGES
    return _events(viewer, since_yesterday(at), kinds)


def in_words(viewer: Viewer, events: Sequence[Event]) -> list[Change]:
    """The events with their cases; those whose case the viewer does not see are left out."""
    cases = {
        case.public_id: case
        for case in visible_cases(viewer).filter(public_id__in={event.subject for event in events})
    }
    return [
        Change(
            event.kind, kind_in_words(event.kind), cases[event.subject], event.at,
            event.by.get_full_name() if event.by else "",
        )
        for event in events
        if event.subject in cases
    ]  # fmt: skip


def _events(viewer: Viewer, since: datetime, kinds: Sequence[str]) -> QuerySet[Event]:
    reached = cases_in_reach(viewer, Permission.CASE_VIEW).values("public_id")
    return events_since(since, kinds, reached)
