"""What orders say of cases in the line list: the number of the latest signed one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tuyendau.access import Permission, Privacy, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.lists.rules import Column
from tuyendau.records.orders.queries.reach import in_reach


@as_program()
def latest_orders(viewer: Viewer, cases: Sequence[Any]) -> dict[int, str]:
    """The number of the latest order signed for the person of each case, of those that the viewer may see."""
    people = [case.person_id for case in cases]
    orders = (
        in_reach(viewer).filter(person__id__any_of=people, signed_at__isnull=False).select_related("series")
    )
    latest = {(order.person_id, order.disease): order for order in orders.order_by("signed_at", "pk")}
    return {
        case.pk: latest[case.person_id, case.disease].number_shown
        for case in cases
        if (case.person_id, case.disease) in latest
    }


COLUMNS = (
    Column(
        "order", _("Order number"), lambda case: case.beside.get("order"), Privacy.SENSITIVE, 18, needs="order",
        permission=Permission.ORDER_VIEW,
    ),
)  # fmt: skip
LOADERS = {"order": latest_orders}
