"""Arrays of one day in order: stable counting sorts and the union of overlapping visits."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.jit import kernel
from tuyendau.science.tracing.visits import Ints, Longs, Visits, pack


@kernel
def _counting_order(keys: Any, low: int, width: int, before: Any) -> Any:
    """`before` reordered by `keys[before] - low`, stably; keys lie in [low, low + width)."""
    position = np.zeros(width + 1, np.int64)
    for key in keys:
        position[key - low + 1] += 1
    for bucket in range(width):
        position[bucket + 1] += position[bucket]
    order = np.empty(len(before), np.int32)
    for row in before:
        bucket = keys[row] - low
        order[position[bucket]] = row
        position[bucket] += 1
    return order


def stable_order(keys: Ints, before: Ints | None = None) -> Ints:
    """Row numbers in order of `keys`; rows with equal keys stay as they stand in `before` (default: as given).

    A counting sort where the keys are dense enough for one, else a merge sort.
    """
    rows = np.arange(len(keys), dtype=np.int32) if before is None else before
    if not len(keys):
        return rows
    low, high = int(keys.min()), int(keys.max())
    if high - low < 4 * len(keys) + 65_536:
        order: Ints = _counting_order(keys, low, high - low + 1, rows)
        return order
    return rows[np.argsort(keys[rows], kind="stable")]


def in_site_order(visits: Visits) -> Visits:
    """The same visits by (site, start)."""
    return visits.take(stable_order(visits.site, stable_order(visits.start)))


@kernel
def _repeated(person: Any, site: Any, start: Any, end: Any, low: int, last: Any) -> Any:
    """Flags of rows whose person has an overlapping or touching row at the same site; rows by (site, start).

    `last` int32 [people] holds the row of a person's furthest end so far, -1 for none.
    """
    repeated = np.zeros(len(person), np.uint8)
    for row in range(len(person)):
        who = person[row] - low
        before = last[who]
        if before >= 0 and site[before] == site[row]:
            if end[before] >= start[row]:
                repeated[before] = 1
                repeated[row] = 1
            if end[before] > end[row]:
                continue
        last[who] = row
    return repeated


@kernel
def _united(
    group: Any, start: Any, end: Any, assumed: Any, out_row: Any, out_start: Any, out_end: Any, out_flag: Any
) -> int:
    """Disjoint pieces of rows that stand by (group, start), seen time first; returns how many.

    `out_*` have room for two pieces a row, `out_row` names a row of the piece's group.
    """
    n = len(group)
    written = 0
    row = 0
    while row < n:
        stop = row
        while stop < n and group[stop] == group[row]:
            stop += 1
        first_seen = written
        for i in range(row, stop):
            if assumed[i]:
                continue
            if written > first_seen and out_end[written - 1] >= start[i]:
                out_end[written - 1] = max(out_end[written - 1], end[i])
            else:
                out_row[written], out_start[written], out_end[written], out_flag[written] = (
                    row,
                    start[i],
                    end[i],
                    0,
                )
                written += 1
        last_seen = written
        reach = np.int64(-(2**40))
        for i in range(row, stop):
            if not assumed[i]:
                continue
            at = max(np.int64(start[i]), reach)
            reach = max(reach, np.int64(end[i]))
            for k in range(first_seen, last_seen):
                if out_end[k] <= at:
                    continue
                if out_start[k] >= end[i]:
                    break
                if out_start[k] > at:
                    out_row[written], out_start[written], out_end[written], out_flag[written] = (
                        row,
                        at,
                        out_start[k],
                        1,
                    )
                    written += 1
                at = np.int64(out_end[k])
            if at < end[i]:
                out_row[written], out_start[written], out_end[written], out_flag[written] = row, at, end[i], 1
                written += 1
        row = stop
    return written


def _pieces(visits: Visits) -> Visits:
    """Any visits as disjoint pieces of each (person, site)."""
    group = pack(visits.site, visits.person)
    order = np.lexsort((visits.start, group))
    rows = visits.take(order)
    room = 2 * len(rows)
    out = [np.empty(room, np.int32) for _ in range(3)]
    flag = np.empty(room, np.uint8)
    n = _united(group[order], rows.start, rows.end, rows.assumed, out[0], out[1], out[2], flag)
    origin = out[0][:n]
    return Visits(rows.person[origin], rows.site[origin], out[1][:n], out[2][:n], flag[:n])


def united(visits: Visits) -> Visits:
    """Visits by (site, start) with the time of one person at one site counted once.

    Where a seen and an assumed visit cover the same time the seen one stands; only what assumed visits alone cover
    keeps the flag. The pieces of one person at one site never overlap.
    """
    ordered = in_site_order(visits)
    if not len(ordered):
        return ordered
    low, high = int(ordered.person.min()), int(ordered.person.max())
    person = ordered.person
    if high - low > 4 * len(ordered) + 65_536:
        person = np.unique(person, return_inverse=True)[1].astype(np.int32)
        low, high = 0, len(ordered)
    last = np.full(high - low + 1, -1, np.int32)
    repeated = _repeated(person, ordered.site, ordered.start, ordered.end, low, last).astype(bool)
    if not repeated.any():
        return ordered
    # A chain of overlaps is flagged link by link, so whole groups are taken: a row between two flagged ones may not be.
    flagged = distinct(pack(ordered.site[repeated], ordered.person[repeated]))
    dirty = member(flagged, pack(ordered.site, ordered.person))
    return in_site_order(Visits.concatenate(ordered.take(~dirty), _pieces(ordered.take(dirty))))


def member(sorted_keys: Longs, keys: Longs) -> Any:
    """Whether each of `keys` is in `sorted_keys`; bool [n]."""
    if not len(sorted_keys):
        return np.zeros(len(keys), bool)
    place = np.searchsorted(sorted_keys, keys)
    place[place == len(sorted_keys)] = 0
    return sorted_keys[place] == keys


def distinct(values: Longs) -> Longs:
    """Distinct values in order; sooner than `np.unique`, which hashes."""
    ordered = np.sort(values)
    first: Longs = ordered[np.concatenate((np.ones(min(len(ordered), 1), bool), ordered[1:] != ordered[:-1]))]
    return first


def runs(ordered: Ints) -> tuple[Ints, Ints]:
    """Distinct values of an ordered array and where each begins: (values [k], offsets [k + 1])."""
    if not len(ordered):
        return np.empty(0, np.int32), np.zeros(1, np.int32)
    cuts = np.flatnonzero(ordered[1:] != ordered[:-1]).astype(np.int32) + np.int32(1)
    offsets = np.concatenate((np.zeros(1, np.int32), cuts, np.array([len(ordered)], np.int32)))
    return ordered[offsets[:-1]], offsets
