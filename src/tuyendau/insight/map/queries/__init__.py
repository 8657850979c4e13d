"""Reads for the map."""

from tuyendau.insight.map.queries.communes import (
    TOLD_OF_THE_MAP,
    Choice,
    Commune,
    Outline,
    Situation,
    communes_shown,
    first_day_of_units,
    latest_day,
    notices,
    outlines,
    situation,
)

__all__ = [
    "TOLD_OF_THE_MAP",
    "Choice",
    "Commune",
    "Outline",
    "Situation",
    "communes_shown",
    "first_day_of_units",
    "latest_day",
    "notices",
    "outlines",
    "situation",
]
