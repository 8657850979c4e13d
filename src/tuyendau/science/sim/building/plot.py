"""Sites as they are laid out, block by block, parents first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tuyendau.science.sim.kinds import DWELL_OF_KIND
from tuyendau.science.sim.world import Ints, Sites

_COLUMNS = ("kind", "parent", "commune", "lon", "lat", "dwell", "capacity")
_TYPES = (np.int8, np.int32, np.int32, np.float64, np.float64, np.int16, np.int32)


class Plot:
    """Collects blocks of sites and gives each its numbers."""

    def __init__(self) -> None:
        self._blocks: list[list[Any]] = []
        self._count = 0

    def add(
        self,
        kind: int,
        count: int,
        *,
        parent: ArrayLike = -1,
        commune: ArrayLike = -1,
        lon: ArrayLike = np.nan,
        lat: ArrayLike = np.nan,
        dwell: ArrayLike | None = None,
        capacity: ArrayLike = 0,
    ) -> Ints:
        """Add `count` sites of a kind; what is left out is taken from the parent. Returns their numbers, int32."""
        columns = (kind, parent, commune, lon, lat, DWELL_OF_KIND[kind] if dwell is None else dwell, capacity)
        self._blocks.append(
            [np.broadcast_to(np.asarray(c, t), (count,)) for c, t in zip(columns, _TYPES, strict=True)]
        )
        first = self._count
        self._count += count
        return np.arange(first, self._count, dtype=np.int32)

    def finished(self) -> Sites:
        """All sites; those without a place of their own lie where their parent lies."""
        c = {n: np.concatenate([b[i] for b in self._blocks]) for i, n in enumerate(_COLUMNS)}
        for _ in range(4):
            below = np.flatnonzero((c["parent"] >= 0) & (c["commune"] < 0))
            c["commune"][below] = c["commune"][c["parent"][below]]
            adrift = np.flatnonzero((c["parent"] >= 0) & np.isnan(c["lon"]))
            for axis in ("lon", "lat"):
                c[axis][adrift] = c[axis][c["parent"][adrift]]
        return Sites(**c, number=_numbers(c["kind"], c["parent"], c["commune"]))


def _numbers(kind: Any, parent: Any, commune: Any) -> Ints:
    group = np.where(parent >= 0, parent.astype(np.int64), -1 - commune.astype(np.int64)) * 64 + kind
    return within(group) + np.int32(1)


def within(group: Any) -> Ints:
    """How many of the same group stand before each entry; int32 [n]."""
    order = np.argsort(group, kind="stable")
    ordered = np.asarray(group)[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(ordered) else order
    counts = np.diff(np.concatenate((begins, [len(ordered)])))
    rank = np.empty(len(ordered), np.int32)
    rank[order] = np.arange(len(ordered)) - np.repeat(begins, counts)
    return rank
