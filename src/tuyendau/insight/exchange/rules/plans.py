"""How the columns and the values of a file are to be read, as somebody settled it once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

LEFT_OUT = ""
"""What stands for a column in a plan that carries nothing to be kept."""

OPEN = "?"
"""What stands for a column of which nobody has said what it is."""

DAY_PARTS = ("day", "month", "year")
NAME_PARTS = ("last", "first")
PART = "."
"""Between a field and a part of it: "onset.day", "full_name.last"."""


class Order(StrEnum):
    """How the dates of a column are written, once somebody said so. Years of two digits are read then, too.

    SWAPPED: texts begin with the day, but the cells that are true dates were swapped when a spreadsheet that puts the
    month first read them.
    """

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    SWAPPED = "swapped"


@dataclass(frozen=True, slots=True)
class Plan:
    """How one file is read.

    `sheet` counts from 0, `header` are the first and last row of the headings, from 1; None: to be found. `columns`
    says of each column which field it is, `values` by field what a folded text stands for,
    `orders` by field an `Order`.
    """

    sheet: int | None = None
    header: tuple[int, int] | None = None
    columns: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Plan:
        """A plan from what `as_data` gave."""
        header = data.get("header")
        return cls(
            data.get("sheet"),
            (int(header[0]), int(header[1])) if header else None,
            tuple(data.get("columns", ())),
            data.get("values", {}),
            data.get("orders", {}),
        )

    def as_data(self) -> dict[str, Any]:
        """The plan as JSON holds it."""
        return {
            "sheet": self.sheet,
            "header": list(self.header) if self.header else None,
            "columns": list(self.columns),
            "values": {name: dict(known) for name, known in self.values.items()},
            "orders": dict(self.orders),
        }

    def answered(self, values: Mapping[str, Mapping[str, str]], orders: Mapping[str, str]) -> Plan:
        """The plan with more values and orders; a later answer goes before an earlier one."""
        merged = {name: dict(known) for name, known in self.values.items()}
        for name, known in values.items():
            merged.setdefault(name, {}).update(known)
        return replace(self, values=merged, orders={**self.orders, **orders})

    @property
    def undecided(self) -> bool:
        """Whether somebody has to say what a column is."""
        return OPEN in self.columns


def twice(columns: Sequence[str]) -> set[str]:
    """Fields that more than one column is said to be, and fields of which both the whole and a part are."""
    seen: set[str] = set()
    doubles: set[str] = set()
    for name in columns:
        if name in (LEFT_OUT, OPEN):
            continue
        if name in seen:
            doubles.add(name)
        seen.add(name)
    return doubles | {
        name.partition(PART)[0] for name in seen if PART in name and name.partition(PART)[0] in seen
    }


def whole(columns: Sequence[str]) -> set[str]:
    """The fields that the columns give, parts counted to their field."""
    return {name.partition(PART)[0] for name in columns if name not in (LEFT_OUT, OPEN)}
