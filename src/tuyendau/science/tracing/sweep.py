"""Time that several pieces of evidence cover is counted once."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.jit import kernel
from tuyendau.science.tracing.kernel import H_ASSUMED, H_END, H_START, H_WHO, R_RISK, T_ASSUMED, T_SECONDS


@kernel
def sweep_hits(hits: Any, hazards: Any, n: int, tally: Any, reals: Any) -> None:
    """Add `n` hits that may overlap to their contacts' totals.

    At each moment it counts as one: seen if any of its evidence is, and with the highest rate (`hazards`, per
    second) among its evidence.
    """
    keys = np.empty(n, np.int64)
    for h in range(n):
        keys[h] = (np.int64(hits[h, H_WHO]) << 32) + np.int64(hits[h, H_START]) + 2**31
    order = np.argsort(keys)
    active = np.empty(n, np.int64)
    first = 0
    while first < n:
        who = hits[order[first], H_WHO]
        stop = first
        while stop < n and hits[order[stop], H_WHO] == who:
            stop += 1
        _sweep_one(hits, hazards, order, first, stop, active, tally, reals, who)
        first = stop


@kernel
def _sweep_one(
    hits: Any, hazards: Any, order: Any, at: int, stop: int, active: Any, tally: Any, reals: Any, who: int
) -> None:
    open_hits = 0
    now = np.int64(hits[order[at], H_START])
    while at < stop or open_hits:
        if open_hits == 0:
            now = np.int64(hits[order[at], H_START])
        while at < stop and hits[order[at], H_START] <= now:
            active[open_hits] = order[at]
            open_hits += 1
            at += 1
        until = np.int64(hits[active[0], H_END])
        seen, rate = False, 0.0
        for k in range(open_hits):
            hit = active[k]
            until = min(until, np.int64(hits[hit, H_END]))
            seen = seen or hits[hit, H_ASSUMED] == 0
            rate = max(rate, hazards[hit, 0])
        if at < stop:
            until = min(until, np.int64(hits[order[at], H_START]))
        tally[who, T_SECONDS] += until - now
        if not seen:
            tally[who, T_ASSUMED] += until - now
        reals[who, R_RISK] += rate * (until - now)
        now = until
        kept = 0
        for k in range(open_hits):
            if hits[active[k], H_END] > now:
                active[kept] = active[k]
                kept += 1
        open_hits = kept
