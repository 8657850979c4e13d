"""Parquet, for those who go on to count: columns with their types, titles and privacy classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tuyendau.lib.clock import ZONE
from tuyendau.lib.spreadsheet.columns import Batches, Column, Kind, plain
from tuyendau.lib.spreadsheet.pipe import Pipe

_TYPES: dict[Kind, Any] = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DAY: pa.date32(),
    Kind.MOMENT: pa.timestamp("s", tz=str(ZONE)),
    Kind.FLAG: pa.bool_(),
}
_GROUP = 50_000


def parquet_pieces(name: str, columns: Sequence[Column], batches: Batches) -> Iterator[bytes]:
    """A Parquet file; each column's field keeps its heading and the class of its data as metadata.

    Cells that are not of their column's kind are left empty. `name` is kept as the metadata "list".
    """
    schema = pa.schema([_field(column) for column in columns], metadata={"list": str(name)})
    pipe = Pipe()
    with pq.ParquetWriter(pa.PythonFile(pipe, mode="w"), schema, compression="zstd") as writer:
        for group in _groups(batches):
            arrays = [
                pa.array([_TO[column.kind](row[place]) for row in group], field.type)
                for place, (column, field) in enumerate(zip(columns, schema, strict=True))
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
            yield pipe.take()
    yield pipe.take()


def _field(column: Column) -> Any:
    about = {"title": str(column.title), "privacy": str(column.privacy)}
    return pa.field(column.name or str(column.title), _TYPES[column.kind], metadata=about)


def _groups(batches: Batches) -> Iterator[list[Sequence[object]]]:
    """Rows in groups of a size that reads well; none at all is one empty group."""
    group: list[Sequence[object]] = []
    for batch in batches:
        group.extend(batch)
        if len(group) >= _GROUP:
            yield group
            group = []
    yield group


def _text(value: object) -> str | None:
    return value if value is None or type(value) is str else plain(value) or None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


_TO: dict[Kind, Callable[[object], object]] = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.FLAG: _flag,
}
