"""Reads of events."""

from __future__ import annotations

from django.db.models import QuerySet

from tuyendau.core.audit.models import Event

__all__ = ["Event", "events_of", "last_event"]


def events_of(subject: str) -> QuerySet[Event]:
    """Events of one subject (a public id), oldest first. The caller has checked that the viewer may see it."""
    return Event.objects.filter(subject=subject).select_related("by").order_by("id")


def last_event(subject: str, kind: str) -> Event | None:
    """The latest event of a kind that happened to a subject, with who did it."""
    return Event.objects.filter(subject=subject, kind=kind).select_related("by").order_by("-id").first()
