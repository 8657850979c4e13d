"""What a list has, and what of it somebody asked for. No Django."""

from tuyendau.core.lists.rules.asked import (
    Asked,
    Order,
    asked_for,
    head,
    order_text,
)
from tuyendau.core.lists.rules.columns import Column, ListOf, permitted

__all__ = [
    "Asked",
    "Column",
    "ListOf",
    "Order",
    "asked_for",
    "head",
    "order_text",
    "permitted",
]
