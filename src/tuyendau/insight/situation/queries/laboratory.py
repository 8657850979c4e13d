"""Samples, results, positivity and turn-around, as known at the moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from tuyendau.core.acting import as_program
from tuyendau.insight.situation.queries.scope import Scope
from tuyendau.insight.situation.rules import Window, before, days_of, last, median_and_spread, wilson
from tuyendau.lib import clock
from tuyendau.records.cases.queries import LATE

DAYS = 7
SHOWN = 28
"""Days of the chart."""

# A result stands until it is corrected; the first of a sample tells how long it took, any positive that it is.
_SAMPLES = """
    SELECT s.taken_at, r.first_at, r.positive, r.negative
    FROM cases_sample s
    JOIN people_person p ON p.id = s.person_id
    LEFT JOIN people_personversion w
        ON w.row = p.id AND w.until > %(at)s AND (w.since IS NULL OR w.since <= %(at)s)
    LEFT JOIN LATERAL (
        SELECT min(t.resulted_at) AS first_at,
               bool_or(t.result = 'positive') FILTER (WHERE stands) AS positive,
               bool_or(t.result = 'negative') FILTER (WHERE stands) AS negative
        FROM (
            SELECT t.resulted_at, t.result, (c.id IS NULL OR c.recorded_at > %(at)s) AS stands
            FROM cases_testresult t LEFT JOIN cases_testresult c ON c.id = t.corrected_by_id
            WHERE t.sample_id = s.id AND t.recorded_at <= %(at)s
        ) t
    ) r ON true
    WHERE s.recorded_at <= %(at)s AND s.taken_at > %(since)s AND s.taken_at <= %(at)s
      AND (%(disease)s = '' OR s.disease = %(disease)s)
      AND (CASE WHEN w.id IS NULL THEN p.unit_id ELSE w.unit_id END = ANY(%(units)s)
           OR %(orphans)s AND (CASE WHEN w.id IS NULL THEN p.unit_id ELSE w.unit_id END) IS NULL)
"""
_LOOKED_BACK = timedelta(days=60)
"""Samples taken longer ago are no longer awaited."""


class _Sample(NamedTuple):
    taken_at: datetime
    first_at: datetime | None
    positive: bool | None
    negative: bool | None


@dataclass(frozen=True, slots=True)
class Period:
    """Samples of a window by the day on which they were taken, and results by the day on which they came.

    `resulted` are samples of which the first result came in the window: `positive` where any result that stands is,
    `negative` where one is and none is positive; the others are indeterminate or invalid. Hours are from taking a
    sample to its first result, of those that came in the window: median, quartiles, 90th percentile.
    """

    window: Window
    taken: int
    resulted: int
    positive: int
    negative: int
    hours: tuple[float, float, float, float] | None
    in_time: int

    @property
    def positivity(self) -> float | None:
        """The share of positives among positives and negatives."""
        told = self.positive + self.negative
        return self.positive / told if told else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % interval."""
        return wilson(self.positive, self.positive + self.negative)

    @property
    def in_time_share(self) -> float | None:
        """The share of results that came within 24 hours."""
        return self.in_time / self.resulted if self.resulted else None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of testing: samples taken on it, and those that got their first result on it."""

    day: date
    taken: int
    positive: int
    negative: int


@dataclass(frozen=True, slots=True)
class Testing:
    """Testing now and in the period before, by day, and what is awaited: `late` for more than 24 hours."""

    now: Period
    before: Period
    days: tuple[Day, ...]
    awaited: int
    late: int


@as_program()
def laboratory(scope: Scope, days: int = DAYS) -> Testing:
    """Testing of people who live in the scope in the last so many days, as known at its moment."""
    samples = _samples(scope)
    window = last(days, scope.day)
    waiting = [sample for sample in samples if sample.first_at is None]
    return Testing(
        _period(samples, window),
        _period(samples, before(window)),
        _days(samples, last(SHOWN, scope.day)),
        len(waiting),
        sum(sample.taken_at < scope.at - LATE for sample in waiting),
    )


def _samples(scope: Scope) -> list[_Sample]:
    values: dict[str, Any] = {"at": scope.at, "since": scope.at - _LOOKED_BACK, "disease": scope.disease}
    values |= {"units": sorted(scope.units), "orphans": scope.orphans}
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLES, values)
        return [_Sample(*row) for row in cursor.fetchall()]


def _period(samples: Iterable[_Sample], window: Window) -> Period:
    taken = positive = negative = in_time = 0
    hours = []
    for sample in samples:
        taken += clock.local_day(sample.taken_at) in window
        if sample.first_at is None or clock.local_day(sample.first_at) not in window:
            continue
        passed = sample.first_at - sample.taken_at
        hours.append(passed.total_seconds() / 3600)
        in_time += passed <= LATE
        positive += bool(sample.positive)
        negative += bool(sample.negative and not sample.positive)
    return Period(window, taken, len(hours), positive, negative, median_and_spread(hours), in_time)


def _days(samples: Iterable[_Sample], window: Window) -> tuple[Day, ...]:
    taken: Counter[date] = Counter()
    positive: Counter[date] = Counter()
    negative: Counter[date] = Counter()
    for sample in samples:
        taken[clock.local_day(sample.taken_at)] += 1
        if sample.first_at is not None:
            found = positive if sample.positive else negative if sample.negative else Counter()
            found[clock.local_day(sample.first_at)] += 1
    return tuple(Day(day, taken[day], positive[day], negative[day]) for day in days_of(window))
