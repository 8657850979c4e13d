"""Time that several pieces of evidence cover is counted once."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.jit import kernel
from tuyendau.science.tracing.kernel import H_ASSUMED, H_END, H_START, H_WHO, R_RISK, T_ASSUMED, T_SECONDS

FEW = 32
"""Hits of one contact up to which they are sorted by insertion."""


@kernel
def sweep_hits(hits: Any, hazards: Any, n: int, contacts: int, tally: Any, reals: Any) -> None:
    """Add `n` hits that may overlap to the totals of their `contacts`.

    At each moment it counts as one: seen if any of its evidence is, and with the highest rate (`hazards`, per
    second) among its evidence.
    """
    ends = np.zeros(contacts + 1, np.int64)
    for h in range(n):
        ends[hits[h, H_WHO] + 1] += 1
    for who in range(contacts):
        ends[who + 1] += ends[who]
    order = np.empty(n, np.int64)
    place = ends[:-1].copy()
    for h in range(n):
        who = hits[h, H_WHO]
        order[place[who]] = h
        place[who] += 1
    active = np.empty(n, np.int64)
    for who in range(contacts):
        if ends[who] < ends[who + 1]:
            _by_start(hits, order, ends[who], ends[who + 1])
            _sweep_one(hits, hazards, order, ends[who], ends[who + 1], active, tally, reals, who)


@kernel
def _by_start(hits: Any, order: Any, low: int, high: int) -> None:
    """Sort order[low:high] by start; most contacts have a few hits, for which insertion is soonest done."""
    if high - low > FEW:
        starts = np.empty(high - low, np.int64)
        for k in range(low, high):
            starts[k - low] = hits[order[k], H_START]
        order[low:high] = order[low:high][np.argsort(starts)]
        return
    for k in range(low + 1, high):
        hit = order[k]
        while k > low and hits[order[k - 1], H_START] > hits[hit, H_START]:
            order[k] = order[k - 1]
            k -= 1
        order[k] = hit


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
