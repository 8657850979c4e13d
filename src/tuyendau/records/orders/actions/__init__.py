"""Writes of orders: drafting, signing, lifting, going on from one, standing in the place of one."""

from tuyendau.records.orders.actions.drafting import (
    Draft,
    OrderRefused,
    change_draft,
    draft_order,
    draft_orders,
    drop_draft,
    extend_order,
    replace_order,
)
from tuyendau.records.orders.actions.signing import Signed, begin_series, lift_order, sign_orders

__all__ = [
    "Draft",
    "OrderRefused",
    "Signed",
    "begin_series",
    "change_draft",
    "draft_order",
    "draft_orders",
    "drop_draft",
    "extend_order",
    "lift_order",
    "replace_order",
    "sign_orders",
]
