"""Texts of a column into days, moments and numbers, all rows at once. Pure: no clock, no messages.

A day is written dd/mm/yyyy (also with dots or dashes) or yyyy-mm-dd; a moment has hours and minutes behind it, or
before it, and may name its offset from UTC, without which it is the province's own time. Never is the month taken to
come first: 05/13/2021 is no day, and 05/06/21 could be three.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from tuyendau.lib.clock import UTC_OFFSET_SECONDS

FIRST_YEAR = 1900
_DAY_SECONDS = 86_400
# The day that Excel counts from, so that day 1 is 31/12/1899 and every day since March 1900 comes out right.
_EXCEL_DAY_0 = -25_569
_SERIAL = r"^([2-7]\d{4})(?:\.(\d+))?$"

_TIME_FIRST = r"^(\d{1,2}[:hH]\d{2}(?::\d{2})?)[\s,]+(\S+)$"
_PARTS = (
    r"^(?:(?<d1>\d{1,2})[/.\-](?<m1>\d{1,2})[/.\-](?<y1>\d{2}|\d{4})|(?<y2>\d{4})[/.\-](?<m2>\d{1,2})[/.\-](?<d2>\d{1,2}))"
    r"(?:[T\s,]+(?<hour>\d{1,2})[:hH](?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?:(?<utc>[zZ])|(?<sign>[+\-])(?<zh>\d{2}):?(?<zm>\d{2}))?)?$"
)


class Fault(StrEnum):
    """Why a text is no day or no moment."""

    FORM = "form"
    SHORT_YEAR = "short_year"
    MONTH_FIRST = "month_first"
    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a column of n texts holds; null where a text is empty or faulty.

    `day` (Date) is the province's day, `moment` (Int64) seconds since 1970 UTC of a text that has a time of day,
    `fault` the word of a `Fault`.
    """

    day: pl.Series
    moment: pl.Series
    fault: pl.Series


def parse(texts: pl.Series, *, serials: bool = False) -> Parsed:
    """Days and moments of `texts` [n] (String). `serials`: Excel's bare day numbers count as well."""
    frame = pl.DataFrame({"text": texts.str.replace(_TIME_FIRST, "$2 $1")})
    frame = frame.with_columns(pl.col("text").str.extract_groups(_PARTS).alias("p")).unnest("p")
    year, month, day = (_either(frame, part) for part in "ymd")
    number = frame.select(
        day=_date(year, month, day),
        swapped=_date(year, day, month),
        short=pl.col("y1").str.len_chars() == 2,
        old=year.cast(pl.Int32) < FIRST_YEAR,
        known=pl.col("y1").is_not_null() | pl.col("y2").is_not_null(),
        timed=pl.col("hour").is_not_null(),
        seconds=pl.col("hour").cast(pl.Int64) * 3600
        + pl.col("minute").cast(pl.Int64) * 60
        + pl.col("second").cast(pl.Int64).fill_null(0),
        clock=(pl.col("hour").cast(pl.Int64) < 24)
        & (pl.col("minute").cast(pl.Int64) < 60)
        & (pl.col("second").cast(pl.Int64).fill_null(0) < 60),
        offset=_offset(),
        serial=pl.col("text").str.extract(_SERIAL, 1).cast(pl.Int64) if serials else pl.lit(None, pl.Int64),
        part=("0." + pl.col("text").str.extract(_SERIAL, 2)).cast(pl.Float64)
        if serials
        else pl.lit(None, pl.Float64),
        given=pl.col("text").is_not_null(),
    )
    return _settled(number)


def _either(frame: pl.DataFrame, part: str) -> pl.Expr:
    return pl.coalesce(pl.col(f"{part}1"), pl.col(f"{part}2"))


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    text = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    return text.str.to_date("%Y-%m-%d", strict=False)


def _offset() -> pl.Expr:
    """Seconds that the writer's clock is ahead of UTC."""
    named = pl.col("zh").cast(pl.Int64) * 3600 + pl.col("zm").cast(pl.Int64) * 60
    return (
        pl.when(pl.col("utc").is_not_null())
        .then(0)
        .when(pl.col("sign") == "-")
        .then(-named)
        .when(pl.col("sign") == "+")
        .then(named)
        .otherwise(UTC_OFFSET_SECONDS)
    )


def _settled(number: pl.DataFrame) -> Parsed:
    """From the parts of each text to what it means, or why it means nothing."""
    fault = (
        pl.when(~pl.col("given") | pl.col("serial").is_not_null())
        .then(None)
        .when(~pl.col("known"))
        .then(pl.lit(Fault.FORM.value))
        .when(pl.col("short"))
        .then(pl.lit(Fault.SHORT_YEAR.value))
        .when(pl.col("old"))
        .then(pl.lit(Fault.TOO_OLD.value))
        .when(pl.col("day").is_null() & pl.col("swapped").is_not_null())
        .then(pl.lit(Fault.MONTH_FIRST.value))
        .when(pl.col("day").is_null())
        .then(pl.lit(Fault.NO_SUCH_DAY.value))
        .when(~pl.col("clock"))
        .then(pl.lit(Fault.NO_SUCH_TIME.value))
    )
    local = pl.col("day").cast(pl.Int32).cast(pl.Int64) * _DAY_SECONDS + pl.col("seconds") - pl.col("offset")
    serial_days = pl.col("serial") + _EXCEL_DAY_0
    serial_moment = (
        serial_days * _DAY_SECONDS
        + (pl.col("part") * _DAY_SECONDS).round().cast(pl.Int64)
        - UTC_OFFSET_SECONDS
    )
    moment = pl.coalesce(pl.when("timed").then(local), serial_moment)
    moved = pl.when(pl.col("timed") & (pl.col("offset") != UTC_OFFSET_SECONDS)).then(
        (local + UTC_OFFSET_SECONDS).floordiv(_DAY_SECONDS).cast(pl.Int32).cast(pl.Date)
    )
    whole = pl.coalesce(moved, pl.col("day"), serial_days.cast(pl.Int32).cast(pl.Date))
    out = number.with_columns(fault=fault).select(
        "fault",
        day=pl.when(pl.col("fault").is_null()).then(whole),
        moment=pl.when(pl.col("fault").is_null()).then(moment),
    )
    return Parsed(out["day"], out["moment"], out["fault"])


def integers(texts: pl.Series) -> pl.Series:
    """Whole numbers (Int64) of `texts` [n]; "12.0", as spreadsheets write it, is 12. Null where a text is none."""
    return texts.str.replace(r"\.0+$", "").str.extract(r"^([+-]?\d{1,12})$", 1).cast(pl.Int64)


def birth_years(texts: pl.Series, *, serials: bool = False) -> tuple[pl.Series, pl.Series]:
    """Years of birth (Int64) of `texts` [n], each a year of four digits or a day; why a text is no day (`Fault`)."""
    year = texts.str.replace(r"\.0+$", "").str.extract(r"^(\d{4})$", 1).cast(pl.Int64)
    parsed = parse(texts, serials=serials)
    return year.fill_null(parsed.day.dt.year().cast(pl.Int64)), parsed.fault
