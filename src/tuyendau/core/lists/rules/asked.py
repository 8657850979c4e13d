"""What an address asks of a list: columns (`col`, several), order (`order`), filters. No Django.

`order=-onset,name` is by onset, the latest first, and of one day by name. Names that are not known, or that the reader
may not see, are passed over: a link from somebody else opens and shows what its receiver may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tuyendau.access import Viewer
from tuyendau.core.lists.rules.columns import Column, ListOf, permitted

COLUMN, ORDER = "col", "order"
NOT_KEPT = frozenset({"page", "view", "print", "format"})
"""What an address may say that belongs to the moment and not to what is looked at."""

MOST_ORDERS = 3


@dataclass(frozen=True, slots=True)
class Order:
    """By one column, upwards or downwards."""

    column: Column
    down: bool = False

    @property
    def text(self) -> str:
        return f"-{self.column.name}" if self.down else self.column.name


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody sees of a list: the columns in their order, all they might choose, and what it is sorted by."""

    columns: tuple[Column, ...]
    offered: tuple[Column, ...]
    orders: tuple[Order, ...]

    @property
    def needs(self) -> frozenset[str]:
        """What must be fetched for the columns."""
        return frozenset(column.needs for column in self.columns if column.needs)

    @property
    def rest(self) -> tuple[Column, ...]:
        """The columns that are offered and not chosen."""
        chosen = {column.name for column in self.columns}
        return tuple(column for column in self.offered if column.name not in chosen)


def asked_for(of: ListOf, viewer: Viewer, names: Sequence[str], order: str) -> Asked:
    """The columns and order that `names` and `order` ask for, as far as the viewer may; else those shown at first."""
    offered = permitted(of.columns, viewer)
    known = {column.name: column for column in offered}
    chosen = [known[name] for name in dict.fromkeys(names) if name in known]
    if not any(not column.fixed for column in chosen):
        chosen = [column for column in offered if column.shown]
    fixed = [column for column in offered if column.fixed]
    columns = (*fixed, *(column for column in chosen if not column.fixed))
    return Asked(columns, offered, tuple(_orders(known, order)))


def _orders(known: dict[str, Column], order: str) -> Iterable[Order]:
    taken: set[str] = set()
    for part in order.split(","):
        name = part.removeprefix("-").strip()
        column = known.get(name)
        if column is not None and column.sort and name not in taken and len(taken) < MOST_ORDERS:
            taken.add(name)
            yield Order(column, part.startswith("-"))


def order_text(orders: Iterable[Order]) -> str:
    """Orders as they stand in an address."""
    return ",".join(order.text for order in orders)


def head(column: Column, orders: Sequence[Order]) -> tuple[str, str]:
    """How a list is sorted by `column` now ("up", "down", or ""), and the order that pressing its heading asks for.

    The column pressed leads; pressed again it turns round, a third time it is let go. What led before follows it.
    """
    now = next((order for order in orders if order.column.name == column.name), None)
    others = [order for order in orders if order.column.name != column.name]
    state = "" if now is None else "down" if now.down else "up"
    if now is not None and orders[0] is now:
        then = [Order(column, True), *others] if not now.down else others
    else:
        then = [Order(column), *others]
    return state, order_text(then[:MOST_ORDERS])
