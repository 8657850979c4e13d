"""What an auditor asks: events narrowed by who, what, of whom and when; who looked at one person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.fields.json import KT

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit.models import Check, Event
from tuyendau.core.audit.queries.words import grounds_in_words, kind_in_words, subjects_in_words
from tuyendau.lib import clock

PAGE = 50
READS, EXPORTS = "reads", "exports"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What the list of events is narrowed to. `who` is a user name, `only` READS or EXPORTS, the days are whole."""

    who: str = ""
    kind: str = ""
    subject: str = ""
    first: date | None = None
    last: date | None = None
    only: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One event as an auditor reads it. `who` is empty for the program itself."""

    event: Event
    who: str
    username: str
    what: str
    rows: int | None
    subject: str
    ground: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page of the list; `next` is where the following one begins, empty on the last."""

    lines: list[Line]
    next: str


def event_list(viewer: Viewer, wanted: EventFilter) -> QuerySet[Event]:
    """The events that `wanted` lets through, latest first. Raises `Denied`."""
    viewer.require(Permission.AUDIT_VIEW)
    events = Event.objects.select_related("by").order_by("-at", "-id")
    if wanted.who:
        events = events.filter(by_id__in=_users(wanted.who))
    if wanted.kind:
        events = events.filter(kind=wanted.kind)
    if wanted.subject:
        events = events.filter(subject=wanted.subject)
    if wanted.only == READS:
        events = events.filter(Q(kind__endswith="read") | Q(kind__endswith=".searched"))
    elif wanted.only == EXPORTS:
        events = events.filter(kind__endswith="exported")
    if wanted.first:
        events = events.filter(at__gte=clock.midnight(wanted.first))
    if wanted.last:
        events = events.filter(at__lt=clock.midnight(wanted.last + timedelta(days=1)))
    return events


def _users(username: str) -> list[int]:
    """Row numbers of the users of that name: looked up first, so that the list walks their events alone."""
    users = get_user_model().objects.filter(username__iexact=username)
    return list(users.values_list("pk", flat=True))


def event_page(events: QuerySet[Event], *, after: str = "", size: int = PAGE) -> EventPage:
    """The first `size` of `events` behind the place `after`, as the page before gave it."""
    if place := _place(after):
        at, pk = place
        events = events.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    found = list(events[: size + 1])
    more = found[size - 1] if len(found) > size else None
    next_ = f"{(more.at - _EPOCH) // timedelta(microseconds=1)}-{more.pk}" if more else ""
    return EventPage(list(lines(found[:size])), next_)


def lines(events: list[Event]) -> Iterator[Line]:
    """Events in the reader's words."""
    grounds, subjects = grounds_in_words(events), subjects_in_words(events)
    for event in events:
        rows = event.data.get("rows")
        yield Line(
            event,
            event.by.get_full_name() if event.by else "",
            event.by.get_username() if event.by else "",
            kind_in_words(event.kind),
            rows if isinstance(rows, int) else None,
            subjects[event.subject],
            grounds[event.pk],
        )


def _place(after: str) -> tuple[datetime, int] | None:
    micros, _, pk = after.partition("-")
    if not (micros.isdecimal() and pk.isdecimal() and len(micros) < 18 and len(pk) < 10):
        return None
    return _EPOCH + timedelta(microseconds=int(micros)), int(pk)


@dataclass(frozen=True, slots=True)
class Look:
    """How often one user did one kind of thing to a subject."""

    who: str
    username: str
    what: str
    times: int
    first: datetime
    last: datetime


def looks_at(viewer: Viewer, subject: str) -> list[Look]:
    """Who looked at, took away or changed one subject (a public id), latest first. Raises `Denied`.

    Of a person also who looked at their case, its presence and its contacts.
    """
    viewer.require(Permission.AUDIT_VIEW)
    found = Event.objects.annotate(person=KT("data__person"))
    counted = (
        found.filter(Q(subject=subject) | Q(data__has_key="person", person=subject))
        .values("by__full_name", "by__username", "kind")
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("-last")
    )
    # A condition on what the data holds finds its index only as the program.
    with as_program():
        rows = list(counted)
    return [
        Look(
            row["by__full_name"] or row["by__username"] or "",
            row["by__username"] or "",
            kind_in_words(row["kind"]),
            row["times"],
            row["first"],
            row["last"],
        )
        for row in rows
    ]


def last_check(viewer: Viewer) -> Check | None:
    """The worker's latest check of the chain, None where there was none yet. Raises `Denied`."""
    viewer.require(Permission.AUDIT_VIEW)
    return Check.objects.order_by("-pk").first()
