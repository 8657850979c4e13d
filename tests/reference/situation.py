"""The numbers of a situation, counted in the slowest and plainest way from a history that is held in memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class State:
    """What was told of a case at a moment."""

    at: datetime
    status: str
    unit: str
    reported: date
    onset: date | None
    outcome: str
    isolated: bool
    sex: str
    born: int | None


def known(history: Sequence[State], at: datetime) -> State | None:
    """What was known last."""
    found = None
    for state in history:
        if state.at <= at:
            found = state
    return found


def counted(
    histories: Sequence[Sequence[State]], at: datetime, units: set[str], statuses: set[str]
) -> list[State]:
    """The cases of some units and statuses as they were known."""
    found = []
    for history in histories:
        state = known(history, at)
        if state is not None and state.unit in units and state.status in statuses:
            found.append(state)
    return found


def by_day(states: Sequence[State], basis: str, first: date, last: date) -> list[int]:
    """How many are dated on each day."""
    days = []
    day = first
    while day <= last:
        n = 0
        for state in states:
            if (state.onset if basis == "onset" else state.reported) == day:
                n += 1
        days.append(n)
        day += timedelta(days=1)
    return days


def slope(counts: Sequence[int]) -> float:
    """The rate that makes counts likeliest under Poisson scatter around a e^(rt): tried ever finer."""

    def likelihood(rate: float) -> float:
        shapes = [math.exp(rate * t) for t in range(len(counts))]
        level = sum(counts) / sum(shapes)
        return sum(n * math.log(level * s) - level * s for n, s in zip(counts, shapes, strict=True))

    low, high = -2.0, 2.0
    for _ in range(12):
        step = (high - low) / 20
        best = max((low + step * n for n in range(21)), key=likelihood)
        low, high = best - step, best + step
    return (low + high) / 2
