"""Reads of events."""

from __future__ import annotations

from django.db.models import QuerySet

from tuyendau.core.audit.models import Event


def events_of(subject: str) -> QuerySet[Event]:
    """Events of one subject (a public id), oldest first. The caller has checked that the viewer may see it."""
    return Event.objects.filter(subject=subject).select_related("by").order_by("id")
