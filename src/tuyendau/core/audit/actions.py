"""Writing events and following them: the change feed."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit.models import Check, Event
from tuyendau.core.audit.queries import Break, Fault, anchor_holds, verify
from tuyendau.core.audit.rules import ground_of

READ_AGAIN = timedelta(minutes=10)
"""Within this time the same read by the same viewer is told of once."""

KEPT_BREAKS = 100
logger = logging.getLogger(__name__)
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
    with as_program():
        return _add(kind, by.pk if by is not None else None, at, subject, data, ground, device)


@as_program()
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
    return _add(kind, viewer.user_id, at, subject, data, ground_of(viewer.grants, permission), viewer.device)


@as_program()
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
    return _add(kind, viewer.user_id, at, subject, data, ground_of(viewer.grants, permission), viewer.device)


def _add(
    kind: str,
    by_id: int | None,
    at: datetime,
    subject: str,
    data: dict[str, Any] | None,
    ground: str,
    device: str,
) -> Event:
    event = Event.objects.create(
        kind=kind, by_id=by_id, at=at, subject=subject, data=data or {}, ground=ground, device=device
    )
    for subscriber in _subscribers[kind]:
        subscriber(event)
    return event


def check_chain(anchors: Path, *, at: datetime, whole: bool = False) -> Check:
    """Verify what came since the last check, or the `whole` chain; keep the result, and note a new anchor.

    `anchors` is a file that is only added to, one line a check: moment, number, digest. Its last anchor must still be
    in the chain; where it is not, the whole chain is verified. A chain with a break gets no new anchor.
    """
    known = _last_anchor(anchors)
    breaks = []
    if known and not anchor_holds(*known):
        breaks, whole = [Break(Fault.CUT, known[0])], True
    report = verify(known[0] if known and not whole else 0)
    breaks += report.breaks
    if not breaks and report.last and known != (report.last, report.digest):
        with anchors.open("a") as file:
            file.write(f"{at.isoformat()} {report.last} {report.digest.hex()}\n")
    if breaks:
        logger.error("the chain of events is broken at %d places; see `tuyendau audit verify`", len(breaks))
    return Check.objects.create(
        at=at,
        first=report.first,
        last=report.last,
        digest=report.digest,
        breaks=[asdict(found) for found in breaks[:KEPT_BREAKS]],
    )


def _last_anchor(anchors: Path) -> tuple[int, bytes] | None:
    lines = anchors.read_text().splitlines() if anchors.exists() else []
    if not lines:
        return None
    _, seq, digest = lines[-1].split()
    return int(seq), bytes.fromhex(digest)
