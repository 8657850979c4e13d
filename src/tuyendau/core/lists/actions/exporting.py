"""A list as a file: every row, in the columns chosen, written while it is read, and on record before the first byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.utils import translation

from tuyendau.access import Permission, Viewer
from tuyendau.core.accounts.queries import reach_of
from tuyendau.core.acting import as_program, as_viewer
from tuyendau.core.audit import actions as audit
from tuyendau.core.lists.rules import Column
from tuyendau.lib import spreadsheet

T = TypeVar("T")
BATCH = 5_000
"""Rows that are read together: few enough to be held, many enough for the database."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file under way: what it is called, of what type it is, its pieces, and how many rows it has."""

    name: str
    media_type: str
    pieces: Iterator[bytes]
    rows: int


def taken_away(
    kind: str,
    *,
    title: str,
    columns: Sequence[Column],
    numbers: Callable[[], Sequence[int]],
    read: Callable[[Sequence[int]], Sequence[Any]],
    file: str,
    viewer: Viewer,
    subject: str,
    at: datetime,
    data: dict[str, Any],
    name: str,
    permission: Permission = Permission.EXPORT,
) -> Taken:
    """Every row of a list as a file of the format `file` ("xlsx", "csv", "parquet"), with an event `kind` on record.

    `numbers` gives the row ids of the whole list in its order, narrowed to the viewer's reach, and is called as the
    program; `read` gives the rows of some of them, and is called as the viewer, in the language of now. What changes
    while the file is written is as it is when its row is read. Raises `Denied`; KeyError for a format that there is
    none of.
    """
    viewer.require(permission)
    form = spreadsheet.FORMATS[file]
    with as_program():
        ids = list(numbers())
    audit.record_export(
        kind, viewer=viewer, permission=permission, subject=subject, at=at,
        data=data | {"rows": len(ids), "columns": [column.name for column in columns], "format": file},
    )  # fmt: skip
    headings = [
        spreadsheet.Column(str(column.title), column.width, str(column.privacy), column.name, column.kind)
        for column in columns
    ]
    pieces = form.pieces(title, headings, _batches(ids, columns, read, viewer))
    return Taken(f"{name}.{form.code}", form.media_type, pieces, len(ids))


def _batches(
    ids: Sequence[int],
    columns: Sequence[Column],
    read: Callable[[Sequence[int]], Sequence[Any]],
    viewer: Viewer,
) -> Iterator[list[list[object]]]:
    """The cells, batch after batch: the answer goes out after the request has ended, so each is read as its asker."""
    language = translation.get_language()
    reach = reach_of(viewer)
    values = [column.value for column in columns]

    def cells() -> Iterator[list[list[object]]]:
        for start in range(0, len(ids), BATCH):
            with translation.override(language), as_viewer(reach):
                rows = read(ids[start : start + BATCH])
                batch = [[value(row) for value in values] for row in rows]
            yield batch

    return cells()
