"""How likely a number of days between the dates of an infector and an infectee is."""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.chains.method import BASES, Method

FIRST, LAST = -30, 60
"""Differences in days for which densities are tabulated; beyond them the density is 0."""

_STEP = 0.25


@dataclass(frozen=True, slots=True)
class Interval:
    """The serial interval of a disease: a gamma density with this mean and standard deviation, days."""

    mean: float
    sd: float

    def density(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """The gamma density at each of `days`, 0 below 0."""
        shape = (self.mean / self.sd) ** 2
        scale = self.sd**2 / self.mean
        found = np.zeros(len(days))
        above = days > 0
        logs = (shape - 1) * np.log(days[above]) - days[above] / scale - lgamma(shape) - shape * log(scale)
        found[above] = np.exp(logs)
        return found


def densities(interval: Interval, method: Method) -> NDArray[np.float64]:
    """Relative densities of the difference of two dates, as shares of the likeliest onset-to-onset difference.

    float64 [basis of infector, basis of infectee, days FIRST to LAST]: the date of the infectee less that of the
    infector. Both dates stand for onsets that nobody may have seen: each lies `lag` behind its onset, give or take
    `spread`, so that the gamma density of the interval is folded with a normal one. A wider one is flatter: a pair
    whose onsets nobody knows weighs less at its best than one whose onsets are known.
    """
    fine = np.arange(-60, 90 + _STEP / 2, _STEP)
    gamma = interval.density(fine)
    days = np.arange(FIRST, LAST + 1)
    table = np.zeros((len(BASES), len(BASES), len(days)))
    for one in BASES:
        for other in BASES:
            sd = sqrt(method.spread[one] ** 2 + method.spread[other] ** 2)
            shift = method.lag[other] - method.lag[one]
            away = days[:, None] - shift - fine[None, :]
            normal = np.exp(-0.5 * (away / sd) ** 2) / (sd * sqrt(2 * np.pi))
            table[one, other] = normal @ gamma * _STEP
    shares: NDArray[np.float64] = table / table[0, 0].max()
    return shares
