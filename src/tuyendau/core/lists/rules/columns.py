"""The columns of a list: each is said once, for the page, the file, the order and the rights alike."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from tuyendau.access import Permission, Privacy, Viewer
from tuyendau.lib.spreadsheet import Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    `name` stands in addresses and in files for programs. `title` may be a lazy text. `value` gives a row's cell, as
    files hold it: None, str, int, float, bool, date or datetime. `sort` are the database's expressions to order by,
    (F expressions or names of fields); empty where it cannot be. `shown` whether it is there unless somebody chooses
    otherwise, `permission` what its reader must hold besides that of the list. `needs` names what must be fetched for
    it before its value is asked for.
    """

    name: str
    title: Any
    value: Callable[[Any], object]
    privacy: Privacy
    width: int = 14
    kind: Kind = Kind.TEXT
    sort: tuple[Any, ...] = ()
    shown: bool = False
    permission: Permission | None = None
    needs: str = ""
    fixed: bool = False
    """Whether it stands first and cannot be taken away: what a row is known by."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list that people work with: its name, the name of its address, its heading, its columns, who may open it."""

    name: str
    url: str
    title: Any
    permission: Permission
    columns: tuple[Column, ...]
    filters: frozenset[str] = field(default_factory=frozenset)
    """The names in the address by which it is narrowed: what a saved view keeps besides columns and order."""


def permitted(columns: Collection[Column], viewer: Viewer) -> tuple[Column, ...]:
    """The columns that the viewer may read."""
    return tuple(each for each in columns if each.permission is None or viewer.may(each.permission))
