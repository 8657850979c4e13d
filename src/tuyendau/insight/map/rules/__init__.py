"""Pure decisions of the map: how it is shaded, how layers travel to the browser."""

from tuyendau.insight.map.rules.packing import NOWHERE, packed, places
from tuyendau.insight.map.rules.shading import (
    AGES,
    BLUES,
    DAYS,
    DEFAULT_DAYS,
    FOLLOWED,
    HIDDEN_COLOUR,
    NEW,
    RATE,
    REDS,
    SINCE,
    level_of,
    rate,
    span_of,
)

__all__ = [
    "AGES",
    "BLUES",
    "DAYS",
    "DEFAULT_DAYS",
    "FOLLOWED",
    "HIDDEN_COLOUR",
    "NEW",
    "NOWHERE",
    "RATE",
    "REDS",
    "SINCE",
    "level_of",
    "packed",
    "places",
    "rate",
    "span_of",
]
