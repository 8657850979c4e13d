"""Changing who acts on this thread's connection to the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tuyendau.core.acting.roles import PROGRAM, VIEWER

_OWNER = "none"
_ATTRIBUTE = "tuyendau_acting"
_resting = PROGRAM


def rest_as(role: str | None) -> None:
    """Which role connections of this process have when nobody else is named; None is the role that signed in.

    Everything runs as the program. Tests rest as the owner, who empties tables between them.
    """
    global _resting
    _resting = role or _OWNER


def options() -> dict[str, str]:
    """Parameters for a connection of one's own, so that it too acts as this process does."""
    return {} if _resting == _OWNER else {"options": f"-c role={_resting}"}


def rests() -> bool:
    """Whether this thread's connection acts as it should when nobody else is named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        return bool(cursor.fetchone() == (_resting,))


@contextmanager
def as_program() -> Iterator[None]:
    """One transaction, or a savepoint of the one under way, in which the program acts, whoever is asking.

    Actions are written under it: what the asker may do has been decided before, by permission and reach. Also a
    decorator. A failure inside is rolled back and the one who acted before acts again.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        before = _acting()
        if before == PROGRAM:
            yield
            return
        with _said(PROGRAM):
            _set_local(PROGRAM)
            yield
        # The end of a transaction takes the role back by itself, that of a savepoint does not.
        if not outermost:
            _set_local(before)


@contextmanager
def as_viewer(reach: Mapping[str, str]) -> Iterator[None]:
    """Let only rows be read that lie in `reach`: settings of the database by name, see `config.row_security`."""
    _set({f"tuyendau.{name}": value for name, value in reach.items()} | {"role": VIEWER})
    try:
        with _said(VIEWER):
            yield
    finally:
        # In a transaction that failed nothing can be said any more; its end takes the role back with it.
        with suppress(DatabaseError):
            _set({"role": _resting})


@contextmanager
def as_owner() -> Iterator[None]:
    """Let the role that signed in act, as migrations must; later connections of this process are its as well."""
    global _resting
    before, _resting = _resting, _OWNER
    try:
        _set({"role": _OWNER})
        with _said(_OWNER):
            yield
    finally:
        _resting = before
        if connection.connection is not None and not connection.connection.closed:
            _rest(connection)


def _acting() -> str:
    """The role that acts on this thread's connection."""
    return getattr(connection, _ATTRIBUTE, _resting)


@contextmanager
def _said(role: str) -> Iterator[None]:
    """Remember who acts; whatever ends it, a rollback too, the one before acts again."""
    before = _acting()
    setattr(connection, _ATTRIBUTE, role)
    try:
        yield
    finally:
        setattr(connection, _ATTRIBUTE, before)


def _set(values: Mapping[str, str]) -> None:
    with connection.cursor() as cursor:
        calls = ", ".join(["set_config(%s, %s, false)"] * len(values))
        cursor.execute(f"SELECT {calls}", [part for pair in values.items() for part in pair])


def _set_local(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])


def _rest(of: BaseDatabaseWrapper) -> None:
    """Let the resting role act on a connection; before the first migration there is none, or not to be had."""
    if _resting != _OWNER:
        with of.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', rolname, false) FROM pg_roles "
                "WHERE rolname = %s AND pg_has_role(session_user, rolname, 'MEMBER')",
                [_resting],
            )


def _on_connected(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.vendor == "postgresql":
        _rest(connection)


connection_created.connect(_on_connected, dispatch_uid="acting.rest")
