"""Chance by number: the same answer for the same seed, person, day and purpose, in whatever order one asks.

So the days of a few people can be lived again without living everybody's.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.jit import inlined, kernel


@inlined
def mixed(value: Any) -> Any:
    """The finalizer of SplitMix64: every bit of the 64 depends on every bit of `value` (uint64)."""
    z = value + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel
def key(seed: int, who: int, day: int, purpose: int) -> Any:
    """64 bits for a seed, a number, a day and a purpose."""
    z = mixed(np.uint64(seed) * np.uint64(0xD1342543DE82EF95) + np.uint64(who))
    return mixed(z ^ (np.uint64(day) << np.uint64(20)) ^ np.uint64(purpose))


@kernel
def chance(seed: int, who: int, day: int, purpose: int) -> Any:
    """A number in [0, 1) for a seed, a number, a day and a purpose."""
    return (key(seed, who, day, purpose) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def pick(seed: int, who: int, day: int, purpose: int, count: int) -> int:
    """A whole number in [0, count), count above 0."""
    return int(chance(seed, who, day, purpose) * count)


@kernel
def chances(seed: int, who: Any, day: int, purpose: int) -> Any:
    """`chance` for many numbers, float64 [n]."""
    out = np.empty(len(who), np.float64)
    for i in range(len(who)):
        out[i] = chance(seed, who[i], day, purpose)
    return out
