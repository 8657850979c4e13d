"""Reads of chains, each narrowed to what the viewer may see."""

from tuyendau.records.chains.queries.chart import (
    BEYOND,
    ELSEWHERE,
    MATCHED,
    Chart,
    Node,
    Summary,
    chart,
    diseases_in_chains,
    summary,
)
from tuyendau.records.chains.queries.evidence import reported_pairs
from tuyendau.records.chains.queries.links import (
    Infected,
    Infector,
    Place,
    case_by_number,
    edits,
    history_of,
    infected_by,
    linked_cases,
    places_of,
)

__all__ = [
    "BEYOND",
    "ELSEWHERE",
    "MATCHED",
    "Chart",
    "Infected",
    "Infector",
    "Node",
    "Place",
    "Summary",
    "case_by_number",
    "chart",
    "diseases_in_chains",
    "edits",
    "history_of",
    "infected_by",
    "linked_cases",
    "places_of",
    "reported_pairs",
    "summary",
]
