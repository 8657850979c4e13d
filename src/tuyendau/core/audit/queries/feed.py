"""Events in their order: of one subject, and of the whole feed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Min, Q, QuerySet

from tuyendau.core.audit.models import Event, Link


def events_of(subject: str) -> QuerySet[Event]:
    """What was done to one subject (a public id), oldest first; who only looked at it is left out.

    The caller has checked that the viewer may see it.
    """
    done = Event.objects.filter(subject=subject).exclude(kind__endswith="read")
    return done.select_related("by").order_by("id")


def acts_since(number: int, subjects: Collection[str]) -> QuerySet[Event]:
    """What people did to any of `subjects` (public ids) after the event with that row id, oldest first.

    Who only looked at them or took a list away is left out, and so is what the program did by itself.
    """
    acts = Event.objects.filter(pk__gt=number, subject__any_of=list(subjects), by__isnull=False)
    acts = acts.exclude(kind__endswith="read").exclude(kind__endswith="exported")
    return acts.select_related("by").order_by("pk")


def last_event(subject: str, kind: str) -> Event | None:
    """The latest event of a kind that happened to a subject, with who did it."""
    return Event.objects.filter(subject=subject, kind=kind).select_related("by").order_by("-id").first()


def events_since(since: datetime, kinds: Iterable[str], subjects: QuerySet[Any, Any]) -> QuerySet[Event]:
    """The events of `kinds` from `since` on that happened to one of `subjects`, latest first.

    `subjects` gives public ids, narrowed by the caller to what the viewer may see.
    """
    happened = Q(at__gte=since, kind__in=list(kinds), subject__in=subjects)
    return Event.objects.filter(happened).select_related("by").order_by("-at", "-id")


def events_after(seq: int, limit: int) -> list[tuple[int, Event]]:
    """The first `limit` events behind number `seq` of the chain, each with its number, in the order of commits.

    For the program itself: whoever is told of an event must be one who may see its subject. The numbers have no gaps
    and never come late, so the number of the last event read is where to go on.
    """
    links = Link.objects.filter(seq__gt=seq).select_related("event__by").order_by("seq")[:limit]
    return [(link.seq, link.event) for link in links]


def moments_of(
    subjects: Iterable[str], kinds: Iterable[str], *, until: datetime | None = None
) -> dict[str, datetime]:
    """When the first event of any of `kinds` happened to each of `subjects` (public ids); those without are left out.

    Events after `until` are left out, too. The caller has checked that the viewer may see them.
    """
    events = Event.objects.filter(subject__any_of=list(subjects), kind__in=list(kinds))
    if until is not None:
        events = events.filter(at__lte=until)
    return dict(events.values_list("subject").annotate(first=Min("at")))


def last_told(subjects: Iterable[str], key: str, *, until: datetime) -> dict[str, Any]:
    """What the last event of each of `subjects` (public ids) by `until` whose data has `key` says there.

    Those without are left out. The caller has checked that the viewer may see them.
    """
    events = Event.objects.filter(subject__any_of=list(subjects), at__lte=until, data__has_key=key)
    last = events.order_by("subject", "-at", "-pk").distinct("subject")
    return dict(last.values_list("subject", f"data__{key}"))
