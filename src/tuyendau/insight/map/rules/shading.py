"""How the map is shaded: classes of numbers, their colours, rates. Pure.

Classes stay the same from day to day, so that two maps can be compared. Class 0 is nothing, class n begins at the nth
of the breaks. Colours go from light to dark in even steps, which who sees no red tells apart as well (ColorBrewer).
"""

from __future__ import annotations

from bisect import bisect_right

DAYS = (7, 14, 21)
DEFAULT_DAYS = 14

NEW = (1, 3, 10, 30, 100)
"""New cases."""
RATE = (0.05, 20, 50, 150, 500)
"""New cases per 100,000; one decimal is told, and less than that is nothing."""
FOLLOWED = (1, 10, 50, 200, 1_000)
"""Contacts in follow-up."""
SINCE = (0, 4, 8, 15, 22, 29)
"""Days since the last case, class 0 being none so far; 14 and 28 days are one and two long incubation periods."""

REDS = ("#f4f1ea", "#fed976", "#feb24c", "#fd8d3c", "#e31a1c", "#800026")
BLUES = ("#f4f1ea", "#d0d1e6", "#a6bddb", "#74a9cf", "#2b8cbe", "#045a8d")
AGES = ("#f4f1ea", "#800026", "#e31a1c", "#fd8d3c", "#feb24c", "#fed976", "#ffeda0")
"""Of the classes of `SINCE`: the latest darkest."""

HIDDEN_COLOUR = "#dfe3e8"
"""Of areas whose numbers the viewer may not see."""


def level_of(value: float, breaks: tuple[float, ...]) -> int:
    """The class of a number."""
    return bisect_right(breaks, value)


def span_of(level: int, breaks: tuple[float, ...]) -> tuple[float, float | None]:
    """The least number of a class and that from which the next begins; None where there is none."""
    return 0 if level == 0 else breaks[level - 1], breaks[level] if level < len(breaks) else None


def rate(count: int, population: int | None) -> float | None:
    """Cases per 100,000 people, to one decimal; None where the population is not known."""
    return round(count * 100_000 / population, 1) if population else None
