"""Events of orders in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, str | Promise] = {
    "order.changed": _("Changed the draft of an order"),
    "order.drafted": _("Drafted an order"),
    "order.dropped": _("Dropped the draft of an order"),
    "order.lifted": _("Lifted an order"),
    "order.printed": _("Printed an order"),
    "order.read": _("Looked at an order"),
    "order.signed": _("Signed an order"),
    "orders.printed": _("Printed many orders"),
    "orders.read": _("Looked at the list of orders"),
    "orders.series_begun": _("Set where the numbers of orders begin"),
}
"""What each kind of event says."""
