"""What the writing of the two trees, units and sites, shares: numbers ahead of rows, and moved branches."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

# Any number will do that nothing else in the program locks: writers of one tree wait for each other.
_LOCK = 0x706C6163


def lock_trees() -> None:
    """Have writers of units and sites wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def next_ids(model: type[Model], count: int) -> list[int]:
    """`count` fresh row numbers of `model`, so that paths are known before rows are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def rebuild_paths(model: type[Model]) -> None:
    """Set the path of every row from its parents again, where it has moved: after a branch was hung elsewhere."""
    table = connection.ops.quote_name(model._meta.db_table)
    sql = """
        WITH RECURSIVE tree (id, path) AS (
            SELECT id, '/' || id || '/' FROM {table} WHERE parent_id IS NULL
            UNION ALL
            SELECT child.id, tree.path || child.id || '/' FROM {table} child JOIN tree ON child.parent_id = tree.id
        )
        UPDATE {table} SET path = tree.path FROM tree
        WHERE {table}.id = tree.id AND {table}.path IS DISTINCT FROM tree.path
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{table}", table))
