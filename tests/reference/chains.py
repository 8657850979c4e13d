"""Slow and obvious: who infected whom by going through every exposure, and the best forest by trying every one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, gamma, lgamma, log, prod, sqrt

from tuyendau.science.chains import Interval, Method
from tuyendau.science.epi import parameters

DAY = 86_400
STEP = 0.25


@dataclass(frozen=True)
class Met:
    """One exposure: rows of the cases, whether it was named, setting, hours, of them assumed, seconds of its ends."""

    infector: int
    infectee: int
    named: bool
    setting: int
    hours: float
    assumed: float
    first: int
    last: int


def fit(days: int, one: int, other: int, method: Method, interval: Interval) -> float:
    """How well a difference in days fits the two bases, as a share of the likeliest from onset to onset."""
    top = max(_folded(d, 0, 0, method, interval) for d in range(-30, 61))
    return _folded(days, one, other, method, interval) / top if -30 <= days <= 60 else 0.0


def _folded(days: int, one: int, other: int, method: Method, interval: Interval) -> float:
    shape, scale = (interval.mean / interval.sd) ** 2, interval.sd**2 / interval.mean
    sd = sqrt(method.spread[one] ** 2 + method.spread[other] ** 2)
    total, x = 0.0, STEP
    while x <= 90:
        density = x ** (shape - 1) * exp(-x / scale) / (gamma(shape) * scale**shape)
        away = days - (method.lag[other] - method.lag[one]) - x
        total += density * exp(-0.5 * (away / sd) ** 2) / (sd * sqrt(2 * 3.141592653589793)) * STEP
        x += STEP
    return total


def weights(
    days: Sequence[int], bases: Sequence[int], met: Sequence[Met], method: Method, interval: Interval
) -> tuple[dict[tuple[int, int], float], list[float]]:
    """The weight of each (infectee, infector), and of the outside source for each case."""
    hazards: defaultdict[tuple[int, int], float] = defaultdict(float)
    named = set()
    for each in met:
        if each.infector == each.infectee:
            continue
        pair = each.infectee, each.infector
        basis = bases[each.infectee]
        slack = 0.0 if basis == 0 else method.spread[basis]
        latest = (
            days[each.infectee] - method.lag[basis] + slack + 1 - method.minimal_incubation
        ) * DAY - 7 * 3_600
        if each.first == each.last == 0:
            share = 1.0
        else:
            span = max(each.last - each.first, 1)
            share = min(max(latest - each.first, 0), span) / span
        worth = max(each.hours - (1 - method.assumed_weight) * each.assumed, 0)
        hazard = method.reported_hazard if each.named else parameters().hazards[each.setting] * worth
        if hazard * share > 0:
            hazards[pair] += hazard * share
            if each.named:
                named.add(pair)
    found: dict[tuple[int, int], float] = {}
    for (infectee, infector), hazard in hazards.items():
        fits = fit(days[infectee] - days[infector], bases[infector], bases[infectee], method, interval)
        if (infectee, infector) in named:
            fits = max(fits, method.reported_floor)
        weight = (1 - exp(-hazard)) * fits
        if weight >= method.least_weight:
            found[infectee, infector] = weight
    sums = [method.outside + sum(w for (j, _), w in found.items() if j == case) for case in range(len(days))]
    return {pair: w / sums[pair[0]] for pair, w in found.items()}, [method.outside / s for s in sums]


def best_forest(
    n: int, edges: dict[tuple[int, int], float], outside: Sequence[float]
) -> tuple[float, list[tuple[int, ...]]]:
    """The greatest product of weights over all forests, and every forest that has it; edges (infectee, infector)."""
    choices = [[-1, *sorted(i for j, i in edges if j == case)] for case in range(n)]
    best, found = 0.0, []
    for parent in product(*choices):
        if _has_circle(parent):
            continue
        score = prod(outside[j] if i < 0 else edges[j, i] for j, i in enumerate(parent))
        if score > best * (1 + 1e-12):
            best, found = score, [parent]
        elif score and abs(log(score) - log(best)) <= 1e-12:
            found.append(parent)
    return best, found


def _has_circle(parent: Sequence[int]) -> bool:
    for start in range(len(parent)):
        node, steps = start, 0
        while node >= 0:
            node, steps = parent[node], steps + 1
            if steps > len(parent):
                return True
    return False


def dispersion(counts: Sequence[int]) -> tuple[float, float, float]:
    """k of the highest negative-binomial likelihood on a fine grid, and the ends of its 95 % interval there."""
    mean = sum(counts) / len(counts)

    def likelihood(k: float) -> float:
        return sum(
            lgamma(k + x) - lgamma(k) - lgamma(x + 1) + k * log(k / (k + mean)) + x * log(mean / (k + mean))
            for x in counts
        )

    grid = [10 ** (-2 + 3 * step / 3_000) for step in range(3_001)]
    told = [likelihood(k) for k in grid]
    inside = [k for k, value in zip(grid, told, strict=True) if max(told) - value < 1.9207]
    return grid[told.index(max(told))], inside[0], inside[-1]
