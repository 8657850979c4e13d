"""Writing events and following them: the change feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from tuyendau.core.audit.models import Event

Subscriber = Callable[[Event], None]
_subscribers: defaultdict[str, list[Subscriber]] = defaultdict(list)


def subscribe(kind: str, subscriber: Subscriber) -> None:
    """Have `subscriber` run in the writer's own transaction for every event of `kind`. Call it in AppConfig.ready."""
    if subscriber not in _subscribers[kind]:
        _subscribers[kind].append(subscriber)


def record(
    kind: str, *, by: AbstractBaseUser | None, at: datetime, subject: str, data: dict[str, Any] | None = None
) -> Event:
    """Add an event to the transaction under way and run its subscribers there.

    `by` None is the program itself. Raises `TransactionManagementError` outside a transaction, since an event that
    could outlive or miss what it tells of is worth nothing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"event {kind!r} written outside a transaction")
    by_id = by.pk if by is not None else None
    event = Event.objects.create(kind=kind, by_id=by_id, at=at, subject=subject, data=data or {})
    for subscriber in _subscribers[kind]:
        subscriber(event)
    return event
