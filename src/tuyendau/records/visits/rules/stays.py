"""What makes a presence interval believable, and when a day's segment is due. No Django."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from tuyendau.records.visits.rules.clocks import CLOCK_SKEW

LONGEST_STAY = timedelta(days=62)
"""A longer stay at one site is a mistake of entry: the table refuses it too."""

LONGEST_SHIFT = timedelta(hours=24)
"""A scan out belongs to a scan in at most this long before it; an older one was forgotten."""

EARLIEST = datetime.fromisoformat("2010-01-01T00:00:00+00:00")
"""Nothing recorded here is older: a scan of 1970 comes from a clock that was never set."""


class Fault(Enum):
    """Why an interval cannot be true."""

    FUTURE = "future"
    TOO_EARLY = "too_early"
    OUT_BEFORE_IN = "out_before_in"
    TOO_LONG = "too_long"


def fault_of(start: datetime, end: datetime | None, at: datetime) -> Fault | None:
    """What is wrong with a stay over [start, end) that is recorded at `at`, if anything. `end` None: still there."""
    if start > at + CLOCK_SKEW or (end is not None and end > at + CLOCK_SKEW):
        return Fault.FUTURE
    if start < EARLIEST:
        return Fault.TOO_EARLY
    if end is not None and end <= start:
        return Fault.OUT_BEFORE_IN
    if end is not None and end - start > LONGEST_STAY:
        return Fault.TOO_LONG
    return None


PUBLISH_ROWS = 20_000
PUBLISH_AGE = timedelta(minutes=10)


def publish_due(pending: int, oldest: timedelta) -> bool:
    """Whether a day with so many pending keys, the oldest so old, should be published.

    Reading stays exact either way; publishing early costs a rebuild of the day, late a larger overlay.
    """
    return pending >= PUBLISH_ROWS or (pending > 0 and oldest >= PUBLISH_AGE)
