"""How the map is shaded: windows, classes, rates. Pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = (7, 14, 21)
DEFAULT_DAYS = 14

BREAKS = (1, 3, 10, 30, 100)
"""Fewest cases of the classes 1 to 5. They stay the same from day to day, so that two maps can be compared."""

COLOURS = ("#f4f1ea", "#fed976", "#feb24c", "#fd8d3c", "#e31a1c", "#800026")
"""Of the classes 0 to 5: from light to dark in even steps, which who sees no red tells apart as well (ColorBrewer)."""

HIDDEN_COLOUR = "#dfe3e8"
"""Of communes whose numbers the viewer may not see."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are counted, both included."""

    first: date
    last: date


def window(as_of: date, days: int) -> Window:
    """The `days` days that end with `as_of`."""
    return Window(as_of - timedelta(days=days - 1), as_of)


def level_of(count: int) -> int:
    """The class of a number of cases: 0 none, 5 the most."""
    return bisect_right(BREAKS, count)


def span_of(level: int) -> tuple[int, int | None]:
    """The fewest and the most cases of a class; None where there is no most."""
    if level == 0:
        return 0, 0
    return BREAKS[level - 1], BREAKS[level] - 1 if level < len(BREAKS) else None


def rate(count: int, population: int | None) -> float | None:
    """Cases per 100,000 people, to one decimal; None where the population is not known."""
    return round(count * 100_000 / population, 1) if population else None
