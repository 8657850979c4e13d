"""Telling tracing from when people are kept apart: whom they met since then is no F2."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from tuyendau.lib import clock
from tuyendau.records.contacts.actions import set_quarantined
from tuyendau.records.orders import rules
from tuyendau.records.orders.models import Order, State


def keep_apart(people: Collection[int], *, at: datetime) -> None:
    """Set for people (row ids) from when the orders that bind them keep them apart, or that none does.

    Nobody is apart before the first of those orders was signed, whatever day it names.
    """
    periods: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    signed: defaultdict[int, dict[date, datetime]] = defaultdict(dict)
    binding = Order.objects.filter(
        person__in=people, state__in=[State.SIGNED, State.LIFTED, State.SUPERSEDED]
    )
    for person, start, over, moment in binding.values_list("person", "starts_on", "over_from", "signed_at"):
        if moment is None:
            continue
        periods[person].append((start, over))
        signed[person][start] = min(moment, signed[person].get(start, moment))
    today = clock.local_day(at)
    since: dict[int, datetime | None] = {}
    for person in people:
        begun = rules.apart_since(periods[person], today)
        since[person] = max(clock.midnight(begun), signed[person][begun]) if begun is not None else None
    set_quarantined(since)
