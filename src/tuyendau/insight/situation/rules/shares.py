"""Rates, shares and their uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence

_NORMAL = 1.959963984540054


def rate(count: int, population: int | None) -> float | None:
    """Per 100,000; None where the population is not known."""
    return 100_000 * count / population if population else None


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """The 95 % interval of a share by Wilson's score (JASA 1927;22:209); None of nothing."""
    if whole <= 0:
        return None
    z2, share = _NORMAL**2, part / whole
    centre = share + z2 / (2 * whole)
    wide = _NORMAL * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return max(0.0, (centre - wide) / (1 + z2 / whole)), min(1.0, (centre + wide) / (1 + z2 / whole))


def median_and_spread(values: Sequence[float]) -> tuple[float, float, float, float] | None:
    """Median, quartiles and the 90th percentile, between neighbours by their distance; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return _at(ordered, 0.5), _at(ordered, 0.25), _at(ordered, 0.75), _at(ordered, 0.9)


def _at(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
