"""Dates of a column whose writer put the month first, or whose spreadsheet swapped day and month. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tuyendau.insight.exchange.rules.plans import Order

_TEXT = r"^\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})(\D.*)?$"
_CELL = r"^(\d{4})-(\d{2})-(\d{2})(.*)$"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not certain of the dates of a column, and the `samples` that show it.

    `month_first`: some can only be read with the month first; `swapped`: true dates all fall on days up to 12 while
    texts do not, as where a spreadsheet took the month for the first; `short`: years have two digits.
    """

    month_first: bool
    swapped: bool
    short: bool
    samples: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.month_first or self.swapped or self.short

    @property
    def likely(self) -> Order:
        """What to propose."""
        if self.swapped:
            return Order.SWAPPED
        return Order.MONTH_FIRST if self.month_first else Order.DAY_FIRST


def doubt(texts: pl.Series, *, workbook: bool) -> Doubt:
    """Whether the dates in `texts` [n] may be meant in another order than day, month, year."""
    frame = pl.DataFrame({"t": texts}).select(
        "t",
        one=pl.col("t").str.extract(_TEXT, 1).cast(pl.Int32),
        two=pl.col("t").str.extract(_TEXT, 2).cast(pl.Int32),
        year=pl.col("t").str.extract(_TEXT, 3),
        cell=pl.col("t").str.extract(_CELL, 3).cast(pl.Int32),
    )
    month_first = frame.filter(pl.col("two").is_between(13, 31) & (pl.col("one") <= 12))
    day_first = frame.filter(pl.col("one").is_between(13, 31))
    short = frame.filter(pl.col("year").str.len_chars() == 2)
    cells = frame.filter(pl.col("cell").is_not_null())
    # A few true dates may all fall on early days by chance: one in (12/30)**8 does.
    swapped = (
        workbook
        and cells.height >= _LEAST_CELLS
        and bool((cells["cell"] <= 12).all())
        and day_first.height > 0
        and not month_first.height
    )
    shown = cells if swapped else month_first if month_first.height else short
    samples = tuple(shown["t"].unique(maintain_order=True).head(3))
    return Doubt(month_first.height > 0, swapped, short.height > 0, samples)


_LEAST_CELLS = 4


def reordered(texts: pl.Series, order: Order, this_year: int) -> pl.Series:
    """`texts` [n] written with the day first and years of four digits, as `order` says they are meant.

    A year of two digits is the latest that is not after `this_year`: in 2021, "21" is 2021 and "94" is 1994.
    """
    one, two = ("$2", "$1") if order is Order.MONTH_FIRST else ("$1", "$2")
    out = texts.str.replace(_TEXT, f"{one}/{two}/$3$4")
    if order is Order.SWAPPED:
        out = out.str.replace(_CELL, "$1-$3-$2$4")
    year = out.str.extract(_TEXT, 3)
    number = year.cast(pl.Int32, strict=False)
    full = (number + 2000).zip_with(number + 2000 <= this_year, number + 1900)
    begin, rest = out.str.extract(r"^(\d{1,2}/\d{1,2}/)\d{2}(?:\D.*)?$", 1), out.str.extract(_TEXT, 4)
    long = begin + full.cast(pl.String) + rest.fill_null("")
    return long.zip_with((year.str.len_chars() == 2).fill_null(False) & long.is_not_null(), out)


def joined(day: pl.Series, month: pl.Series, year: pl.Series) -> pl.Series:
    """A date as text [n] from three columns; null where all three are empty."""
    parts = [part.str.replace(r"\.0+$", "").fill_null("") for part in (day, month, year)]
    text = parts[0] + "/" + parts[1] + "/" + parts[2]
    return text.set(text == "//", None)
