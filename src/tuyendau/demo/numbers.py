"""Numbers of invented people: of the right form, and from ranges that are given to nobody or are not known to be.

Telephones begin with 0590, 0591, 0594 to 0597, which no carrier is known to use. The numbers of identity cards, old
and new, and of the health insurance end in a series that begins with 9; whoever bears one by chance is not meant.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from tuyendau.lib import publicid

PHONE_BEGINNINGS = ("590", "591", "594", "595", "596", "597")
OWN_PROVINCE, NEIGHBOURS = 24, (20, 27, 30, 19, 22, 1, 33, 8, 4)
SERIES = 900_000


def public_ids(prefix: str, count: int) -> pl.Series:
    """As `publicid.new` makes them, many at once, from the system's own randomness."""
    letters = np.frombuffer(publicid.ALPHABET.encode(), np.uint8)
    drawn = np.random.default_rng().integers(0, len(letters), (count, publicid.LENGTH), np.uint8)
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(publicid.LENGTH), count, [None, pa.py_buffer(letters[drawn].tobytes())]
    )
    text = pl.Series(pl.from_arrow(fixed.cast(pa.binary()).cast(pa.string())))
    return pl.select(pl.lit(prefix + "_") + text).to_series()


def cccd(rng: np.random.Generator, female: NDArray[np.bool_], year: NDArray[np.int64]) -> pl.Series:
    """Citizen identity numbers: province of birth, sex and century, year, and a series of its own for each of those."""
    count = len(year)
    born = np.where(rng.random(count) < 0.86, OWN_PROVINCE, rng.choice(NEIGHBOURS, count))
    sex = (year - 1900) // 100 * 2 + female
    cell = (born * 10 + sex) * 100 + year % 100
    return pl.select(
        _digits(born, 3)
        + _digits(sex, 1)
        + _digits(year % 100, 2)
        + _digits(SERIES + _within(cell) * 7_919 % 99_991, 6)
    ).to_series()


def cmnd(count: int) -> pl.Series:
    """Numbers of old identity cards of the province, of 9 digits."""
    return pl.select(pl.lit("12") + _digits(9_000_000 + np.arange(count) * 97 % 999_983, 7)).to_series()


def bhyt(count: int) -> pl.Series:
    """Numbers of the health insurance: the ten digits that stay when the card changes."""
    return pl.select(
        pl.lit("24") + _digits(90_000_000 + np.arange(count, dtype=np.int64) * 7_919 % 9_999_991, 8)
    ).to_series()


def phones(count: int) -> pl.Series:
    """Mobile numbers in the form of `lib.phones`, each once; at most six million."""
    number = np.arange(count, dtype=np.int64)
    mixed = number * 611_953 % 1_000_000
    beginning = pl.Series(PHONE_BEGINNINGS).gather(number // 1_000_000)
    return pl.select(pl.lit("+84") + beginning + _digits(mixed, 6)).to_series()


def _digits(numbers: NDArray[np.int64], width: int) -> pl.Expr:
    return pl.lit(pl.Series(numbers.astype(np.int64))).cast(pl.String).str.zfill(width)


def _within(cell: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of each among those of the same cell, from 0."""
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(cell) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[begins, len(cell)])
    place = np.empty(len(cell), np.int64)
    place[order] = np.arange(len(cell)) - np.repeat(begins, sizes)
    return place
