"""Reads for the map."""

from tuyendau.insight.map.queries.areas import Counting, Counts, followed, last_cases, new_cases
from tuyendau.insight.map.queries.live import TOLD_OF_THE_MAP, first_day_of_units, notices
from tuyendau.insight.map.queries.timeline import NEVER, Timeline, timeline
from tuyendau.insight.map.queries.trees import Area, Outlines, Tree, day_of_tree, outlines_of, tree

__all__ = [
    "NEVER",
    "TOLD_OF_THE_MAP",
    "Area",
    "Counting",
    "Counts",
    "Outlines",
    "Timeline",
    "Tree",
    "day_of_tree",
    "first_day_of_units",
    "followed",
    "last_cases",
    "new_cases",
    "notices",
    "outlines_of",
    "timeline",
    "tree",
]
