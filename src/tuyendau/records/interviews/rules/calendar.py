"""The days of an infectious window, and what of a day nobody has told of yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tuyendau.lib import clock

LEAST_GAP = timedelta(minutes=30)
"""Of a shorter time between two stays nobody is asked: it is the way from one to the other."""


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end)."""

    start: datetime
    end: datetime


def days_of(window: Span) -> list[date]:
    """The province's days that a window touches, in order; of an empty one none."""
    if window.start >= window.end:
        return []
    first = clock.local_day(window.start)
    last = clock.local_day(window.end - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def gaps(within: Span, covered: Iterable[Span], least: timedelta = LEAST_GAP) -> list[Span]:
    """The times of `within` that no span of `covered` covers and that are at least `least` long, in order.

    Spans may overlap, lie one in another, and reach beyond `within`.
    """
    found = []
    reached = within.start
    for span in sorted(covered, key=lambda span: span.start):
        if span.start >= within.end:
            break
        if span.start - reached >= least:
            found.append(Span(reached, span.start))
        reached = max(reached, span.end)
    if within.end - reached >= least:
        found.append(Span(reached, within.end))
    return found
