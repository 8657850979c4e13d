"""Reads of events."""

from __future__ import annotations

from django.db.models import QuerySet

from tuyendau.core.audit.models import Event, Link

__all__ = ["Event", "events_after", "events_of", "head", "last_event"]


def events_of(subject: str) -> QuerySet[Event]:
    """Events of one subject (a public id), oldest first. The caller has checked that the viewer may see it."""
    return Event.objects.filter(subject=subject).select_related("by").order_by("id")


def last_event(subject: str, kind: str) -> Event | None:
    """The latest event of a kind that happened to a subject, with who did it."""
    return Event.objects.filter(subject=subject, kind=kind).select_related("by").order_by("-id").first()


def head() -> tuple[int, bytes]:
    """The number and the digest of the last event in the chain; (0, b"") where there is none."""
    last = Link.objects.order_by("-seq").values_list("seq", "digest").first()
    return (last[0], bytes(last[1])) if last else (0, b"")


def events_after(seq: int, limit: int) -> list[tuple[int, Event]]:
    """The first `limit` events behind number `seq` of the chain, each with its number, in the order of commits.

    For the program itself: whoever is told of an event must be one who may see its subject. The numbers have no gaps
    and never come late, so the number of the last event read is where to go on.
    """
    links = Link.objects.filter(seq__gt=seq).select_related("event__by").order_by("seq")[:limit]
    return [(link.seq, link.event) for link in links]
