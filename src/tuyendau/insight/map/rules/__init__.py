"""Pure decisions of the map: how it is shaded, how layers travel to the browser."""

from tuyendau.insight.map.rules.packing import NOWHERE, packed, places
from tuyendau.insight.map.rules.shading import (
    BREAKS,
    COLOURS,
    DAYS,
    DEFAULT_DAYS,
    HIDDEN_COLOUR,
    Window,
    level_of,
    rate,
    span_of,
    window,
)

__all__ = [
    "BREAKS",
    "COLOURS",
    "DAYS",
    "DEFAULT_DAYS",
    "HIDDEN_COLOUR",
    "NOWHERE",
    "Window",
    "level_of",
    "packed",
    "places",
    "rate",
    "span_of",
    "window",
]
