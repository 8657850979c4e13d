"""How often the true infector is found, how far weights can be believed, and how long it takes.

    python benchmarks/chains.py                 10 outbreaks at scale 0.05, judged by their truth; 5,000 cases timed
    python benchmarks/chains.py --seeds 3       a quick run
    python benchmarks/chains.py --outside 0.1   with another weight of sources that are not in the list

With --keep the table goes into RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from evaluation import outbreaks
from measuring import keep

from tuyendau.science.chains import (
    Basis,
    Interval,
    Likely,
    Method,
    Pairs,
    Times,
    densities,
    most_likely,
    weigh,
)
from tuyendau.science.chains.intervals import FIRST, LAST
from tuyendau.science.epi import Grade
from tuyendau.science.epi.diseases import disease
from tuyendau.science.epi.times import DAY, UTC_OFFSET
from tuyendau.science.sim import Outbreak, World, evaluation, interviews
from tuyendau.science.tracing import NO_ONSET, Keys

COVID = disease("covid19")
INTERVAL = Interval(COVID.serial_interval.mean, COVID.serial_interval.sd)
BINS = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0001)


@dataclass(frozen=True)
class Found:
    """The cases of one outbreak: their dates, their exposures to each other, the true infector of each (-1: none)."""

    times: Times
    pairs: Pairs
    truth: Any
    company: Any
    home: Any


def observed(world: World, days: Any, outbreak: Outbreak) -> Found:
    """What the program would know of an outbreak that is over, and the truth beside it."""
    c = outbreak.cases
    rows = np.arange(len(c), dtype=np.int32)
    index = evaluation.records_index(world, days, outbreak)
    told = interviews(world, days, outbreak, rows, evaluation.lookback(outbreak)).visits
    if len(told):
        index.add(Keys.touching(told), told)
    e = index.trace(evaluation.sources(outbreak, rows), min_seconds=60, worst=Grade.AROUND).exposures
    case_of = np.full(len(world.people), -1, np.int64)
    case_of[c.person] = rows
    mine = np.flatnonzero(case_of[e.contact] >= 0)
    pairs = Pairs(
        e.source[mine].astype(np.int64), case_of[e.contact[mine]], np.zeros(len(mine), np.int8),
        e.setting[mine].astype(np.int8), e.seconds[mine] / 3_600, e.assumed_seconds[mine] / 3_600,
        e.first[mine].astype(np.int64), e.last[mine].astype(np.int64),
    )  # fmt: skip
    day = np.where(c.onset != NO_ONSET, c.onset, c.sampled).astype(np.int64)
    basis = np.where(c.onset != NO_ONSET, Basis.ONSET, Basis.SAMPLE).astype(np.int8)
    infector = outbreak.truth.infector[c.infection]
    truth = np.where(infector >= 0, case_of[np.maximum(infector, 0)], -1)
    people = world.people
    return Found(
        Times((day + UTC_OFFSET) // DAY, basis), pairs, truth, people.company[c.person], people.home[c.person]
    )


def nearest(found: Found) -> Likely:
    """The simple way: the latest case before, of the same home or the same company; those of a home first."""
    day, n = found.times.day, len(found.times)
    infectee, infector, weight = [], [], []
    for j in range(n):
        before = np.flatnonzero(day < day[j])
        home = before[found.home[before] == found.home[j]]
        work = before[(found.company[before] == found.company[j]) & (found.company[j] >= 0)]
        latest = lambda rows: rows[np.argsort(-day[rows], kind="stable")]  # noqa: E731
        for rank, i in enumerate(dict.fromkeys([*latest(home), *latest(work)])):
            infectee.append(j), infector.append(i), weight.append(1 / (rank + 1))
    return _likely(n, infectee, infector, weight, np.full(n, 1e-9))


def by_dates(found: Found, method: Method) -> Likely:
    """Serial interval only, as in Wallinga & Teunis (2004): every other case, whoever met whom."""
    n, table = len(found.times), densities(INTERVAL, method)
    j, i = np.divmod(np.arange(n * n), n)
    days = found.times.day[j] - found.times.day[i]
    fit = table[found.times.basis[i], found.times.basis[j], np.clip(days, FIRST, LAST) - FIRST]
    rows = np.flatnonzero((i != j) & (fit > 1e-6) & (days >= FIRST) & (days <= LAST))
    return _likely(n, j[rows], i[rows], fit[rows], np.full(n, 1e-9))


def _likely(n: int, infectee: Any, infector: Any, weight: Any, outside: Any) -> Likely:
    j, i, w = np.array(infectee, np.int64), np.array(infector, np.int64), np.array(weight, float)
    order = np.lexsort((i, -w, j))
    j, i, w = j[order], i[order], w[order]
    sums = np.bincount(j, w, minlength=n) + outside
    none = np.zeros(len(j), np.int64)
    return Likely(j, i, w / sums[j], w, w, none, none > 0, none, outside / sums)


def judged(found: Found, likely: Likely) -> dict[str, Any]:
    """Counts: infectees whose infector is in the list, comes first, among three; and how weights were borne out."""
    n = len(found.times)
    right = likely.infector == found.truth[likely.infectee]
    begin = np.searchsorted(likely.infectee, likely.infectee)
    rank = np.arange(len(likely)) - begin
    place = np.full(n, 99)
    place[likely.infectee[right]] = rank[right]
    tree = most_likely(n, likely.infectee, likely.infector, likely.weight, likely.outside)
    known = found.truth >= 0
    listed = place < 99
    bins = {"pairs": _bins(likely.weight, right), "nobody": _bins(likely.outside, ~listed)}
    return {
        "known": int(known.sum()), "first": int((place[known] == 0).sum()), "three": int((place[known] < 3).sum()),
        "listed": int(listed.sum()), "tree": int((tree[known] == found.truth[known]).sum()),
        "unknown": int((~known).sum()), "none": int((tree[~known] < 0).sum()), "cut": int((tree[known] < 0).sum()),
        "outside": float(likely.outside.sum()), "bins": bins, "cases": n,
    }  # fmt: skip


def _bins(weight: Any, true: Any) -> list[tuple[int, float, int]]:
    """By bin of the weight: how many there are, the sum of their weights, how many were true."""
    which = np.digitize(weight, BINS) - 1
    rows = [which == b for b in range(len(BINS) - 1)]
    return [(int(r.sum()), float(weight[r].sum()), int(true[r].sum())) for r in rows]


def one(scale: float, seed: int, outside: float) -> dict[str, dict[str, Any]]:
    """Every way, judged in one outbreak."""
    ((world, days, outbreak, _),) = outbreaks(scale, [seed])
    found = observed(world, days, outbreak)
    method = replace(Method.bundled(), outside=outside)
    ways = {
        "contacts and serial interval": weigh(
            found.times, found.pairs, method, INTERVAL, COVID.incubation.least
        ),
        "serial interval only": by_dates(found, method),
        "nearest onset before, same home or company": nearest(found),
    }
    print(".", end="", file=sys.stderr, flush=True)
    return {name: judged(found, likely) for name, likely in ways.items()}


def timed(cases: int = 5_000, partners: int = 40) -> dict[str, float]:
    """Seconds for weights, forest and all that follows, of so many cases with so many exposures each."""
    rng = np.random.default_rng(1)
    day = np.sort(rng.integers(500, 560, cases))
    m = cases * partners
    infector = rng.integers(0, cases, m)
    infectee = np.clip(infector + rng.integers(-400, 1_200, m), 0, cases - 1)
    first = day[infector] * DAY + rng.integers(-3 * DAY, 2 * DAY, m)
    pairs = Pairs(
        infector, infectee, np.zeros(m, np.int8), rng.integers(1, 9, m).astype(np.int8), rng.exponential(8, m),
        np.zeros(m), first, first + rng.integers(3_600, 4 * DAY, m),
    )  # fmt: skip
    times = Times(day, rng.choice([0, 0, 0, 1, 3], cases).astype(np.int8))
    began = time.perf_counter()
    likely = weigh(times, pairs, Method.bundled(), INTERVAL)
    weighed = time.perf_counter()
    most_likely(cases, likely.infectee, likely.infector, likely.weight, likely.outside)
    done = time.perf_counter()
    return {"exposures": m, "pairs": len(likely), "weights": weighed - began, "forest": done - weighed}


def table(parts: list[dict[str, dict[str, Any]]], speed: dict[str, float], head: str) -> str:
    """The results in words and tables."""
    lines = []
    for name in parts[0]:
        s = {
            k: sum(p[name][k] for p in parts)
            for k in ("known", "first", "three", "listed", "tree", "unknown", "none", "cut")
        }
        k, u = s["known"], max(s["unknown"], 1)
        lines.append(
            f"| {name} | {s['first'] / k:.1%} | {s['three'] / k:.1%} | {s['listed'] / k:.1%} | {s['tree'] / k:.1%} "
            f"| {s['none'] / u:.1%} | {s['cut'] / k:.1%} |"
        )  # fmt: skip
    main = "contacts and serial interval"
    cases, unknown = (sum(p[main][k] for p in parts) for k in ("cases", "unknown"))
    unlisted = cases - sum(p[main]["listed"] for p in parts)
    outside = sum(p[main]["outside"] for p in parts)
    rows = []
    both = [np.array([p[main]["bins"][k] for p in parts]).sum(axis=0) for k in ("pairs", "nobody")]
    for low, high, pair, nobody in zip(BINS, BINS[1:], *both, strict=False):
        told = [f"{int(n):,} | {w / n:.1%} | {t / n:.1%}" if n else "0 | – | –" for n, w, t in (pair, nobody)]
        rows.append(f"| {low:.0%} to {min(high, 1):.0%} | {' | '.join(told)} |")
    heads = ("way", "first", "first three", "anywhere", "in the forest", "rightly nobody", "wrongly nobody")
    bin_heads = ("weight", "infectors", "mean weight", "true", "nobody", "mean weight", "true")
    return (
        f"## Who infected whom\n\n{len(parts)} simulated outbreaks, {cases:,} cases; {unknown:,} of them were infected "
        f"from outside or by somebody who was never found, {unlisted:,} by nobody whom they are known to have met "
        f"(weight given to that: {outside:,.0f}). {head}\n\n"
        "Of the cases whose infector is in the list: how often they stand first, among the first three, anywhere; how "
        "often the most likely forest has them; of the others, how often it has nobody; and how often it cuts off a "
        f"case whose infector is there.\n\n{_headed(heads)}"
        + "\n".join(lines)
        + "\n\nHow often a likely infector of such a weight was the true one, and how often nobody of those met was "
        f"it:\n\n{_headed(bin_heads)}"
        + "\n".join(rows)
        + f"\n\n5,000 cases with {int(speed['exposures']):,} exposures: weights {speed['weights']:.2f} s "
        f"({int(speed['pairs']):,} pairs), forest {speed['forest']:.2f} s.\n"
    )


def _headed(names: tuple[str, ...]) -> str:
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}\n"


def main() -> None:
    """Read the arguments, run, print, keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=0.05)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--outside", type=float, default=Method.bundled().outside)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--keep", action="store_true", help="write the table to RESULTS.md")
    asked = parser.parse_args()
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    load = f"load average {os.getloadavg()[0]:.1f}"
    head = f"{os.cpu_count()} cores, {versions}, {load}. {date.today().isoformat()}, `python {' '.join(sys.argv)}`."
    # The weight of sources that are not in the list was chosen by outbreaks 1 to 8.
    seeds = range(101, 101 + asked.seeds)
    timed(500)
    speed = timed()
    with ProcessPoolExecutor(asked.processes) as pool:
        parts = list(pool.map(one, [asked.scale] * len(seeds), seeds, [asked.outside] * len(seeds)))
    text = table(parts, speed, head)
    print(text)
    if asked.keep:
        keep("chains", text)


if __name__ == "__main__":
    main()
