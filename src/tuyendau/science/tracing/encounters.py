"""Encounters: proximity of two people that a device measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tuyendau.science.epi.times import DAY, UTC_OFFSET
from tuyendau.science.tracing.build import runs
from tuyendau.science.tracing.visits import Ints, as_int32, same_length


@dataclass(frozen=True, eq=False)
class Encounters:
    """Who was near whom, from both sides, ordered by person; immutable.

    people [p] ordered, offsets [p + 1] into other, start, end (int32 [2 n]): the encounters of each person. The
    encounters of one pair are united, so they never overlap, and cut at local midnight.
    """

    people: Ints
    offsets: Ints
    other: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(
        cls, a: ArrayLike, b: ArrayLike, start: ArrayLike, seconds: ArrayLike, utc_offset: int = UTC_OFFSET
    ) -> Encounters:
        """Encounters of `a` and `b` over [start, start + seconds), in any order, either way round, repeated or not.

        Raises ValueError for negative ids or seconds, unequal lengths, and someone who met themselves.
        """
        one, two = as_int32(a, "a", minimum=0), as_int32(b, "b", minimum=0)
        begin, length = as_int32(start, "start"), as_int32(seconds, "seconds", minimum=0)
        same_length(a=one, b=two, start=begin, seconds=length)
        if (one == two).any():
            raise ValueError(f"encounter {int(np.flatnonzero(one == two)[0])} is of a person with themselves")
        finish = as_int32(begin.astype(np.int64) + length, "start + seconds")
        low, high = np.minimum(one, two), np.maximum(one, two)
        return cls._sorted(*_cut(*_united(low, high, begin, finish), utc_offset))

    @classmethod
    def none(cls) -> Encounters:
        """No encounters."""
        empty = np.empty(0, np.int32)
        return cls._sorted(empty, empty, empty, empty)

    def __len__(self) -> int:
        return len(self.other) // 2

    def extended(self, more: Encounters) -> Encounters:
        """These and `more`, united again."""
        a, b, start, end = (np.concatenate(pair) for pair in zip(self._pairs(), more._pairs(), strict=True))
        return self._sorted(*_united(a, b, start, end, touching=False))

    def _pairs(self) -> tuple[Ints, Ints, Ints, Ints]:
        person = np.repeat(self.people, np.diff(self.offsets))
        once = person < self.other
        return person[once], self.other[once], self.start[once], self.end[once]

    @classmethod
    def _sorted(cls, a: Ints, b: Ints, start: Ints, end: Ints) -> Encounters:
        person, other = np.concatenate((a, b)), np.concatenate((b, a))
        start, end = np.concatenate((start, start)), np.concatenate((end, end))
        order = np.lexsort((other, start, person))
        people, offsets = runs(person[order])
        columns = [np.ascontiguousarray(c) for c in (people, offsets, other[order], start[order], end[order])]
        for column in columns:
            column.setflags(write=False)
        return cls(*columns)


def _united(
    a: Ints, b: Ints, start: Ints, end: Ints, *, touching: bool = True
) -> tuple[Ints, Ints, Ints, Ints]:
    """The union of the intervals of each pair; `touching` ones are joined too (not where midnight parted them)."""
    keep = end > start
    a, b, start, end = a[keep], b[keep], start[keep], end[keep]
    if not len(a):
        return a, b, start, end
    order = np.lexsort((start, b, a))
    a, b, start, end = a[order], b[order], start[order], end[order]
    pair = np.concatenate(([0], np.cumsum((a[1:] != a[:-1]) | (b[1:] != b[:-1]))))
    # Lifting each pair onto a stretch of its own lets one running maximum serve all pairs.
    lift = pair.astype(np.int64) << 33
    reach = np.maximum.accumulate(end + lift)
    begins = start[1:] + lift[1:]
    first = np.concatenate(([True], begins > reach[:-1] if touching else begins >= reach[:-1]))
    heads = np.flatnonzero(first)
    last = np.concatenate((heads[1:], [len(a)])) - 1
    return a[heads], b[heads], start[heads], (reach[last] - lift[last]).astype(np.int32)


def _cut(a: Ints, b: Ints, start: Ints, end: Ints, utc_offset: int) -> tuple[Ints, Ints, Ints, Ints]:
    first = (start.astype(np.int64) + utc_offset) // DAY
    counts = (end.astype(np.int64) - 1 + utc_offset) // DAY - first + 1
    rows = np.repeat(np.arange(len(a)), counts)
    days = np.repeat(first, counts) + np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    midnight = days * DAY - utc_offset
    low = np.maximum(start[rows], midnight).astype(np.int32)
    high = np.minimum(end[rows], midnight + DAY).astype(np.int32)
    return a[rows], b[rows], low, high
