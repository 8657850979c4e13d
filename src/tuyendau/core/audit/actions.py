"""Writing events and following them: the change feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from tuyendau.access import Permission, Viewer
from tuyendau.core.audit.models import Event
from tuyendau.core.audit.rules import ground_of

READ_AGAIN = timedelta(minutes=10)
"""Within this time the same read by the same viewer is told of once."""

Subscriber = Callable[[Event], None]
_subscribers: defaultdict[str, list[Subscriber]] = defaultdict(list)


def subscribe(kind: str, subscriber: Subscriber) -> None:
    """Have `subscriber` run in the writer's own transaction for every event of `kind`. Call it in AppConfig.ready."""
    if subscriber not in _subscribers[kind]:
        _subscribers[kind].append(subscriber)


def record(
    kind: str,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    subject: str,
    data: dict[str, Any] | None = None,
    ground: str = "",
    device: str = "",
) -> Event:
    """Add an event to the transaction under way and run its subscribers there.

    `by` None is the program itself, or the gate device with the public id `device`. `ground` says by what right or for
    what reason. The event gets its place in the chain as the transaction commits. Raises
    `TransactionManagementError` outside a transaction, since an event that could outlive or miss what it tells of is
    worth nothing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"event {kind!r} written outside a transaction")
    return _record(kind, by.pk if by is not None else None, at, subject, data or {}, ground, device)


def record_read(
    kind: str,
    *,
    viewer: Viewer,
    permission: Permission,
    subject: str,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> Event | None:
    """Put on record that `viewer` read `subject` (a public id) by `permission`; None where that stands there already.

    The same read by the same viewer within `READ_AGAIN` is one: a page that is loaded again or paged through is not
    told of again. The ground is every role that gives the viewer `permission`, with its place.
    """
    same = Event.objects.filter(
        by_id=viewer.user_id, subject=subject, kind=kind, data=data or {}, at__gt=at - READ_AGAIN, at__lte=at
    )
    if same.exists():
        return None
    return record_export(kind, viewer=viewer, permission=permission, subject=subject, at=at, data=data)


@transaction.atomic
def record_export(
    kind: str,
    *,
    viewer: Viewer,
    permission: Permission,
    subject: str,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> Event:
    """Put on record that `viewer` took data of `subject` away by `permission`. Each time is an event of its own."""
    return _record(
        kind, viewer.user_id, at, subject, data or {}, ground_of(viewer.grants, permission), viewer.device
    )


def _record(
    kind: str,
    by_id: int | None,
    at: datetime,
    subject: str,
    data: dict[str, Any],
    ground: str,
    device: str,
) -> Event:
    event = Event.objects.create(
        kind=kind, by_id=by_id, at=at, subject=subject, data=data, ground=ground, device=device
    )
    for subscriber in _subscribers[kind]:
        subscriber(event)
    return event
