"""CSV that Excel opens in Vietnamese and takes no text of for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from tuyendau.lib.spreadsheet.columns import Batches, Column, plain

BOM = "\ufeff"
_RUN = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """A text that no spreadsheet runs: one that begins as a formula does gets an apostrophe before it (OWASP)."""
    return "'" + text if text.startswith(_RUN) else text


def csv_pieces(name: str, columns: Sequence[Column], batches: Batches) -> Iterator[bytes]:
    """A CSV file in UTF-8 with its mark, commas between cells and a header; days as 2021-05-08.

    Numbers stay numbers, also below zero. `name` is not used: a CSV file has no sheets.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write(BOM)
    writer.writerow([harmless(str(column.title)) for column in columns])
    for batch in batches:
        writer.writerows(
            [harmless(value) if type(value) is str else _cell(value) for value in row] for row in batch
        )
        yield text.getvalue().encode("utf-8", "replace")
        text.seek(0)
        text.truncate()
    if rest := text.getvalue():
        yield rest.encode("utf-8", "replace")


def _cell(value: object) -> object:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else harmless(plain(value))
