"""The order of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

from tuyendau.core.lists.rules import Order

M = TypeVar("M", bound=Model)


def sorted_by(rows: QuerySet[M], orders: Iterable[Order], *then: Any) -> QuerySet[M]:
    """`rows` in the order asked for, what is not known last; among equals in the order `then`, which must be total."""
    asked = [
        expression.desc(nulls_last=True) if order.down else expression.asc(nulls_last=True)
        for order in orders
        for expression in (F(each) if isinstance(each, str) else each for each in order.column.sort)
    ]
    return rows.order_by(*asked, *then)
