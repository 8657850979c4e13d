"""Truth that is newer than the segments.

A key (person, site, day) that changed is *touched*: from then on the overlay's visits of that key stand instead of
the segment's, be there one, several or none. So late, corrected and cancelled visits are all exact.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np

from tuyendau.science.epi.times import UTC_OFFSET
from tuyendau.science.jit import kernel
from tuyendau.science.tracing.build import distinct, member
from tuyendau.science.tracing.segment import DaySegment
from tuyendau.science.tracing.visits import Flags, Keys, Longs, Visits, pack, split_days

FEW = 256
"""Rows of a site up to which they are looked through for a person, which is sooner done than finding the person."""


@dataclass(frozen=True, eq=False)
class DayPatch:
    """What is newer than the segment of one day, immutable.

    keys: int64 [k] ordered, site << 32 | person; stamps: int64 [k], which `apply` touched each last;
    rows: the current visits of all keys; generation: patches that share one only ever gained keys.
    """

    keys: Longs
    stamps: Longs
    rows: DaySegment
    generation: int


class Overlay:
    """The touched keys of all days. Safe to use from several threads: what readers hold never changes."""

    def __init__(self, utc_offset: int = UTC_OFFSET) -> None:
        self.utc_offset = utc_offset
        self._lock = threading.Lock()
        self._patches: dict[int, DayPatch] = {}
        self._stamp = 0
        self._generation = 0

    @property
    def patches(self) -> Mapping[int, DayPatch]:
        """Patches by day, as they are now."""
        return MappingProxyType(self._patches)

    @property
    def stamp(self) -> int:
        """The number of the last `apply`."""
        return self._stamp

    def __len__(self) -> int:
        return sum(len(p.keys) for p in self._patches.values())

    def apply(self, keys: Keys, visits: Visits) -> int:
        """Let `visits` be all that is true of `keys`, instead of whatever was known of them.

        Visits are cut at midnight; a part whose (person, site, day) is not among `keys` is ignored. A key without
        visits is deleted. Returns the stamp of this change, for `forget`.
        """
        parts = dict(split_days(visits, self.utc_offset))
        days = distinct(keys.day.astype(np.int64))
        packed = pack(keys.site, keys.person)
        with self._lock:
            stamp = self._stamp + 1
            patches = dict(self._patches)
            for day in days.tolist():
                touched = distinct(packed[keys.day == day])
                patches[day] = self._patched(
                    patches.get(day), day, touched, parts.get(day, Visits.none()), stamp
                )
            self._patches, self._stamp = patches, stamp
            return stamp

    def forget(self, day: int, through: int | None = None) -> None:
        """Drop a day's keys that were last touched by stamp `through` or before (default: all).

        To be called when a segment of the day has been published that holds their truth.
        """
        with self._lock:
            old = self._patches.get(day)
            if old is None:
                return
            patches = dict(self._patches)
            stay = old.stamps > (self._stamp if through is None else through)
            if stay.any():
                keys = old.keys[stay]
                rows = old.rows.visits
                rows = rows.take(member(keys, pack(rows.site, rows.person)))
                build = DaySegment.build(day, rows, self.utc_offset)
                patches[day] = DayPatch(keys, old.stamps[stay], build, self._next_generation())
            else:
                del patches[day]
            self._patches = patches

    def _patched(
        self, old: DayPatch | None, day: int, touched: Longs, visits: Visits, stamp: int
    ) -> DayPatch:
        rows = visits.take(member(touched, pack(visits.site, visits.person)))
        keys, stamps = touched, np.full(len(touched), stamp, np.int64)
        if old is not None:
            before = old.rows.visits
            before = before.take(~member(touched, pack(before.site, before.person)))
            rows = Visits.concatenate(before, rows)
            stay = ~member(touched, old.keys)
            keys = np.concatenate((old.keys[stay], touched))
            order = np.argsort(keys, kind="stable")
            keys, stamps = keys[order], np.concatenate((old.stamps[stay], stamps))[order]
        build = DaySegment.build(day, rows, self.utc_offset)
        return DayPatch(keys, stamps, build, self._next_generation() if old is None else old.generation)

    def _next_generation(self) -> int:
        self._generation += 1
        return self._generation


@kernel
def _mask(
    keys: Any, sites: Any, offsets: Any, person: Any, people: Any, people_offsets: Any, rows: Any, site: Any, mask: Any
) -> None:  # fmt: skip
    """Set the mask on the rows of each key; keys come by site, so the search for a site goes on from the last one."""
    s = np.int64(0)
    for key in keys:
        who, where = np.int32(key & 0x7FFFFFFF), np.int32(key >> 32)
        if s < len(sites) and sites[s] < where:
            s = s + np.searchsorted(sites[s:], where)
        if s == len(sites):
            return
        if sites[s] != where:
            continue
        low, high = offsets[s], offsets[s + 1]
        if high - low <= FEW:
            for row in range(low, high):
                if person[row] == who:
                    mask[row] = 1
            continue
        p = np.searchsorted(people, who)
        if p < len(people) and people[p] == who:
            for k in range(people_offsets[p], people_offsets[p + 1]):
                if site[rows[k]] == where:
                    mask[rows[k]] = 1


def masked(segment: DaySegment, keys: Longs, before: Flags | None = None) -> Flags:
    """Which rows of a segment `keys` replace, besides those that `before` replaces; uint8 [n], a new array."""
    mask = np.zeros(len(segment), np.uint8) if before is None else before.copy()
    _mask(
        keys, segment.sites, segment.site_offsets, segment.person, segment.people, segment.people_offsets,
        segment.rows, segment.site, mask,
    )  # fmt: skip
    return mask


def known(segments: Mapping[int, DaySegment], patches: Mapping[int, DayPatch], keys: Keys) -> Visits:
    """All visits known of `keys`, each cut to the key's day: the patch's where a key is touched, else the segment's.

    With it, a visit that was added is applied without reading the key's other visits: `known` of the key and the
    new one are all that is true of it.
    """
    packed = pack(keys.site, keys.person)
    parts = [Visits.none()]
    for day in distinct(keys.day.astype(np.int64)).tolist():
        asked = distinct(packed[keys.day == day])
        patch, segment = patches.get(day), segments.get(day)
        if patch is not None:
            rows = patch.rows.visits
            parts.append(rows.take(member(asked, pack(rows.site, rows.person))))
            asked = asked[~member(patch.keys, asked)]
        if segment is not None and len(asked):
            parts.append(segment.visits.take(np.flatnonzero(masked(segment, asked))))
    return reduce(Visits.concatenate, parts)
