"""Where a roster supposes somebody to be on a day, one person at a time. Spans are in seconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tuyendau.lib import clock
from tuyendau.records.visits.rules.ends import DAY, ShiftSpan

ON_THE_WAY = 30 * 60
"""Seconds between the place of work and the lodging, each way."""


def day_span(day: date) -> ShiftSpan:
    """A whole day of the province."""
    begins = int(clock.midnight(day).timestamp())
    return ShiftSpan(begins, begins + DAY)


def rides(shifts: Iterable[ShiftSpan], seconds: int, day: date) -> list[ShiftSpan]:
    """The rides of `day` to and from shifts, each of `seconds`: one arrives as a shift begins, one leaves at its end.

    `shifts` are those of the day and of the day before, whose ride home may be today.
    """
    whole = day_span(day)
    found = [
        span
        for shift in shifts
        for span in (ShiftSpan(shift.start - seconds, shift.start), ShiftSpan(shift.end, shift.end + seconds))
    ]
    return sorted((s for s in set(found) if whole.start <= s.start < whole.end), key=lambda s: s.start)


def lodgings(shifts: Iterable[ShiftSpan], day: date) -> list[ShiftSpan]:
    """The hours of `day` in which somebody is where they live: all but the shifts and the way to and from them.

    `shifts` are those of the days around. People who share a bed in shifts do not meet, and those of one shift do.
    """
    whole = day_span(day)
    away = sorted((shift.start - ON_THE_WAY, shift.end + ON_THE_WAY) for shift in shifts)
    spans, since = [], whole.start
    for start, end in [*away, (whole.end, whole.end)]:
        until = min(start, whole.end)
        if until > since:
            spans.append(ShiftSpan(since, until))
        since = max(since, end)
    return spans


def begun(spans: Sequence[ShiftSpan], moment: int) -> list[ShiftSpan]:
    """Those that have begun at `moment`: nothing is supposed of what is to come."""
    return [span for span in spans if span.start <= moment]
