"""How much a file may hold once unpacked: a few bytes can say so much that whoever reads it dies of it.

Everything is counted before memory is taken for it, and nothing that a file says about its own size is believed.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms import opendocument
from tuyendau.insight.exchange.forms.problems import FileRefused, refused


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may hold: rows, columns, cells (rows times columns), bytes once unpacked.

    `old_workbooks` says whether .xls is read: its size shows only when it is too late.
    """

    rows: int
    columns: int
    cells: int
    unpacked: int
    old_workbooks: bool


WEB = Limits(rows=2_000_000, columns=500, cells=20_000_000, unpacked=200 * 2**20, old_workbooks=False)
"""For a file that somebody sends."""

SERVER = Limits(rows=100_000_000, columns=500, cells=2_000_000_000, unpacked=8 * 2**30, old_workbooks=True)
"""For a file that whoever runs the program names on its machine."""

PARQUET_COLUMNS = 200
PARQUET_UNPACKED = 500 * 2**20

_STORED, _DEFLATED = 0, 8
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
# The beginning of a cell, with or without a prefix, and that of one with its address first, as nearly all are written.
_CELL = tuple(
    before + b"c" + after for before in (b"<", b":") for after in (b" ", b">", b"/", b"\t", b"\r", b"\n")
)
_ADDRESSED = b'<c r="'
_ADDRESS = re.compile(rb"""r\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_TEXT = re.compile(rb"<(?:\w+:)?si\b")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>\s*(\d+)")


def refuse_shape(rows: int, columns: int, limits: Limits) -> None:
    """Refuse a table of more rows, columns or cells than `limits` allow."""
    if columns > limits.columns:
        raise refused(
            _("The table has %(columns)s columns; at most %(most)s can be read. Leave out those not needed.")
            % {"columns": columns, "most": limits.columns}
        )
    if rows > limits.rows or rows * columns > limits.cells:
        raise _too_many_rows(rows, limits)


def refuse_long_texts(frame: pl.DataFrame, limits: Limits) -> None:
    """Refuse a table whose texts, each counted wherever it stands, would fill more than `limits` allow."""
    lengths = frame.select(
        pl.col(pl.String).str.len_bytes().cast(pl.Int64).sum(),
        pl.col(pl.Categorical, pl.Enum).cat.len_bytes().cast(pl.Int64).sum(),
    )
    if lengths.width and lengths.sum_horizontal()[0] > max(limits.unpacked, PARQUET_UNPACKED):
        raise _too_large()


def refuse_parquet(data: bytes, limits: Limits) -> None:
    """Refuse a Parquet file that would unpack to more than `limits` allow, by the numbers at its end."""
    try:
        about = pq.ParquetFile(io.BytesIO(data)).metadata
        unpacked = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
        rows = max(about.num_rows, sum(about.row_group(i).num_rows for i in range(about.num_row_groups)))
    except (pa.ArrowException, OSError) as error:
        raise unreadable_parquet() from error
    refuse_shape(rows, about.num_columns, limits)
    if about.num_columns > PARQUET_COLUMNS:
        raise refused(
            _("The table has %(columns)s columns; at most %(most)s can be read. Leave out those not needed.")
            % {"columns": about.num_columns, "most": PARQUET_COLUMNS}
        )
    if unpacked > max(limits.unpacked, PARQUET_UNPACKED):
        raise _too_large()


def unreadable_parquet() -> FileRefused:
    """The refusal of a Parquet file that is damaged."""
    return refused(_("The Parquet file cannot be read. Write it again."))


def refuse_workbook(data: bytes, limits: Limits) -> None:
    """Refuse a workbook that would unpack to more than `limits` allow, and one that is none of .xlsx."""
    if not data.startswith(b"PK"):
        if not limits.old_workbooks:
            raise refused(
                _(
                    "A workbook of the old kind, .xls, or one with a password is not read here. Save it as .xlsx."
                )
            )
        return
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged() from error
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    left = limits.unpacked
    if {"content.xml", "mimetype"} <= names and not any(name.startswith("xl/") for name in names):
        for entry in entries:
            part = _inflated(data, entry, left)
            left -= len(part)
            if entry.filename == "content.xml":
                opendocument.refuse_content(part, limits.cells)
        return
    if "xl/workbook.xml" not in names or names & {"xl/workbook.bin", "content.xml"}:
        raise refused(_("This is no workbook that can be read here. Save it as .xlsx."))
    lengths: list[int] = []
    sheets: list[tuple[bytes, int]] = []
    for entry in entries:
        part = _inflated(data, entry, left)
        left -= len(part)
        if b"<si" in part or b":si" in part:
            lengths += map(len, _TEXT.split(part)[1:])
        elif cells := _cells(part):
            _refuse_sheet(part, cells, limits)
            sheets.append((part, cells))
    _refuse_shared_texts(sheets, lengths, limits)


def _inflated(data: bytes, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The content of one entry, unpacked no further than `most` bytes. The directory's own word on it is not asked."""
    start = entry.header_offset
    try:
        mark, name, extra = _LOCAL_HEADER.unpack_from(data, start)
    except struct.error as error:
        raise _damaged() from error
    start += _LOCAL_HEADER.size + name + extra
    packed = data[start : start + entry.compress_size]
    if mark != b"PK\x03\x04" or entry.compress_type not in (_STORED, _DEFLATED):
        raise _damaged()
    if entry.compress_type == _STORED:
        part = packed
    else:
        try:
            part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most + 1)
        except zlib.error as error:
            raise _damaged() from error
    if len(part) > most:
        raise _too_large()
    return part


def _refuse_sheet(part: bytes, cells: int, limits: Limits) -> None:
    """Refuse a sheet whose cells stand so far apart that the table around them has too many."""
    addresses = _ADDRESS.findall(part)
    width = max((_column(letters) for letters in {letters for letters, _row in addresses}), default=0)
    height = max((int(row[:9]) for row in {row for _letters, row in addresses}), default=0)
    if part.count(_ADDRESSED) < cells:
        # Cells without addresses follow one another, and so do rows.
        rows = _ROW.split(part)
        width = max(width, *map(_cells, rows))
        height = max(height, len(rows))
    if height * width > limits.cells:
        raise refused(
            _(
                "The sheet reaches to row %(row)s and to its column number %(column)s. Delete the rows and columns "
                "outside the table, or save the table as CSV."
            )
            % {"row": height, "column": width}
        )


def _cells(part: bytes) -> int:
    """How many cells a part of a workbook holds, or a few more."""
    return sum(part.count(mark) for mark in _CELL)


def _column(letters: bytes) -> int:
    """The number of a column from 1: A is 1, AA is 27."""
    number = 0
    for letter in letters[:7].upper():
        number = number * 26 + letter - 64
    return number


def _refuse_shared_texts(sheets: list[tuple[bytes, int]], lengths: list[int], limits: Limits) -> None:
    """Refuse a workbook in which long texts, written once, stand in very many cells."""
    longest = max(lengths, default=0)
    for part, cells in sheets:
        if longest * cells <= limits.unpacked:
            continue
        numbers = (int(found[1][:9]) for found in _VALUE.finditer(part))
        if sum(lengths[number] for number in numbers if number < len(lengths)) > limits.unpacked:
            raise _too_large()


def _too_many_rows(rows: int, limits: Limits) -> FileRefused:
    return refused(
        _(
            "The table has %(rows)s rows, more than can be read at once: %(most)s, and fewer where there are many "
            "columns. Split the file."
        )
        % {"rows": rows, "most": limits.rows}
    )


def _too_large() -> FileRefused:
    return refused(_("The file is too large once unpacked. Split it, or save the table as CSV."))


def _damaged() -> FileRefused:
    return refused(_("The workbook is damaged. Save it as .xlsx and send it again."))
