"""Removing orders that were kept long enough."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from tuyendau.core.acting import as_program
from tuyendau.core.retention.queries import Found, Keeping
from tuyendau.core.retention.rules import Act
from tuyendau.records.orders.models import Order, OrderVersion

Held = frozenset[str]


def _old(before: date, held: Held) -> QuerySet[Order]:
    """Orders long over; of a chain of orders none goes before the last is over."""
    old = Order.objects.filter(over_from__lte=before).exclude(person__public_id__in=held)
    return old.exclude(extended_by__over_from__gt=before).exclude(replaced_by__over_from__gt=before)


def _found(before: date, held: Held) -> Found:
    days = _old(before, held).aggregate(oldest=Min("starts_on"), newest=Max("starts_on"))
    count = _old(before, held).count()
    return Found({"orders_order": count} if count else {}, days["oldest"], days["newest"])


@as_program()
def remove_orders(before: date, held: Held) -> Found:
    """Delete orders that were over before a day, and what was known of them.

    The database itself refuses those of the last half year.
    """
    found = _found(before, held)
    old = list(_old(before, held).order_by("-pk").values_list("pk", flat=True))
    # Later orders point at earlier ones: from the last to the first.
    for pk in old:
        Order.objects.filter(pk=pk, extended_by__isnull=True, replaced_by__isnull=True).delete()
    gone = set(old) - set(Order.objects.filter(pk__in=old).values_list("pk", flat=True))
    OrderVersion.objects.filter(row__in=gone).delete()
    return found


KEEPING = Keeping("orders", _("Orders of isolation and quarantine"), Act.DELETE, _found, remove_orders)
