"""Which orders a viewer reaches, and for which authorities they sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from tuyendau.access import Permission, ScopeKind, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries import Event, events_of
from tuyendau.core.places.models import Unit
from tuyendau.records.orders.models import Order, Series, State
from tuyendau.records.people.queries import by_words, living_in, living_within, within

ENDING, TO_SIGN, BINDING = "ending", "to_sign", "binding"


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the list of orders is narrowed to; what is empty narrows nothing.

    `state` is a state, or ENDING: signed and over today or tomorrow, or BINDING: signed, begun and not over today.
    `places` are kinds of place. `unit` is a code valid on `unit_on`: of people who live at or below it.
    """

    q: str = ""
    state: str = ""
    kind: str = ""
    case: str = ""
    today: date | None = None
    places: tuple[str, ...] = ()
    disease: str = ""
    unit: str = ""
    unit_on: date | None = None


def in_reach(viewer: Viewer, permission: Permission = Permission.ORDER_VIEW) -> QuerySet[Order]:
    """The orders of people over whom the viewer holds `permission`. Raises `Denied`."""
    viewer.require(permission)
    return Order.objects.filter(within(viewer, permission, person="person__"))


def order_list(viewer: Viewer, wanted: OrderFilter) -> QuerySet[Order]:
    """The orders that `wanted` lets through, latest first, with what a list shows."""
    orders = in_reach(viewer)
    if wanted.state == ENDING and wanted.today is not None:
        orders = ending(orders, wanted.today)
    elif wanted.state == BINDING and wanted.today is not None:
        orders = binding(orders, wanted.today)
    elif wanted.state:
        orders = orders.filter(state=wanted.state)
    else:
        orders = orders.exclude(state=State.DROPPED)
    if wanted.kind:
        orders = orders.filter(kind=wanted.kind)
    if wanted.case:
        orders = orders.filter(case__public_id=wanted.case)
    if wanted.places:
        orders = orders.filter(place_kind__in=wanted.places)
    if wanted.disease:
        orders = orders.filter(disease=wanted.disease)
    if wanted.unit and wanted.unit_on is not None:
        orders = orders.filter(living_in(wanted.unit, wanted.unit_on, person="person__"))
    orders = orders.filter(by_words(wanted.q, also=lambda word: Q(document__number__istartswith=word)))
    return orders.select_related("person__unit", "site", "series__unit", "case").order_by(
        "-drafted_at", "-id"
    )


def ending(orders: QuerySet[Order], today: date) -> QuerySet[Order]:
    """Those of `orders` that end today or tomorrow."""
    return orders.filter(state=State.SIGNED, ends_on__gte=today, ends_on__lte=today + timedelta(days=1))


def binding(orders: QuerySet[Order], today: date) -> QuerySet[Order]:
    """Those of `orders` that bind somebody today: signed, begun, and not over, also where they were lifted since."""
    return orders.filter(state__in=[State.SIGNED, State.LIFTED], starts_on__lte=today, over_from__gt=today)


def signable(viewer: Viewer) -> QuerySet[Order]:
    """The drafts of people who live where the viewer signs. Raises `Denied`."""
    viewer.require(Permission.ORDER_SIGN)
    drafts = Order.objects.filter(living_within(viewer, Permission.ORDER_SIGN, person="person__"))
    return drafts.filter(state=State.DRAFT)


def authorities(viewer: Viewer) -> list[Unit]:
    """The units for which the viewer signs, the largest first. Raises `Denied`."""
    viewer.require(Permission.ORDER_SIGN)
    paths = viewer.paths(Permission.ORDER_SIGN, ScopeKind.UNIT)
    return list(Unit.objects.filter(path__in=paths).order_by("level", "folded"))


def next_numbers(units: Sequence[Unit], year: int) -> list[tuple[Unit, int]]:
    """For each authority the number that its next order of the year gets."""
    last = dict(Series.objects.filter(unit__in=units, year=year).values_list("unit", "last"))
    return [(unit, last.get(unit.pk, 0) + 1) for unit in units]


@as_program()
def course_of(order: Order) -> list[tuple[Event, str, int | None]]:
    """What was done to an order, oldest first, each with the digest and the number of its link in the chain.

    The caller has checked that the viewer may see it. The newest may not be chained yet.
    """
    found = []
    for event in events_of(order.public_id).select_related("link"):
        link = getattr(event, "link", None)
        found.append((event, bytes(link.digest).hex() if link else "", link.seq if link else None))
    return found


@as_program()
def chain_of(order: Order) -> list[Order]:
    """The order, what it goes on from or stands in the place of, and what does so of it, oldest first."""
    found = {order.pk: order}
    fresh = {order.pk}
    while fresh:
        near = Order.objects.filter(
            Q(pk__in=[o.extends_id for o in found.values() if o.extends_id])
            | Q(pk__in=[o.replaces_id for o in found.values() if o.replaces_id])
            | Q(extends__in=fresh)
            | Q(replaces__in=fresh)
        ).select_related("drafted_by", "signed_by", "lifted_by")
        new = {o.pk: o for o in near if o.pk not in found}
        found |= new
        fresh = set(new)
    return sorted(found.values(), key=lambda o: (o.drafted_at, o.pk))
