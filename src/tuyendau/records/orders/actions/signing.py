"""Signing orders with numbers of their series, and lifting them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.models import User
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.audit.rules import ground_of
from tuyendau.core.places.models import Unit
from tuyendau.core.places.queries import under
from tuyendau.lib import clock
from tuyendau.records.orders import rules
from tuyendau.records.orders.actions.apart import keep_apart
from tuyendau.records.orders.actions.drafting import OrderRefused, overlapping
from tuyendau.records.orders.models import Office, Order, Series, State
from tuyendau.records.orders.queries.document import digest_of, document_of
from tuyendau.records.orders.queries.reach import authorities, in_reach, signable

SUFFIX = "QĐ-UBND"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signing did: the orders, with the first and the last number given."""

    orders: list[Order]
    first: str
    last: str


@as_program()
def sign_orders(
    public_ids: Sequence[str], *, unit: str, office: Office, viewer: Viewer, by: User, at: datetime
) -> Signed:
    """Sign drafts for the authority `unit` (a path), all or none, each with the next number of the year's series.

    The series is locked until the transaction ends: numbers have no gaps and none stands twice, however many sign at
    once. Raises `OrderRefused`; `Denied` for whoever signs nowhere.
    """
    authority = next((u for u in authorities(viewer) if u.path == unit), None)
    if authority is None:
        raise OrderRefused(_("You do not sign for this authority."))
    orders = _locked(viewer, authority, public_ids)
    series = _series(authority, clock.local_day(at).year)
    for number, order in enumerate(orders, start=series.last + 1):
        _sign(order, series, number, authority, office, by, at)
    series.last += len(orders)
    series.save(update_fields=["last"])
    keep_apart({order.person_id for order in orders}, at=at)
    for order in orders:
        audit.record(
            "order.signed", by=by, at=at, subject=order.public_id,
            ground=ground_of(viewer.grants, Permission.ORDER_SIGN),
            data={
                "person": order.person.public_id, "number": order.number_shown, "digest": order.digest,
                "from": order.starts_on.isoformat(), "to": order.ends_on.isoformat(),
            },
        )  # fmt: skip
    return Signed(orders, orders[0].number_shown, orders[-1].number_shown)


def _locked(viewer: Viewer, authority: Unit, public_ids: Sequence[str]) -> list[Order]:
    """The drafts, their rows locked, as they will be numbered: by commune and name."""
    wanted = set(public_ids)
    mine = signable(viewer).filter(public_id__in=wanted)
    orders = list(
        mine.select_for_update(of=("self",))
        .select_related("person__unit", "case", "site__parent", "extends", "replaces")
        .order_by("person__unit__folded", "person__folded", "pk")
    )
    if not orders or len(orders) != len(wanted):
        raise OrderRefused(
            _("Some of these orders are no drafts any more, or not yours to sign. Load the list again.")
        )
    inside = set(Unit.objects.filter(under([authority.path])).values_list("pk", flat=True))
    outside = [o for o in orders if o.person.unit_id not in inside and authority.parent_id is not None]
    if outside:
        raise OrderRefused(
            _("%(person)s does not live in %(unit)s: another authority signs.")
            % {"person": outside[0].person, "unit": authority.name}
        )
    return orders


def _series(authority: Unit, year: int) -> Series:
    Series.objects.get_or_create(unit=authority, year=year, suffix=SUFFIX)
    return Series.objects.select_for_update().get(unit=authority, year=year, suffix=SUFFIX)


def _sign(
    order: Order, series: Series, number: int, authority: Unit, office: Office, by: User, at: datetime
) -> None:
    if order.replaces is not None:
        _supersede(order.replaces, clock.local_day(at))
    bound = overlapping(order.person, order.kind, order.starts_on, order.over_from)
    if bound is not None:
        raise OrderRefused(
            _(
                "%(person)s is bound by order %(number)s until %(end)s already. Extend, lift or replace that one."
            )
            % {
                "person": order.person,
                "number": bound.number_shown,
                "end": date_format(bound.ends_on, "SHORT_DATE_FORMAT"),
            }
        )
    order.state, order.series, order.number = State.SIGNED, series, number
    order.signed_by, order.signed_at, order.signed_office = by, at, office
    order.signed_name = by.get_full_name()
    order.document = document_of(
        order,
        authority,
        number=rules.number_text(number, series.suffix),
        signed_on=clock.local_day(at),
        office=office,
        name=order.signed_name,
    )
    order.digest = digest_of(order.document)
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as error:
        raise OrderRefused(
            _("%(person)s has been bound by another order meanwhile. Nothing was signed.")
            % {"person": order.person}
        ) from error


def _supersede(old: Order, on: date) -> None:
    if old.state != State.SIGNED:
        raise OrderRefused(
            _("Order %(number)s is not in force any more and cannot be replaced.")
            % {"number": old.number_shown}
        )
    old.over_from = rules.lifted_from(old.starts_on, old.ends_on, on)
    old.state = State.SUPERSEDED
    old.save(update_fields=["state", "over_from"])


@as_program()
def lift_order(public_id: str, ground: str, *, viewer: Viewer, by: User, at: datetime) -> Order:
    """Lift a signed order from today on. Raises `OrderRefused`, Order.DoesNotExist, `Denied`."""
    viewer.require(Permission.ORDER_SIGN)
    found = in_reach(viewer, Permission.ORDER_SIGN).select_related("person").select_for_update(of=("self",))
    order = found.get(public_id=public_id)
    if not rules.may_become(rules.State(order.state), rules.State.LIFTED):
        raise OrderRefused(_("Only a signed order can be lifted."))
    if not ground.strip():
        raise OrderRefused(_("Say why the order is lifted."))
    today = clock.local_day(at)
    if today >= order.over_from:
        raise OrderRefused(_("This order has run its course. There is nothing to lift."))
    order.state, order.lifted_on, order.lifted_at, order.lifted_by = State.LIFTED, today, at, by
    order.lift_ground = ground.strip()[:300]
    order.over_from = rules.lifted_from(order.starts_on, order.ends_on, today)
    order.save()
    keep_apart([order.person_id], at=at)
    audit.record(
        "order.lifted", by=by, at=at, subject=order.public_id,
        ground=f"{ground_of(viewer.grants, Permission.ORDER_SIGN)}; {order.lift_ground}",
        data={"person": order.person.public_id, "number": order.number_shown, "on": today.isoformat()},
    )  # fmt: skip
    return order


@as_program()
def begin_series(unit: str, first: int, *, viewer: Viewer, by: User, at: datetime) -> Series:
    """Let the year's numbers of an authority begin at `first`, where it numbered orders on paper before.

    Raises `OrderRefused` once a number was given.
    """
    authority = next((u for u in authorities(viewer) if u.path == unit), None)
    if authority is None:
        raise OrderRefused(_("You do not sign for this authority."))
    series = _series(authority, clock.local_day(at).year)
    if series.orders.exists():
        raise OrderRefused(
            _("Numbers of this year have been given already: the next is %(next)s.")
            % {"next": series.last + 1}
        )
    if not 1 <= first <= 99_999:
        raise OrderRefused(_("The first number lies between 1 and 99,999."))
    series.first, series.last = first, first - 1
    series.save()
    audit.record(
        "orders.series_begun", by=by, at=at, subject="orders", data={"unit": authority.code, "first": first}
    )
    return series
