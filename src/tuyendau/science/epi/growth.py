"""How fast daily counts grow: a log-linear trend fitted to counts, with an interval that allows for their scatter.

The counts of a day are taken to scatter around exp(a + r t), with a variance of `dispersion` times the mean
(quasi-likelihood: McCullagh and Nelder, Generalized Linear Models, 2nd ed. 1989, chapters 6 and 9), so that days
without a case need no special care and clusters widen the interval. That r is the growth rate of an epidemic, and the
doubling time ln 2 / r: Ma, Infect Dis Model 2020;5:129, doi 10.1016/j.idm.2019.12.009. The interval is r ± t s with
Student's t of n - 2 degrees of freedom, since the scatter is itself estimated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST_CASES = 20
"""With fewer cases in the window no rate is told: its interval would hold every rate that there is."""
LEAST_DAYS = 7
LEAST_DAYS_WITH_CASES = 5
_STEPS = 60
_NORMAL = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Growth:
    """A growth rate a day with its 95 % interval. `level` is the trend at the last day, in cases a day."""

    rate: float
    low: float
    high: float
    level: float
    dispersion: float
    days: int
    cases: int

    @property
    def clear(self) -> bool:
        """Whether the interval says in which direction it goes."""
        return self.low > 0 or self.high < 0

    @property
    def times(self) -> tuple[float, float, float | None]:
        """Days in which counts double, or halve where the rate is below 0: the estimate, the shortest, the longest.

        The longest is None where the interval holds a rate of 0; all are infinite where there is no other in it.
        """
        slow, fast = sorted(math.copysign(1.0, self.rate) * each for each in (self.low, self.high))
        return (
            math.log(2) / abs(self.rate) if self.rate else math.inf,
            math.log(2) / fast if fast > 0 else math.inf,
            math.log(2) / slow if slow > 0 else None,
        )

    def on(self, before: int) -> float:
        """The trend so many days before the last, in cases a day."""
        return self.level * math.exp(-self.rate * before)


def growth(counts: Sequence[int]) -> Growth | None:
    """The growth of counts of days that follow each other, all complete; None where they are too few to tell.

    Raises ValueError for a count below 0.
    """
    y = np.asarray(counts, dtype=np.float64)
    if (y < 0).any():
        raise ValueError("a day has no fewer cases than none")
    if len(y) < LEAST_DAYS or y.sum() < LEAST_CASES or np.count_nonzero(y) < LEAST_DAYS_WITH_CASES:
        return None
    t = np.arange(len(y), dtype=np.float64) - (len(y) - 1)
    rate = _fitted(t, y)
    if rate is None:
        return None
    # With the slope known the trend must hold as many cases as there were.
    shape = np.exp(rate * t)
    mean = y.sum() * shape / shape.sum()
    freedom = len(y) - 2
    dispersion = max(1.0, float(((y - mean) ** 2 / mean).sum()) / freedom)
    centre = float((mean * t).sum() / mean.sum())
    error = math.sqrt(dispersion / float((mean * (t - centre) ** 2).sum()))
    wide = student(freedom) * error
    return Growth(rate, rate - wide, rate + wide, float(mean[-1]), dispersion, len(y), int(y.sum()))


def _fitted(t: np.ndarray, y: np.ndarray) -> float | None:
    """The slope that is most likely under Poisson scatter, by Newton's steps; None where they do not settle.

    The intercept falls out: the mean day under the trend must be the mean day of the cases.
    """
    wanted = float((y * t).sum() / y.sum())
    rate = 0.0
    for _ in range(_STEPS):
        weight = np.exp(rate * t)
        weight /= weight.sum()
        mean_day = float((weight * t).sum())
        spread = float((weight * (t - mean_day) ** 2).sum())
        if spread <= 1e-12:
            return None
        step = (wanted - mean_day) / spread
        rate += max(-1.0, min(1.0, step))
        if abs(step) < 1e-12:
            return rate
    return None


def student(freedom: int) -> float:
    """The 97.5 % point of Student's t, by Abramowitz and Stegun 26.7.5: within 0.001 from 5 degrees of freedom on.

    Raises ValueError for fewer.
    """
    if freedom < 5:
        raise ValueError(f"{freedom} degrees of freedom are too few")
    z, n = _NORMAL, float(freedom)
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * n**4)
    )
