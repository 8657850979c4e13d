"""What the situation room counts, and in which days. No Django."""

from tuyendau.insight.situation.rules.counting import Basis, By, Counted, Found, Place
from tuyendau.insight.situation.rules.days import (
    COMPLETE,
    GROWTH_DAYS,
    LONGEST_CURVE,
    Window,
    before,
    days_of,
    incomplete_from,
    last,
    settled,
)
from tuyendau.insight.situation.rules.looks import SITTING, told_since
from tuyendau.insight.situation.rules.shares import median_and_spread, rate, wilson

__all__ = [
    "COMPLETE",
    "GROWTH_DAYS",
    "LONGEST_CURVE",
    "SITTING",
    "Basis",
    "By",
    "Counted",
    "Found",
    "Place",
    "Window",
    "before",
    "days_of",
    "incomplete_from",
    "last",
    "median_and_spread",
    "rate",
    "settled",
    "told_since",
    "wilson",
]
