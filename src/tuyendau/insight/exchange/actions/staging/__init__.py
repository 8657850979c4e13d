"""Files that are staged: read, asked about, checked and decided row by row, applied at once, and taken back."""

from tuyendau.insight.exchange.actions.staging.applying import StagedRefused, apply, begin
from tuyendau.insight.exchange.actions.staging.checking import check
from tuyendau.insight.exchange.actions.staging.deciding import (
    answer,
    decide,
    decide_updates,
    drop,
    map_columns,
)
from tuyendau.insight.exchange.actions.staging.receiving import stage
from tuyendau.insight.exchange.actions.staging.undoing import hindrances, undo

__all__ = [
    "StagedRefused",
    "answer",
    "apply",
    "begin",
    "check",
    "decide",
    "decide_updates",
    "drop",
    "hindrances",
    "map_columns",
    "stage",
    "undo",
]
