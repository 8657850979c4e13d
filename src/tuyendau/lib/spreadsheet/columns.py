"""What is said of a column of a file, and cells as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from tuyendau.lib.clock import ZONE

Row = Sequence[object]
Batches = Iterable[Sequence[Row]]
"""Rows, many at a time: what is read together is written together."""


class Kind(StrEnum):
    """What the cells of a column are, where a file keeps types."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and the class of its data, as `access.Privacy` names them.

    `name` is that by which programs know it, the heading where there is none; `kind` what its cells are.
    """

    title: str
    width: int = 14
    privacy: str = ""
    name: str = ""
    kind: Kind = Kind.TEXT


class Heading(Protocol):
    """What the writers ask of a column."""

    @property
    def title(self) -> object: ...
    @property
    def width(self) -> int: ...


def local(value: datetime) -> datetime:
    """A moment as the province's clock shows it, without a zone."""
    return value if value.tzinfo is None else value.astimezone(ZONE).replace(tzinfo=None)


def plain(value: object) -> str:
    """A cell as text for programs: days as 2021-05-08, moments as 2021-05-08 20:30, yes and no as 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
