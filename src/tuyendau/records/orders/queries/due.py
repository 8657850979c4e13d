"""What waits for the viewer about orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.records.orders.models import State
from tuyendau.records.orders.queries.reach import ending, in_reach, signable


@dataclass(frozen=True, slots=True)
class Due:
    """Drafts that wait for a signature (for whoever signs), since when, and orders that end today or tomorrow."""

    to_sign: int
    waiting_since: datetime | None
    ending: int


@as_program()
def due(viewer: Viewer, on: date) -> Due:
    """What is due about orders on a day. Raises `Denied` for whoever sees none."""
    viewer.require(Permission.ORDER_VIEW)
    drafts: dict[str, object] = {"n": 0, "first": None}
    if viewer.may(Permission.ORDER_SIGN):
        drafts = signable(viewer).order_by().aggregate(n=Count("pk"), first=Min("drafted_at"))
    over = ending(in_reach(viewer), on).order_by().aggregate(n=Count("pk", filter=Q(state=State.SIGNED)))
    return Due(int(str(drafts["n"])), drafts["first"], over["n"])  # type: ignore[arg-type]
