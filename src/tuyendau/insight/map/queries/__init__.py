"""Reads for the map."""

from tuyendau.insight.map.queries.areas import Counting, Counts, followed, last_cases, new_cases
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
from tuyendau.insight.map.queries.timeline import NEVER, Timeline, timeline
from tuyendau.insight.map.queries.trees import Area, Outlines, Tree, day_of_tree, outlines_of, tree

__all__ = [
    "NEVER",
    "TOLD_OF_THE_MAP",
    "Area",
    "Choice",
    "Commune",
    "Counting",
    "Counts",
    "Outline",
    "Outlines",
    "Situation",
    "Timeline",
    "Tree",
    "communes_shown",
    "day_of_tree",
    "first_day_of_units",
    "followed",
    "last_cases",
    "latest_day",
    "new_cases",
    "notices",
    "outlines",
    "outlines_of",
    "situation",
    "timeline",
    "tree",
]
