"""Loading tables of millions of rows in one transaction.

The records' own actions check each row against what is there, write in lists that one statement can take, and keep
every index current: at a province's size that is an hour. Into an empty database, of rows that are made and not taken
from anybody, COPY does the same work in minutes, and the indexes are built once, at the end. As all of it is one
transaction, a load that is cut short leaves tables, indexes and triggers as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import LiteralString

import numpy as np
import polars as pl
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

SLICE = 200_000
_PG_EPOCH = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
_COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_TRAILER = b"\xff\xff"
_CONSTRAINTS: LiteralString = """
SELECT c.conname, pg_get_constraintdef(c.oid), c.contype FROM pg_constraint c
WHERE c.conrelid = %s::regclass AND c.contype = ANY(%s) ORDER BY c.contype DESC, c.conname
"""
_INDEXES: LiteralString = """
-- Of a partitioned table the definition names that table alone; what is built anew is wanted in each of its parts.
SELECT i.indexrelid::regclass::text, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') FROM pg_index i
WHERE i.indrelid = %s::regclass AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1
"""


def copy_rows(table: str, frame: pl.DataFrame) -> None:
    """Add the rows of `frame`, whose columns are the table's own, to `table`."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for part in frame.iter_slices(SLICE):
            # An empty text is written in quotes, nothing at all without: so PostgreSQL tells '' from NULL.
            copy.write(part.write_csv(include_header=False).encode())


def count_on(table: str) -> None:
    """Let the table's own numbers go on behind those that were given."""
    statement = sql.SQL(
        "SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {}), false)"
    ).format(sql.Literal(table), sql.Identifier(table))
    with connection.cursor() as cursor:
        cursor.execute(statement)


def copy_visits(
    *,
    person: NDArray[np.int32],
    site: NDArray[np.int32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    assumed: NDArray[np.bool_],
    source: NDArray[np.int16],
    recorded: NDArray[np.int64],
) -> None:
    """Add visits: row ids, Unix seconds. Their days' parts of the table must be there."""
    columns = (
        ("person", person, ">i4"), ("site", site, ">i4"), ("start", _moments(start), ">i8"),
        ("end", _moments(end), ">i8"), ("assumed", assumed, "u1"), ("source", source, ">i2"),
        ("recorded", _moments(recorded), ">i8"),
    )  # fmt: skip
    kind = np.dtype(
        [("fields", ">i2")]
        + [part for name, _, form in columns for part in ((f"{name}_size", ">i4"), (name, form))]
    )
    statement = (
        'COPY visits_visit (person_id, site_id, start, "end", end_assumed, source, recorded_at) '
        "FROM STDIN (FORMAT BINARY)"
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_COPY_HEADER)
        for low in range(0, len(person), SLICE):
            part = slice(low, low + SLICE)
            rows = np.empty(len(person[part]), kind)
            rows["fields"] = len(columns)
            for name, values, form in columns:
                rows[name], rows[f"{name}_size"] = values[part], np.dtype(form).itemsize
            copy.write(rows.tobytes())
        copy.write(_COPY_TRAILER)


def _moments(seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    return (np.asarray(seconds, np.int64) - _PG_EPOCH) * 1_000_000


@contextmanager
def without_indexes(*tables: str, primary: bool = False) -> Iterator[None]:
    """Within the transaction under way, take away the tables' indexes and foreign keys, and at the end build them anew.

    Primary keys stay unless `primary`. The tables' owner must act.
    """
    kinds = ["f", "u", "p"] if primary else ["f", "u"]
    taken: list[tuple[str, list[tuple[str, str, str]], list[tuple[str, str]]]] = []
    with connection.cursor() as cursor:
        # What rows of this transaction still have to be checked for is checked now: else no table could be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for table in tables:
            cursor.execute(_CONSTRAINTS, [table, kinds])
            constraints = cursor.fetchall()
            cursor.execute(_INDEXES, [table])
            indexes = cursor.fetchall()
            taken.append((table, constraints, indexes))
            for name, _definition, _kind in constraints:
                cursor.execute(
                    sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                        sql.Identifier(table), sql.Identifier(name)
                    )
                )
            for name, _definition in indexes:
                cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _table, _constraints, indexes in taken:
            for _name, definition in indexes:
                cursor.execute(definition)
        # Unique and primary keys of all tables first: foreign keys may rest on them.
        for foreign in (False, True):
            for table, constraints, _indexes in taken:
                for name, definition, kind in constraints:
                    if (kind == "f") is foreign:
                        cursor.execute(
                            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(
                                sql.Identifier(table), sql.Identifier(name)
                            )
                            + sql.SQL(definition)
                        )


@contextmanager
def quietly(table: str) -> Iterator[None]:
    """Within the transaction under way, load `table` without its own triggers. The table's owner must act."""
    name = sql.Identifier(table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    yield
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def analyze(*tables: str) -> None:
    """Have the planner know what the tables hold."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
