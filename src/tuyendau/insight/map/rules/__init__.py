"""Pure decisions of the map. No Django."""

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
    "Window",
    "level_of",
    "rate",
    "span_of",
    "window",
]
