"""Weighing likely infectors: what is known of the contact times how well the dates fit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.chains.intervals import FIRST, LAST, Interval, densities
from tuyendau.science.chains.method import Method
from tuyendau.science.epi import parameters
from tuyendau.science.epi.times import DAY, UTC_OFFSET

Ints = NDArray[np.int64]
Reals = NDArray[np.float64]

OUTSIDE = -1
"""In place of a case: a source that is not in the list, or that nobody knows."""


class Kind(IntEnum):
    """What a pair of cases rests on."""

    MET = 0
    """They were at one place, or measured near each other."""
    NAMED = 1
    """Somebody said that they met."""


@dataclass(frozen=True, eq=False)
class Times:
    """[n] cases: day int64, local days since 2020-01-01 of the date that stands for onset; basis int8, a `Basis`."""

    day: Ints
    basis: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, eq=False)
class Pairs:
    """[m] exposures, one a row: the infector met the infectee in the infector's infectious window.

    infector, infectee int64: rows of the cases; kind int8: a `Kind`; setting int8: code of `Setting`; hours, assumed
    float64: time together, and what of it rests on an assumed end; first, last int64: seconds since EPOCH, both 0 where
    nobody knows when.
    """

    infector: Ints
    infectee: Ints
    kind: NDArray[np.int8]
    setting: NDArray[np.int8]
    hours: Reals
    assumed: Reals
    first: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.infector)


@dataclass(frozen=True, eq=False)
class Likely:
    """[m] likely infectors, by infectee and the likeliest first; of each infectee all weights and `outside` sum to 1.

    infectee, infector int64; weight float64; hazard float64: cumulative, over all their exposures; fit float64: of the
    dates, as a share of the likeliest; days int64: date of the infectee less that of the infector; named bool: somebody
    said that they met; exposure int64: the row of `Pairs` that weighs most. outside float64 [n]: for each case the
    weight of a source that is not in the list.
    """

    infectee: Ints
    infector: Ints
    weight: Reals
    hazard: Reals
    fit: Reals
    days: Ints
    named: NDArray[np.bool_]
    exposure: Ints
    outside: Reals

    def __len__(self) -> int:
        return len(self.infectee)


def weigh(
    times: Times, pairs: Pairs, method: Method, interval: Interval, minimal_incubation: float | None = None
) -> Likely:
    """Every likely infector of every case.

    The weight of a pair is 1 - exp(-hazard) times the density of the days between their dates; the hazard sums, over
    their exposures, hazard per hour of the setting x hours, of which counts only what lies before the infectee's onset
    less the minimal incubation (days; the method's own where None). Weights are shares of all of an infectee's pairs
    and of the outside source. Raises IndexError for rows that are no case.
    """
    incubation = method.minimal_incubation if minimal_incubation is None else minimal_incubation
    hazard = _hazards(times, pairs, method, incubation)
    n = len(times)
    rows = np.flatnonzero((hazard > 0) & (pairs.infector != pairs.infectee))
    key = pairs.infectee[rows] * n + pairs.infector[rows]
    # The exposure that weighs most stands first among those of its pair.
    rows = rows[np.lexsort((rows, -hazard[rows], key))]
    key = pairs.infectee[rows] * n + pairs.infector[rows]
    begins = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, np.int64)
    first = rows[begins]
    total = np.add.reduceat(hazard[rows], begins) if len(rows) else np.empty(0)
    named = np.maximum.reduceat(pairs.kind[rows], begins) if len(rows) else np.empty(0, np.int8)
    infector, infectee = pairs.infector[first], pairs.infectee[first]
    days = times.day[infectee] - times.day[infector]
    fit = _fit(times, infector, infectee, days, densities(interval, method))
    fit = np.where(named == Kind.NAMED, np.maximum(fit, method.reported_floor), fit)
    weight = -np.expm1(-total) * fit
    kept = np.flatnonzero(weight >= method.least_weight)
    kept = kept[np.lexsort((infector[kept], -weight[kept], infectee[kept]))]
    sums = np.bincount(infectee[kept], weight[kept], minlength=n).astype(np.float64) + method.outside
    outside: Reals = method.outside / sums
    return Likely(
        infectee[kept], infector[kept], weight[kept] / sums[infectee[kept]], total[kept], fit[kept], days[kept],
        named[kept] == Kind.NAMED, first[kept], outside,
    )  # fmt: skip


def _hazards(times: Times, pairs: Pairs, method: Method, incubation: float) -> Reals:
    """The cumulative hazard of each exposure, as far as it can have led to the infectee's illness."""
    per_hour = parameters().hazards
    hours = pairs.hours - (1.0 - method.assumed_weight) * pairs.assumed
    met = per_hour[pairs.setting] * np.maximum(hours, 0.0)
    hazard = np.where(pairs.kind == Kind.NAMED, method.reported_hazard, met)
    share: Reals = _share_in_time(times, pairs, method, incubation)
    return hazard * share


def _share_in_time(times: Times, pairs: Pairs, method: Method, incubation: float) -> Reals:
    """The share of each exposure's span before the last moment at which it can have infected.

    That is the end of the infectee's day of onset less the minimal incubation; where another date stands for the onset,
    the onset may have been later than expected by one standard deviation.
    """
    basis = times.basis[pairs.infectee]
    slack = np.where(basis == 0, 0.0, method.spread[basis])
    days = times.day[pairs.infectee] - method.lag[basis] + slack + 1.0 - incubation
    latest = days * DAY - UTC_OFFSET
    span = (pairs.last - pairs.first).astype(np.float64)
    before = np.clip(latest - pairs.first, 0.0, np.maximum(span, 1.0))
    share: Reals = before / np.maximum(span, 1.0)
    return np.where((pairs.first == 0) & (pairs.last == 0), 1.0, share)


def _fit(times: Times, infector: Ints, infectee: Ints, days: Ints, table: Reals) -> Reals:
    inside = (days >= FIRST) & (days <= LAST)
    column = np.clip(days, FIRST, LAST) - FIRST
    found: Reals = table[times.basis[infector], times.basis[infectee], column]
    return np.where(inside, found, 0.0)
