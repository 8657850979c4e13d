"""Which numbers the public is told: bands, never a number small enough to tell of somebody. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

DAYS = 14
"""Days whose new cases are counted, the present one among them."""

STEPS = (10, 30, 100)
"""Fewest cases of the bands above the first two; those that are not more than the least group fall away."""


@dataclass(frozen=True, slots=True)
class Band:
    """Cases from `low` to `high`, both included; `high` None is without an upper end. `place` counts from 0."""

    place: int
    low: int
    high: int | None


def bands(least: int) -> tuple[Band, ...]:
    """The bands where fewer than `least` people are never told apart from nobody."""
    starts = [0, least, *(step for step in STEPS if step > least)]
    ends: list[int | None] = [start - 1 for start in starts[1:]]
    return tuple(Band(n, low, high) for n, (low, high) in enumerate(zip(starts, [*ends, None], strict=True)))


def band_of(count: int, found: Sequence[Band]) -> Band:
    """The band that a number lies in."""
    return found[bisect_right([band.low for band in found], count) - 1]


def about(count: int, least: int) -> int | None:
    """A total as it is told: whole tens, rounded down; None where it is fewer than `least` or ten.

    Of two totals a moment apart nobody can take one case away from the other.
    """
    return None if count < max(least, 10) else count - count % 10
