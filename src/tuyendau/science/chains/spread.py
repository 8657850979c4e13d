"""What a forest tells: how many each case infected, how unevenly, and how many days lie between."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, lgamma, log

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LEAST, _MOST = 1e-3, 1e3
_DROP = 1.9207
"""Half of the 95 % point of chi-squared with one degree of freedom: where a profile likelihood ends."""


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How many cases each case infected: mean, dispersion k of the negative binomial, and its interval.

    k is that of the highest likelihood, low and high the 95 % profile-likelihood interval; infinite where the counts
    vary no more than by chance (Poisson). `top` is the share of cases, the busiest first, that 80 % of infections go
    back to. None where there is nothing to tell: nobody infected anybody.
    """

    cases: int
    mean: float
    k: float | None
    low: float | None
    high: float | None
    top: float | None


def offspring(parent: ArrayLike) -> Dispersion:
    """The offspring distribution of a forest (infector of each case, -1 for none). Lloyd-Smith et al., Nature 2005.

    Everybody counts, those too who infected nobody. The newest have not infected all that they will, so that the mean
    is low while an outbreak grows.
    """
    above = np.asarray(parent, np.int64)
    return dispersion(np.bincount(above[above >= 0], minlength=len(above)))


def dispersion(infected: ArrayLike) -> Dispersion:
    """The same from how many each case infected, one number a case."""
    counts = np.asarray(infected, np.int64)
    n = len(counts)
    if not n or not counts.any():
        return Dispersion(n, 0.0, None, None, None, None)
    values, times = np.unique(counts, return_counts=True)
    mean = float(counts.mean())
    k = _peak(values, times, mean)
    best = _likelihood(values, times, mean, k)
    low = _edge(values, times, mean, best, _LEAST, k)
    high = _edge(values, times, mean, best, _MOST, k) if isfinite(k) else inf
    return Dispersion(n, mean, k, low, high, _top(counts))


def _likelihood(values: NDArray[np.int64], times: NDArray[np.int64], mean: float, k: float) -> float:
    """Log-likelihood of the negative binomial with `mean` and `k`; of the Poisson where k is infinite."""
    if not isfinite(k):
        return sum(n * (v * log(mean) - mean - lgamma(v + 1)) for v, n in _pairs(values, times))
    rest = k * log(k / (k + mean))
    share = log(mean / (k + mean))
    return sum(
        n * (lgamma(k + v) - lgamma(k) - lgamma(v + 1) + rest + v * share) for v, n in _pairs(values, times)
    )


def _pairs(values: NDArray[np.int64], times: NDArray[np.int64]) -> list[tuple[int, int]]:
    return list(zip(values.tolist(), times.tolist(), strict=True))


def _peak(values: NDArray[np.int64], times: NDArray[np.int64], mean: float) -> float:
    """The k of the highest likelihood; the mean is its own maximum whatever k is."""
    variance = float((times * (values - mean) ** 2).sum() / times.sum())
    if variance <= mean:
        return inf
    low, high = log(_LEAST), log(_MOST)
    golden = (5**0.5 - 1) / 2
    while high - low > 1e-7:
        one, other = high - golden * (high - low), low + golden * (high - low)
        if _likelihood(values, times, mean, np.exp(one)) < _likelihood(values, times, mean, np.exp(other)):
            low = one
        else:
            high = other
    return float(np.exp((low + high) / 2))


def _edge(
    values: NDArray[np.int64], times: NDArray[np.int64], mean: float, best: float, far: float, k: float
) -> float:
    """Where, between the peak and `far`, the likelihood has dropped by `_DROP`; infinite where it has not by then."""
    if best - _likelihood(values, times, mean, far) < _DROP:
        return inf if far == _MOST else far
    inner, outer = log(min(k, _MOST)), log(far)
    for _ in range(60):
        middle = (inner + outer) / 2
        if best - _likelihood(values, times, mean, float(np.exp(middle))) < _DROP:
            inner = middle
        else:
            outer = middle
    return float(np.exp(inner))


def _top(counts: NDArray[np.int64]) -> float:
    """The least share of cases that 80 % of the infections go back to."""
    busiest = np.sort(counts)[::-1].cumsum()
    enough = int(np.searchsorted(busiest, 0.8 * busiest[-1])) + 1
    return enough / len(counts)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Days from onset to onset of pairs: how many pairs, their mean, spread and median, and how many are negative."""

    pairs: int
    mean: float
    sd: float
    median: float
    negative: int


def serial_intervals(days: ArrayLike) -> Intervals | None:
    """The serial intervals of pairs (onset of the infectee less that of the infector, days); None without any."""
    found = np.asarray(days, np.float64)
    if not len(found):
        return None
    sd = float(found.std(ddof=1)) if len(found) > 1 else 0.0
    return Intervals(len(found), float(found.mean()), sd, float(np.median(found)), int((found < 0).sum()))
