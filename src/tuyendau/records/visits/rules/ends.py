"""Where a visit ends that has no check-out: with the shift of who works there, else by the site's dwell rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from tuyendau.lib import clock

EARLY_SECONDS = 2 * 3600
"""How long before a shift a check-in still belongs to it."""

DAY = 86_400


@dataclass(frozen=True, slots=True)
class ShiftSpan:
    """One shift as it was lived on one day: [start, end) in seconds since 1970 UTC."""

    start: int
    end: int


def shift_spans(begins: time, minutes: int, weekdays: int, days: Iterable[date]) -> list[ShiftSpan]:
    """The spans of a shift on those of `days` on which it begins; bit 1 << n of `weekdays` is day n from Monday."""
    spans = []
    for day in days:
        if weekdays >> day.weekday() & 1:
            start = (
                int(clock.midnight(day).timestamp()) + begins.hour * 3600 + begins.minute * 60 + begins.second
            )
            spans.append(ShiftSpan(start, start + minutes * 60))
    return spans


def days_around(moment: int) -> tuple[date, date, date]:
    """The province's day before that of `moment`, its own, and the next: where a shift around it may begin."""
    own = date(1970, 1, 1) + timedelta(days=(moment + clock.UTC_OFFSET_SECONDS) // DAY)
    return own - timedelta(days=1), own, own + timedelta(days=1)


def assumed_end(start: int, dwell_seconds: int, shifts: Iterable[ShiftSpan]) -> int:
    """The end of a visit that began at `start` and has no check-out, in seconds.

    Of `shifts`, those that the person has at the site, the one counts in which the check-in falls, or that begins
    within `EARLY_SECONDS` after it: who comes at 7:40 stays until the shift of 8:00 is over. Of two, such as a night
    shift that ends and a day shift that follows, the later counts: nobody checks in to leave.
    """
    ends = [span.end for span in shifts if span.start - EARLY_SECONDS <= start < span.end]
    return max(ends, default=start + dwell_seconds)
