"""Visits, and keys of visits, as parallel arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tuyendau.science.epi.times import DAY, UTC_OFFSET

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.uint8]
Floats = NDArray[np.float64]

_INT32 = np.iinfo(np.int32)


def as_int32(values: ArrayLike, name: str, *, minimum: int = int(_INT32.min)) -> Ints:
    """`values` as a contiguous int32 array [n]; ValueError naming the column where one does not fit."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {array.ndim}")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} must be integers, not {array.dtype}")
    if array.size and (int(array.min()) < minimum or int(array.max()) > int(_INT32.max)):
        raise ValueError(f"{name} must lie between {minimum} and {_INT32.max}")
    return np.ascontiguousarray(array, dtype=np.int32)


def same_length(**columns: NDArray[np.generic]) -> None:
    """Raise ValueError unless all columns are equally long."""
    if len({len(c) for c in columns.values()}) > 1:
        raise ValueError(
            "columns differ in length: " + ", ".join(f"{k} {len(c)}" for k, c in columns.items())
        )


@dataclass(frozen=True, eq=False)
class Visits:
    """Presence of `person` at `site` over [start, end), int32 [n] each, seconds since EPOCH.

    assumed: uint8 [n], 1 where the end was not seen. Make one with `Visits.of`, which checks.
    """

    person: Ints
    site: Ints
    start: Ints
    end: Ints
    assumed: Flags

    @classmethod
    def of(
        cls,
        person: ArrayLike,
        site: ArrayLike,
        start: ArrayLike,
        end: ArrayLike,
        assumed: ArrayLike | None = None,
    ) -> Visits:
        """Visits from any integer columns; ValueError for negative ids, unequal lengths or an end before its start."""
        columns = (
            as_int32(person, "person", minimum=0),
            as_int32(site, "site", minimum=0),
            as_int32(start, "start"),
            as_int32(end, "end"),
        )
        flags = np.zeros(len(columns[0]), np.uint8) if assumed is None else np.asarray(assumed).astype(bool)
        visits = cls(*columns, np.ascontiguousarray(flags, dtype=np.uint8))
        same_length(
            person=visits.person, site=visits.site, start=visits.start, end=visits.end, assumed=visits.assumed
        )
        if (visits.end < visits.start).any():
            row = int(np.flatnonzero(visits.end < visits.start)[0])
            raise ValueError(f"visit {row} ends before it starts")
        return visits

    @classmethod
    def none(cls) -> Visits:
        """No visits."""
        empty = np.empty(0, np.int32)
        return cls(empty, empty, empty, empty, np.empty(0, np.uint8))

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: NDArray[np.generic]) -> Visits:
        """The visits at `rows` (indices or a mask)."""
        return Visits(
            self.person[rows], self.site[rows], self.start[rows], self.end[rows], self.assumed[rows]
        )

    @staticmethod
    def concatenate(first: Visits, second: Visits) -> Visits:
        """Both, one after the other."""
        return Visits(
            np.concatenate((first.person, second.person)),
            np.concatenate((first.site, second.site)),
            np.concatenate((first.start, second.start)),
            np.concatenate((first.end, second.end)),
            np.concatenate((first.assumed, second.assumed)),
        )

    def clipped(self, start: int, end: int) -> Visits:
        """What lies within [start, end); visits with nothing in it are left out."""
        inside = (self.start < end) & (self.end > start) & (self.end > self.start)
        visits = self if inside.all() else self.take(inside)
        low, high = np.maximum(visits.start, np.int32(start)), np.minimum(visits.end, np.int32(end))
        return Visits(visits.person, visits.site, low, high, visits.assumed)


def split_days(visits: Visits, utc_offset: int = UTC_OFFSET) -> Iterator[tuple[int, Visits]]:
    """Cut visits at local midnight; yields (day, that day's visits) in order of day.

    A visit over midnight appears in each day that it touches. Visits of no length are left out.
    """
    visits = visits.take(visits.end > visits.start)
    if not len(visits):
        return
    first, last = days_of(visits, utc_offset)
    counts = last - first + 1
    rows = np.repeat(np.arange(len(visits)), counts)
    days = np.repeat(first, counts) + np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    order = np.argsort(days, kind="stable")
    days, rows = days[order], rows[order]
    cuts = np.flatnonzero(np.diff(days)) + 1
    for day, part in zip(days[np.concatenate(([0], cuts))], np.split(rows, cuts), strict=True):
        start = int(day) * DAY - utc_offset
        yield int(day), visits.take(part).clipped(start, start + DAY)


def days_of(visits: Visits, utc_offset: int) -> tuple[Longs, Longs]:
    """First and last local day of each visit, int64 [n]; visits must have a length."""
    first = (visits.start.astype(np.int64) + utc_offset) // DAY
    last = (visits.end.astype(np.int64) - 1 + utc_offset) // DAY
    return first, last


@dataclass(frozen=True, eq=False)
class Keys:
    """Names of what changed: the visits of `person` at `site` on local `day`; int32 [n] each."""

    person: Ints
    site: Ints
    day: Ints

    @classmethod
    def of(cls, person: ArrayLike, site: ArrayLike, day: ArrayLike) -> Keys:
        """Keys from any integer columns; ValueError for negative ids or unequal lengths."""
        keys = cls(
            as_int32(person, "person", minimum=0), as_int32(site, "site", minimum=0), as_int32(day, "day")
        )
        same_length(person=keys.person, site=keys.site, day=keys.day)
        return keys

    @classmethod
    def touching(cls, visits: Visits, utc_offset: int = UTC_OFFSET) -> Keys:
        """The keys that a set of visits falls under, one for each day that a visit touches."""
        visits = visits.take(visits.end > visits.start)
        first, last = days_of(visits, utc_offset)
        counts = last - first + 1
        rows = np.repeat(np.arange(len(visits)), counts)
        days = np.repeat(first, counts) + np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        return cls(visits.person[rows], visits.site[rows], days.astype(np.int32))

    def __len__(self) -> int:
        return len(self.person)


def pack(site: Ints, person: Ints) -> Longs:
    """One int64 a (site, person), ordered by site and then by person."""
    return (site.astype(np.int64) << 32) | person.astype(np.int64)
