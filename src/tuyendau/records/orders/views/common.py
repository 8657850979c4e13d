"""What the pages of orders have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404

from tuyendau.access import Permission
from tuyendau.core.accounts.middleware import SignedRequest
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.orders import actions, queries
from tuyendau.records.orders.models import Order
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import person_by_public_id


def today() -> date:
    """The province's day now."""
    return clock.local_day(clock.now())


def seen(request: SignedRequest, kind: str, subject: str, data: dict[str, Any] | None = None) -> None:
    """Put on record that the viewer looked."""
    audit.record_read(
        kind,
        viewer=request.viewer,
        permission=Permission.ORDER_VIEW,
        subject=subject,
        at=clock.now(),
        data=data,
    )


def act(request: SignedRequest, do: Callable[..., Any], *arguments: object, **named: object) -> Any:
    """Carry out an action for who asks; what it refuses is said on the page, and None comes back.

    Raises Http404 where the order is out of reach.
    """
    try:
        return do(*arguments, viewer=request.viewer, by=request.user, at=clock.now(), **named)
    except Order.DoesNotExist as error:
        raise Http404 from error
    except actions.OrderRefused as error:
        messages.error(request, str(error))
        return None


def order_by_public_id(
    request: SignedRequest, public_id: str, permission: Permission = Permission.ORDER_VIEW
) -> Order:
    """The order with all that its paper says. Raises Http404, `Denied`."""
    found = queries.in_reach(request.viewer, permission).select_related(
        "person__unit", "site__parent", "case", "extends", "replaces", "series__unit", "drafted_by", "signed_by",
        "lifted_by",
    )  # fmt: skip
    try:
        return found.get(public_id=public_id)
    except Order.DoesNotExist as error:
        raise Http404 from error


def person_of(request: SignedRequest, person_id: str, permission: Permission) -> Person:
    """The person. Raises Http404, `Denied`."""
    try:
        return person_by_public_id(request.viewer, person_id, permission)
    except Person.DoesNotExist as error:
        raise Http404 from error
