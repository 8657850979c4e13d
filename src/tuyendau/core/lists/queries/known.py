"""The lists of the program and the acts on many of their rows, as the apps above register them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.access import Permission, Viewer
from tuyendau.core.lists.rules import ListOf


class RowRefused(Exception):
    """An act cannot be done on one row; the text says why. Nothing of the row was written."""


@dataclass(frozen=True, slots=True)
class Doing:
    """One row under an act: its public id, what was seen of it when it was chosen, and who acts, when, and why."""

    row: str
    seen: str
    data: Mapping[str, Any]
    ground: str
    viewer: Viewer
    by: AbstractBaseUser
    at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """What can be done to many rows of a list.

    `do` does it to one, in a savepoint of its own, and raises `RowRefused`. `names` gives the words by which people
    know rows (by public id), for the report of those that were refused; `url` is the name of a row's own address.
    """

    name: str
    title: Any
    permission: Permission
    do: Callable[[Doing], object]
    names: Callable[[Viewer, list[str]], Mapping[str, str]]
    url: str = ""


_lists: dict[str, ListOf] = {}
_acts: dict[tuple[str, str], Act] = {}


def register(of: ListOf) -> None:
    """Make a list known, so that views of it can be saved. Call it in AppConfig.ready."""
    _lists[of.name] = of


def register_act(list_name: str, act: Act) -> None:
    """Make an act on many rows of a list known. Call it in AppConfig.ready."""
    _acts[list_name, act.name] = act


def list_named(name: str) -> ListOf:
    """The list of that name. Raises KeyError."""
    return _lists[name]


def act_of(list_name: str, name: str) -> Act:
    """The act of that name on a list. Raises KeyError."""
    return _acts[list_name, name]
