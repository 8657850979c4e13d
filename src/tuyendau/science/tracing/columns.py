"""Columns of an analyst's file as the engine needs them; the first value that does not fit is told with its place."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import polars as pl

from tuyendau.science.epi.times import EPOCH, UTC_OFFSET
from tuyendau.science.tracing.tables import ROW, Table
from tuyendau.science.tracing.texts import Problem
from tuyendau.science.tracing.visits import Longs

_INSTANT = (
    r"^(?P<date>\d{4}-\d{2}-\d{2})(?:[Tt ]+(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)"
    r"(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?\s*(?P<zone>[Zz]|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$"
)
_EPOCH_DAYS = EPOCH.toordinal() - 719_163
_LOW, _HIGH = -(2**31) + 1, 2**31 - 1


def refuse(table: Table, bad: pl.Series, key: str, column: str) -> None:
    """Raise Problem `key` for the first row where `bad` is true, if there is one."""
    found = bad.arg_true()
    if len(found):
        row = int(found[0])
        value = table.frame[column][row]
        raise Problem(key, file=table.file, row=place(table, row), column=column, value=value)


def place(table: Table, row: int) -> str:
    """Where the row at index `row` of the frame stands in the file."""
    return table.place(int(table.frame[ROW][row]))


def ids(table: Table, column: str) -> pl.Series:
    """Identifiers as text, without spaces around them; none may be empty."""
    values = table.frame[column]
    if not (
        values.dtype == pl.String or values.dtype.is_integer() or values.dtype in (pl.Categorical, pl.Enum)
    ):
        _wrong_kind(table, column, "text or whole numbers")
    text = values.cast(pl.String)
    # What comes from a CSV has been stripped already.
    text = text.str.strip_chars() if table.text is None else text
    refuse(table, text.is_null() | (text == ""), "blank", column)
    return text


def instants(table: Table, column: str) -> Longs:
    """Times as int64 seconds since EPOCH; those without an offset are local. Fractions of a second are dropped."""
    values = table.frame[column]
    refuse(table, values.is_null(), "blank", column)
    if isinstance(values.dtype, pl.Datetime):
        local = 0 if values.dtype.time_zone else UTC_OFFSET
        seconds = values.dt.epoch("s") - int(EPOCH.timestamp()) - local
    elif values.dtype == pl.String:
        seconds = _parsed(table, column, values)
    else:
        _wrong_kind(table, column, "times")
    refuse(table, (seconds < _LOW) | (seconds > _HIGH), "range", column)
    return seconds.to_numpy()


def _plain(values: pl.Series) -> pl.Series | None:
    """Local times as most programs write them, or None if even one is written otherwise.

    The length leaves no room for a missing digit, and a 60th second is not taken for a time.
    """
    times = values.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False)
    if times.has_nulls() or (values.str.len_bytes() != 19).any() or (values.str.slice(17, 1) > "5").any():
        return None
    return times.dt.epoch("s") - int(EPOCH.timestamp()) - UTC_OFFSET


def _parsed(table: Table, column: str, values: pl.Series) -> pl.Series:
    plain = _plain(values)
    if plain is not None:
        return plain
    parts = values.str.strip_chars().str.extract_groups(_INSTANT).struct.unnest()
    days = parts["date"].str.to_date("%Y-%m-%d", strict=False)
    # What Polars reads must be what was written: 2021-02-30 is no day.
    refuse(table, days.is_null() | (days.dt.to_string("%Y-%m-%d") != parts["date"]), "time", column)
    refuse(table, parts["hour"].is_null(), "date_only", column)
    number = {n: parts[n].cast(pl.Int64).fill_null(0) for n in ("hour", "minute", "second")}
    zone = (
        parts["zone"].fill_null(f"+{UTC_OFFSET // 3_600:02d}").str.replace("[Zz]", "+00").str.replace(":", "")
    )
    shift = zone.str.slice(1, 2).cast(pl.Int64) * 3_600
    shift = shift + zone.str.slice(3, 2).replace("", "0").cast(pl.Int64) * 60
    sign = zone.str.starts_with("-").cast(pl.Int64) * -2 + 1
    day = days.cast(pl.Int32).cast(pl.Int64) - _EPOCH_DAYS
    return day * 86_400 + number["hour"] * 3_600 + number["minute"] * 60 + number["second"] - sign * shift


def durations(table: Table, column: str) -> Longs:
    """Whole seconds as int64, 0 or more."""
    values = table.frame[column]
    refuse(table, values.is_null(), "blank", column)
    if values.dtype == pl.String:
        number = values.str.strip_chars().cast(pl.Float64, strict=False)
    elif values.dtype.is_numeric():
        number = values.cast(pl.Float64)
    else:
        _wrong_kind(table, column, "whole numbers")
    refuse(table, number.is_null() | ~number.is_finite() | (number != number.floor()), "number", column)
    refuse(table, number < 0, "negative", column)
    refuse(table, number > _HIGH, "long", column)
    return number.cast(pl.Int64).to_numpy()


def numbered(*columns: pl.Series) -> tuple[list[Longs], pl.Series]:
    """Texts as numbers from 0 in order of appearance: the numbers of each column, and the text of each number."""
    names = pl.concat(columns).unique(maintain_order=True)
    known = pl.DataFrame({"name": names}).with_row_index("number")
    codes = [
        pl.DataFrame({"name": c})
        .join(known, on="name", how="left", maintain_order="left")["number"]
        .to_numpy()
        for c in columns
    ]
    return [np.asarray(c, dtype=np.int64) for c in codes], names


def _wrong_kind(table: Table, column: str, needed: str) -> NoReturn:
    kind = str(table.frame[column].dtype)
    raise Problem("kind", file=table.file, column=column, kind=kind, needed=needed)
