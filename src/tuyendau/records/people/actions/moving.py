"""Moving what hangs on a person to another one, so that it can be brought back exactly.

Each app that keeps records of people subscribes to "person.merged" and "person.unmerged" and calls these for its own
tables, in the transaction of the merge.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from django.db import connection
from psycopg import sql

from tuyendau.core.audit.queries import Event
from tuyendau.records.people.models import Merge, Moved, Person


class MergeRefused(Exception):
    """The two cannot be merged; the text says why and what to do. Nothing was changed."""


def merge_of(event: Event) -> Merge:
    """The merge that an event "person.merged" or "person.unmerged" tells of, with both people."""
    found: Merge = Merge.objects.select_related("survivor", "merged").get(public_id=event.data["merge"])
    return found


def move(
    merge: Merge, kind: str, *, table: str, column: str = "person_id", unique: Sequence[str] = ()
) -> int:
    """Give the rows of `table` that are the merged person's to the survivor; how many there were.

    A row of which the survivor has the same in `unique` is taken away instead and kept. The rows' ids are kept under
    `kind`. The table has a column `id`.
    """
    names = _names(table, column)
    values = {"merged": merge.merged_id, "survivor": merge.survivor_id}
    dropped: list[dict[str, Any]] = []
    if unique:
        same = sql.SQL(" AND ").join(
            sql.SQL("m.{0} IS NOT DISTINCT FROM s.{0}").format(sql.Identifier(name)) for name in unique
        )
        dropped = _rows(
            "DELETE FROM {table} m USING {table} s WHERE m.{column} = %(merged)s AND s.{column} = %(survivor)s "
            "AND {same} RETURNING to_jsonb(m)",
            names | {"same": same},
            values,
        )
    ids = _rows(
        "UPDATE {table} SET {column} = %(survivor)s WHERE {column} = %(merged)s RETURNING id", names, values
    )
    # A row that met two of the survivor's is told of twice.
    once = list({row["id"]: row for row in dropped}.values())
    keep(merge, kind, {"ids": ids, "dropped": once})
    return len(ids) + len(once)


def bring_back(merge: Merge, kind: str, *, table: str, column: str = "person_id", where: str = "true") -> int:
    """Undo `move`: rows that are still there go back, whatever became of them since; those taken away are put again.

    `where` is a condition on a kept row `r`, for tables whose old rows may have nowhere to go back to.
    """
    data = kept(merge, kind)
    if data is None:
        return 0
    names = _names(table, column)
    holder = survivor_of(merge.survivor_id)
    back = _rows(
        "UPDATE {table} SET {column} = %(merged)s WHERE id = ANY(%(ids)s) AND {column} = %(holder)s RETURNING id",
        names,
        {"merged": merge.merged_id, "ids": data["ids"], "holder": holder},
    )
    return len(back) + put_again(table, data["dropped"], where)


def put_again(table: str, rows: Sequence[dict[str, Any]], where: str = "true") -> int:
    """Insert rows of `table` as they were; those whose like is there stay away. How many went in."""
    if not rows:
        return 0
    written = _rows(
        "INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %(rows)s::jsonb) AS r "  # noqa: S608
        f"WHERE {where} ON CONFLICT DO NOTHING RETURNING id",
        _names(table, "id"),
        {"rows": _json(rows)},
    )
    return len(written)


def rows_of(table: str, ids: Sequence[int], column: str = "id") -> list[dict[str, Any]]:
    """The rows of `table` whose `column` is among `ids`, as `put_again` takes them."""
    return _rows(
        "SELECT to_jsonb(t) FROM {table} t WHERE t.{column} = ANY(%(ids)s) ORDER BY t.id",
        _names(table, column),
        {"ids": list(ids)},
    )


def keep(merge: Merge, kind: str, data: dict[str, Any]) -> None:
    """Keep what is needed to bring back what is of `kind`; nothing where nothing was moved."""
    if any(data.values()):
        Moved.objects.create(merge=merge, kind=kind, data=data)


def kept(merge: Merge, kind: str) -> dict[str, Any] | None:
    """What `keep` kept."""
    return Moved.objects.filter(merge=merge, kind=kind).values_list("data", flat=True).first()


def survivor_of(person_id: int) -> int:
    """The row id of whoever a person was merged into, or their own."""
    into = Person.objects.filter(pk=person_id).values_list("merged_into_id", flat=True).first()
    return person_id if into is None else survivor_of(into)


def _names(table: str, column: str) -> dict[str, sql.Composable]:
    return {"table": sql.Identifier(table), "column": sql.Identifier(column)}


def _rows(query: str, names: dict[str, sql.Composable], values: dict[str, Any]) -> list[Any]:
    """The first column of every row of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(cast("Any", query)).format(**names), values)
        return [_parsed(row[0]) for row in cursor.fetchall()]


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return json.dumps(list(rows))
