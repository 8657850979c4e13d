"""Selections on the map: what lies in an area, who is in it, how many, and the list of them."""

from tuyendau.insight.map.queries.selection.asked import LONGEST, Selection
from tuyendau.insight.map.queries.selection.columns import SELECTION
from tuyendau.insight.map.queries.selection.counts import FEW, Count, Counts, Way, counts
from tuyendau.insight.map.queries.selection.inside import Inside, Unknown, inside, outline_of, settled
from tuyendau.insight.map.queries.selection.listed import MOST, Among, Line, Listing, TooMany
from tuyendau.insight.map.queries.selection.people import Found, people_in

__all__ = [
    "FEW",
    "LONGEST",
    "MOST",
    "SELECTION",
    "Among",
    "Count",
    "Counts",
    "Found",
    "Inside",
    "Line",
    "Listing",
    "Selection",
    "TooMany",
    "Unknown",
    "Way",
    "counts",
    "inside",
    "outline_of",
    "people_in",
    "settled",
]
