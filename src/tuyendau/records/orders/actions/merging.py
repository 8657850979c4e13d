"""Orders go with their person into a merge and out of it again; what was signed stays as it was signed."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.core.audit.queries import Event
from tuyendau.records.orders.actions.apart import keep_apart
from tuyendau.records.people.actions import moving


def on_merged(event: Event) -> None:
    """Both people's orders are the survivor's. Raises `MergeRefused` where both are bound at once."""
    merge = moving.merge_of(event)
    try:
        with transaction.atomic():
            moving.move(merge, "order", table="orders_order")
    except IntegrityError as error:
        raise moving.MergeRefused(
            _(
                "Both have an order for the same days, or a draft of one. Lift or drop one of them and merge then."
            )
        ) from error
    keep_apart([merge.survivor_id, merge.merged_id], at=event.at)


def on_unmerged(event: Event) -> None:
    """Each has again the orders that were theirs."""
    merge = moving.merge_of(event)
    moving.bring_back(merge, "order", table="orders_order")
    keep_apart([merge.survivor_id, merge.merged_id], at=event.at)
