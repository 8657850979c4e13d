"""The kinds of file that a list is taken away as."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tuyendau.lib.spreadsheet.columns import Batches, Column
from tuyendau.lib.spreadsheet.csvs import csv_pieces
from tuyendau.lib.spreadsheet.parquet import parquet_pieces
from tuyendau.lib.spreadsheet.xlsx import xlsx_pieces

Pieces = Callable[[str, Sequence[Column], Batches], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its ending, its media type, how it is named to people, and what writes it piece by piece."""

    code: str
    media_type: str
    title: str
    pieces: Pieces


FORMATS: dict[str, Format] = {
    each.code: each
    for each in (
        Format(
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", xlsx_pieces
        ),
        Format("csv", "text/csv; charset=utf-8", "CSV", csv_pieces),
        Format("parquet", "application/vnd.apache.parquet", "Parquet", parquet_pieces),
    )
}
