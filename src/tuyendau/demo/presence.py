"""Where the world's people were, as the records know it at a moment."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi.times import EPOCH
from tuyendau.science.sim import Presence, World

UNIX = int(EPOCH.timestamp())
"""The world's seconds count from here."""
SCAN = 1


@dataclass(frozen=True, eq=False)
class Known:
    """[n] visits for the records: row ids, Unix seconds; `source` as `VisitSource` numbers them."""

    person: NDArray[np.int32]
    site: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    assumed: NDArray[np.bool_]
    source: NDArray[np.int16]
    recorded: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: NDArray[np.generic]) -> Known:
        """The visits at `rows` (indices or a mask)."""
        return Known(*(getattr(self, f.name)[rows] for f in fields(self)))


def known_between(world: World, rows: Presence, first: datetime | None, last: datetime) -> Known:
    """What became known of `rows` in [`first`, `last`); `first` None: ever before `last`.

    A scan at a gate is known when it happens, and until the scan out the stay ends by the gate's dwell rule. Rosters,
    bus lists and room lists tell of a stay when it is over.
    """
    begun = float("-inf") if first is None else first.timestamp()
    until = last.timestamp()
    seen = np.flatnonzero(rows.source > 0)
    start, end = rows.seen_start[seen] + np.int64(UNIX), rows.seen_end[seen] + np.int64(UNIX)
    scan, assumed = rows.source[seen] == SCAN, rows.assumed[seen] > 0
    over = np.where(scan & assumed, start, end)
    closed = (over < until) & (over >= begun)
    # Who scanned in and is not seen to leave before the end: for now their stay is assumed.
    opened = scan & ~assumed & (start < until) & (start >= begun) & (end >= until)
    dwell = world.sites.dwell[rows.site[seen]].astype(np.int64) * 60
    end = np.where(opened, start + dwell, end)
    chosen = closed | opened
    return Known(
        rows.person[seen] + np.int32(1),
        rows.site[seen] + np.int32(1),
        start,
        end,
        assumed | opened,
        rows.source[seen].astype(np.int16),
        np.where(opened | assumed, start, end),
    ).take(chosen)
