"""The indicators of contact tracing, as known at any moment."""

from tuyendau.insight.situation.queries.indicators.missed import Missed, Row, Step, missed
from tuyendau.insight.situation.queries.indicators.values import Indicator, Point, indicators
from tuyendau.insight.situation.queries.indicators.words import DATED, MEASURES, Words, words_of
from tuyendau.insight.situation.rules.indicators import DEFINITIONS

__all__ = [
    "DATED",
    "DEFINITIONS",
    "MEASURES",
    "Indicator",
    "Missed",
    "Point",
    "Row",
    "Step",
    "Words",
    "indicators",
    "missed",
    "words_of",
]
