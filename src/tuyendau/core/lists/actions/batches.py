"""One act on many rows: each is decided by itself, those refused are told with their reason, the others done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import translation

from tuyendau.access import Denied, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.lists.models import Batch
from tuyendau.core.lists.queries.known import Doing, RowRefused, act_of
from tuyendau.lib import clock

AT_ONCE = 20
"""So many rows are done while the page waits; more are the worker's."""

_NOTED_EVERY = 5
KEPT = timedelta(days=30)
"""So long it can be read which rows were refused."""


@as_program()
def begin(
    list_name: str,
    act: str,
    rows: Sequence[tuple[str, str]],
    *,
    data: dict[str, Any],
    ground: str,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> Batch:
    """Note an act on rows, each (public id, what was seen of it). Raises `Denied`; KeyError for an act unknown.

    `run` does it; the caller has the worker call it where there are more than `AT_ONCE`.
    """
    viewer.require(act_of(list_name, act).permission)
    Batch.objects.filter(made_at__lt=at - KEPT).delete()
    batch = Batch.objects.create(
        list_name=list_name, act=act, rows=[list(row) for row in rows], data=data, ground=ground[:500],
        total=len(rows), by_id=by.pk, made_at=at,
    )  # fmt: skip
    audit.record(
        "batch.begun", by=by, at=at, subject=batch.public_id, ground=ground[:500],
        data={"list": list_name, "act": act, "rows": len(rows)},
    )  # fmt: skip
    return batch


def run(public_id: str) -> Batch:
    """Do what a batch says, from where it stopped. A few rows are committed together with the place reached.

    What is refused of one leaves the others as they are. After a crash it goes on; two runs at once take turns.
    """
    with as_program():
        batch = Batch.objects.select_related("by").get(public_id=public_id)
    with translation.override(batch.by.language):
        while batch.ended_at is None:
            batch = _next(batch.pk, batch.by)
    return batch


@as_program()
def _next(batch_id: int, by: User) -> Batch:
    """Do some rows more; the batch as it is then."""
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    act = act_of(batch.list_name, batch.act)
    now = clock.now()
    viewer = viewer_of(by, on=clock.local_day(now))
    rows = batch.rows[batch.done : batch.done + _NOTED_EVERY]
    for row, seen in rows:
        try:
            with as_program():
                act.do(Doing(row, seen, batch.data, batch.ground, viewer, by, now))
        except RowRefused as refusal:
            batch.refused.append([row, str(refusal)])
        except Denied:
            batch.refused.append([row, str(translation.gettext("You may no longer do this."))])
        batch.done += 1
    if batch.done >= batch.total and batch.ended_at is None:
        batch.ended_at = now
        audit.record(
            "batch.ended", by=by, at=now, subject=batch.public_id,
            data={"rows": batch.total, "refused": len(batch.refused)},
        )  # fmt: skip
    batch.save(update_fields=["done", "refused", "ended_at"])
    batch.by = by
    return batch
