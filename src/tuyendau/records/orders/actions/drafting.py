"""Drafting orders: one, for all close contacts of a case or a site, one that goes on from another or replaces it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.orders import rules
from tuyendau.records.orders.models import Kind, Order, PlaceKind, State
from tuyendau.records.orders.queries.candidates import Candidate
from tuyendau.records.orders.queries.reach import in_reach
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import in_reach as person_in_reach
from tuyendau.science.epi.regimes import grounds_on


class OrderRefused(Exception):
    """What was asked of an order cannot be done; the text says why and what to do. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an order is to say. `exposed_from` and `exposed_on` are of a contact; `site` is where they are to stay."""

    kind: Kind
    disease: str
    starts_on: date
    ends_on: date
    place_kind: PlaceKind = PlaceKind.FACILITY
    site: Site | None = None
    address: str = ""
    ground: str = ""
    case: Case | None = None
    exposed_from: date | None = None
    exposed_on: date | None = None
    regime: str = ""
    extends: Order | None = None
    replaces: Order | None = None


@as_program()
def draft_order(
    person: Person, wanted: Draft, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Order:
    """Draft an order for somebody in the viewer's reach. Raises `OrderRefused`."""
    viewer.require(Permission.ORDER_DRAFT)
    if not person_in_reach(viewer, person, Permission.ORDER_DRAFT):
        raise OrderRefused(_("This person is not in your reach."))
    today = clock.local_day(at)
    _refuse_fault(wanted, today)
    _refuse_overlap(person, wanted)
    try:
        with transaction.atomic():
            order = Order.objects.create(**_fields(person, wanted, today), drafted_by_id=by.pk, drafted_at=at)
    except IntegrityError as error:
        raise OrderRefused(
            _("%(person)s has a draft of such an order already. Open it, or drop it.") % {"person": person}
        ) from error
    _record("order.drafted", order, by=by, at=at)
    return order


@as_program()
def draft_orders(
    chosen: Sequence[Candidate], wanted: Draft, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> tuple[list[Order], list[str]]:
    """Draft an order of quarantine for each of `chosen`, to the last day of their own regime; also who was refused.

    `wanted` gives what is the same for all; without a site everybody stays where they live.
    """
    done, refused = [], []
    cases = Case.objects.in_bulk([candidate.case for candidate in chosen])
    for each in chosen:
        starts = max(wanted.starts_on, each.exposed_from)
        own = replace(
            wanted, kind=Kind.QUARANTINE, disease=each.disease, starts_on=starts, ends_on=each.ends_on,
            case=cases.get(each.case), exposed_from=each.exposed_from, exposed_on=each.exposed_on,
            regime=each.regime.id, address=wanted.address or ("" if wanted.site else _home(each.person)),
        )  # fmt: skip
        try:
            done.append(draft_order(each.person, own, viewer=viewer, by=by, at=at))
        except OrderRefused as error:
            refused.append(f"{each.person}: {error}")
    return done, refused


@as_program()
def change_draft(
    public_id: str, wanted: Draft, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Order:
    """Write a draft anew. Raises `OrderRefused`, Order.DoesNotExist."""
    order = _draft(viewer, public_id)
    today = clock.local_day(at)
    kept = replace(
        wanted, kind=Kind(order.kind), disease=order.disease, case=order.case, exposed_from=order.exposed_from,
        exposed_on=order.exposed_on, regime=order.regime, extends=order.extends, replaces=order.replaces,
    )  # fmt: skip
    _refuse_fault(kept, today)
    _refuse_overlap(order.person, kept)
    for name, value in _fields(order.person, kept, today).items():
        setattr(order, name, value)
    order.save()
    _record("order.changed", order, by=by, at=at)
    return order


@as_program()
def drop_draft(public_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> Order:
    """Drop a draft; it stays on record. Raises Order.DoesNotExist, `OrderRefused` where it is signed already."""
    order = _draft(viewer, public_id)
    order.state = State.DROPPED
    order.save(update_fields=["state"])
    _record("order.dropped", order, by=by, at=at)
    return order


@as_program()
def extend_order(
    public_id: str, until: date, ground: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Order:
    """Draft an order that goes on from a signed one, from the day after its last until `until`.

    Raises `OrderRefused`, Order.DoesNotExist.
    """
    old = _signed(viewer, public_id)
    if not ground.strip():
        raise OrderRefused(_("Say why the order goes on."))
    wanted = replace(
        _as_draft(old), starts_on=old.over_from, ends_on=until, ground=ground.strip()[:300], extends=old
    )
    return draft_order(old.person, wanted, viewer=viewer, by=by, at=at)


@as_program()
def replace_order(
    public_id: str, wanted: Draft, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Order:
    """Draft an order in the place of a signed one that was wrong; that one ends when this one is signed.

    Raises `OrderRefused`, Order.DoesNotExist.
    """
    old = _signed(viewer, public_id)
    own = replace(
        wanted, kind=Kind(old.kind), disease=old.disease, case=old.case, exposed_from=old.exposed_from,
        exposed_on=old.exposed_on, regime=old.regime, replaces=old,
    )  # fmt: skip
    return draft_order(old.person, own, viewer=viewer, by=by, at=at)


def _as_draft(order: Order) -> Draft:
    return Draft(
        Kind(order.kind), order.disease, order.starts_on, order.ends_on, PlaceKind(order.place_kind), order.site,
        order.address, order.ground, order.case, order.exposed_from, order.exposed_on, order.regime,
    )  # fmt: skip


def _draft(viewer: Viewer, public_id: str) -> Order:
    orders = in_reach(viewer, Permission.ORDER_DRAFT).select_related(
        "person", "case", "site", "extends", "replaces"
    )
    order = orders.select_for_update(of=("self",)).get(public_id=public_id)
    if order.state != State.DRAFT:
        raise OrderRefused(_("This order is no draft any more. A signed order is replaced by another one."))
    return order


def _signed(viewer: Viewer, public_id: str) -> Order:
    orders = in_reach(viewer, Permission.ORDER_DRAFT).select_related("person", "case", "site")
    order = orders.select_for_update(of=("self",)).get(public_id=public_id)
    if order.state != State.SIGNED:
        raise OrderRefused(_("Only a signed order in force can be extended or replaced."))
    return order


def _fields(person: Person, wanted: Draft, today: date) -> dict[str, object]:
    return {
        "kind": wanted.kind,
        "person": person,
        "disease": wanted.disease,
        "case": wanted.case,
        "exposed_from": wanted.exposed_from,
        "exposed_on": wanted.exposed_on,
        "ground": wanted.ground[:300],
        "grounds": [g.text for g in grounds_on(wanted.disease, wanted.kind, today)],
        "regime": wanted.regime,
        "place_kind": wanted.place_kind,
        "site": wanted.site,
        "address": wanted.address[:200],
        "starts_on": wanted.starts_on,
        "ends_on": wanted.ends_on,
        "over_from": rules.over_from(wanted.ends_on),
        "extends": wanted.extends,
        "replaces": wanted.replaces,
    }


def _home(person: Person) -> str:
    return ", ".join(part for part in (person.address, person.unit.name if person.unit else "") if part)


def _refuse_fault(wanted: Draft, today: date) -> None:
    placed = wanted.site is not None or bool(wanted.address.strip())
    exposed = wanted.exposed_from if wanted.kind == Kind.QUARANTINE else None
    fault = rules.fault_of(rules.Terms(wanted.starts_on, wanted.ends_on, exposed, placed), today)
    if fault is None:
        return
    shown = {
        "start": date_format(wanted.starts_on, "SHORT_DATE_FORMAT"),
        "end": date_format(wanted.ends_on, "SHORT_DATE_FORMAT"),
        "exposed": date_format(exposed, "SHORT_DATE_FORMAT") if exposed else "",
        "most": rules.LONGEST_DAYS,
    }
    messages = {
        rules.Fault.ENDS_BEFORE_START: _("The order ends on %(end)s, before it starts on %(start)s."),
        rules.Fault.BEFORE_EXPOSURE: _(
            "The order starts on %(start)s, before the person met the case on %(exposed)s."
        ),
        rules.Fault.TOO_LONG: _("An order runs for %(most)s days at most. Check both dates."),
        rules.Fault.LONG_AGO: _("The order starts more than 30 days ago. Check the date."),
        rules.Fault.FAR_AHEAD: _("The order starts more than 14 days from now. Check the date."),
        rules.Fault.NO_PLACE: _("Say where the person is to stay: choose a place or write the address."),
    }
    raise OrderRefused(messages[fault] % shown)


def overlapping(person: Person, kind: str, starts_on: date, over_from: date) -> Order | None:
    """The signed order of that kind that binds the person on one of these days, if any."""
    bound = Order.objects.filter(
        person=person,
        kind=kind,
        state__in=[State.SIGNED, State.LIFTED],
        starts_on__lt=over_from,
        over_from__gt=starts_on,
    )
    return bound.first()


def _refuse_overlap(person: Person, wanted: Draft) -> None:
    found = overlapping(person, wanted.kind, wanted.starts_on, rules.over_from(wanted.ends_on))
    if found is None or (wanted.replaces is not None and found.pk == wanted.replaces.pk):
        return
    raise OrderRefused(
        _("%(person)s is bound by order %(number)s until %(end)s already. Extend, lift or replace that one.")
        % {
            "person": person,
            "number": found.number_shown,
            "end": date_format(found.ends_on, "SHORT_DATE_FORMAT"),
        }
    )


def _record(kind: str, order: Order, *, by: AbstractBaseUser, at: datetime) -> None:
    audit.record(
        kind,
        by=by,
        at=at,
        subject=order.public_id,
        data={
            "person": order.person.public_id,
            "kind": order.kind,
            "from": order.starts_on.isoformat(),
            "to": order.ends_on.isoformat(),
            "place": order.place_kind,
        },
    )
