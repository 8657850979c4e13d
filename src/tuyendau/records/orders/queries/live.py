"""What events mean to the pages of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuyendau.access import Permission
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice
from tuyendau.records.orders.models import Order
from tuyendau.records.people.queries import whereabouts_of

TOLD_OF_ORDERS = ("order.changed", "order.drafted", "order.dropped", "order.lifted", "order.signed")


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """The list of orders, the page of the order and that of the person."""
    found = Order.objects.filter(public_id__in={event.subject for event in events})
    people = {
        order: (person, public_id)
        for order, person, public_id in found.values_list("public_id", "person", "person__public_id")
    }
    where = whereabouts_of(person for person, _public_id in people.values())
    told: dict[int, list[Notice]] = {}
    for event in events:
        if event.subject in people and (of := people[event.subject])[0] in where:
            told[event.pk] = [
                Notice(topic, of_what, Permission.ORDER_VIEW, where[of[0]])
                for topic, of_what in (
                    ("orders", event.subject),
                    (f"order:{event.subject}", event.subject),
                    (f"person:{of[1]}", of[1]),
                )
            ]
    return told
