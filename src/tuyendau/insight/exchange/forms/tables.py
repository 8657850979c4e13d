"""From the bytes of a file to a table of texts that still knows the row numbers of the file."""

from __future__ import annotations

import csv
import io
import re

import polars as pl
from django.utils.translation import gettext as _

from tuyendau.insight.exchange.forms import limits as guard
from tuyendau.insight.exchange.forms import workbooks
from tuyendau.insight.exchange.forms.limits import Limits
from tuyendau.insight.exchange.forms.problems import FileRefused, Problem, Problems, refused
from tuyendau.insight.exchange.rules.decoding import Undecodable, decode

ROW = "row number"
"""Column of a raw table with the number of each row in the file, from 1. No heading has this name: see `specs.key`."""

HEADER_WITHIN = 20
"""The headings stand in one of the first rows."""

_SEPARATORS = ",;\t|"
_SEP_LINE = re.compile(r"sep=(.)\r?\n")
_CELL_LIMIT = 2**20


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are those of a workbook: .xlsx, .ods or .xls."""
    return data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def raw_table(
    data: bytes, limits: Limits, sheet: int = 0, *, looked_at: bool = False
) -> tuple[pl.DataFrame, bool]:
    """The cells of a CSV, TSV, XLSX, ODS, XLS or Parquet file as texts, and whether it is a workbook.

    Columns are "0", "1", … and `ROW`; headings are still a row of the table. Cells are stripped, empty ones null.
    Which format it is shows in the first bytes, not in the name. `sheet` counts from 0; merged cells are all filled.
    `looked_at`: the caller has asked `limits.refuse_workbook` already.
    Raises `FileRefused`, also for what holds more than `limits` allow.
    """
    workbook = is_workbook(data)
    if not data.strip():
        raise refused(_("The file is empty."))
    if data.startswith(b"PAR1"):
        cells = _parquet(data, limits)
    elif workbook:
        if not looked_at:
            guard.refuse_workbook(data, limits)
        cells = _workbook(data, sheet)
    else:
        cells = _text(data, limits)
    guard.refuse_shape(cells.height, cells.width, limits)
    guard.refuse_long_texts(cells, limits)
    stripped = cells.with_columns(pl.all().str.strip_chars().str.normalize("NFC"))
    emptied = stripped.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))
    return emptied.with_row_index(ROW, offset=1).with_columns(pl.col(ROW).cast(pl.Int64)), workbook


def _parquet(data: bytes, limits: Limits) -> pl.DataFrame:
    """A Parquet file, its column names made the first row and its values the texts that `values` reads."""
    guard.refuse_parquet(data, limits)
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise guard.unreadable_parquet() from error
    guard.refuse_long_texts(frame, limits)
    texts = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
    names = [str(i) for i in range(frame.width)]
    headings = pl.DataFrame([[name] for name in frame.columns], schema=dict.fromkeys(names, pl.String))
    texts.columns = names
    return pl.concat([headings, texts])


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return column.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%d %H:%M:%SZ")
    if isinstance(dtype, pl.Datetime):
        return column.dt.strftime("%Y-%m-%d %H:%M:%S")
    if dtype.is_float():
        return (
            pl.when(column == column.round())
            .then(column.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(column.cast(pl.String))
            .alias(name)
        )
    if dtype.is_nested() or dtype == pl.Binary:
        raise refused(_("This column holds lists or bytes. Leave it out."), name)
    return column.cast(pl.String)


def _workbook(data: bytes, sheet: int) -> pl.DataFrame:
    """A sheet of a workbook, from its row 1. A cell that Excel shows as a date comes as yyyy-mm-dd hh:mm:ss."""
    frame = workbooks.load(workbooks.open_workbook(data), sheet)
    if not frame.width:
        raise refused(_("The first sheet of the workbook is empty. Put the table on the first sheet."))
    return workbooks.filled(frame, workbooks.merged(data, sheet))


def _text(data: bytes, limits: Limits) -> pl.DataFrame:
    try:
        text, _encoding = decode(data)
    except Undecodable as error:
        raise refused(
            _("The letters of this file cannot be read with certainty. Save it as “CSV UTF-8” or as .xlsx.")
        ) from error
    separator, skipped = _separator(text)
    if '"' not in text:
        text = text if "\n" in text else text.replace("\r", "\n")
        try:
            return _plain(text, separator, skipped, limits)
        except pl.exceptions.PolarsError:
            pass
    return _quoted(text, separator, skipped, limits)


def _separator(text: str) -> tuple[str, int]:
    """What stands between cells, and how many lines of the file come before the table (`sep=;` of Excel)."""
    named = _SEP_LINE.match(text)
    if named:
        return named[1], 1
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    unquoted = [re.sub(r'"[^"]*"', "", line) for line in lines]
    counts = {mark: max((line.count(mark) for line in unquoted), default=0) for mark in _SEPARATORS}
    # The headings decide: the first line that has as many cells as any.
    best = max(_SEPARATORS, key=lambda mark: (unquoted[0].count(mark) if unquoted else 0, counts[mark]))
    return best, 0


def _plain(text: str, separator: str, skipped: int, limits: Limits) -> pl.DataFrame:
    """A file without quotation marks, read in columns. Polars' own error if some row is wider than the first."""
    first = text.lstrip("\r\n").partition("\n")[0]
    guard.refuse_shape(text.count("\n"), first.count(separator) + 1, limits)
    frame = pl.read_csv(
        text.encode(), has_header=False, infer_schema=False, separator=separator, quote_char=None,
        truncate_ragged_lines=False,
    )  # fmt: skip
    frame = frame.slice(skipped)
    if skipped:
        frame = pl.concat([frame.clear(skipped), frame])
    frame.columns = [str(i) for i in range(frame.width)]
    return frame


def _quoted(text: str, separator: str, skipped: int, limits: Limits) -> pl.DataFrame:
    """A file with quotation marks, or whose rows differ in width: read row by row.

    Every row is made as wide as the widest of those that may be the headings; one that is wider is refused.
    """
    csv.field_size_limit(_CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        message = _(
            "A quotation mark is not closed, or stands inside a cell: there it has to be written twice."
        )
        raise FileRefused([Problem(len(rows) + 1, "", message)]) from error
    rows[:skipped] = [[] for _line in range(skipped)]
    width = max(map(len, rows[:HEADER_WITHIN]), default=0)
    guard.refuse_shape(len(rows), width, limits)
    _refuse_wider(rows, width)
    padded = [row[:width] + [""] * (width - len(row)) for row in rows]
    columns = zip(*padded, strict=True)
    return pl.DataFrame({str(i): column for i, column in enumerate(columns)}, schema_overrides=None).cast(
        pl.String
    )


def _refuse_wider(rows: list[list[str]], width: int) -> None:
    """Refuse rows that have something behind the last of `width` columns."""
    problems = Problems()
    message = _(
        "This row has more cells than headings. Put a text that holds a separator in quotation marks."
    )
    for number, row in enumerate(rows, 1):
        if len(row) > width and any(row[width:]):
            problems.add(number, "", message, next(filter(None, row[width:])))
    problems.raise_any()
