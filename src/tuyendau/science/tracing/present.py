"""Who was at any of some sites, over a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi.times import DAY, day_start
from tuyendau.science.jit import kernel
from tuyendau.science.tracing.index import PresenceIndex
from tuyendau.science.tracing.visits import Flags, Ints

_NEVER = np.iinfo(np.int32).max
_NO_MASK = np.empty(0, np.uint8)
_NO_MASK.setflags(write=False)


@dataclass(frozen=True, eq=False)
class Present:
    """People, ordered, with when they were first and last there within the time asked for: int32 [n], in seconds."""

    person: Ints
    first: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.person)


def present(index: PresenceIndex, sites: NDArray[np.bool_], start: int, end: int) -> Present:
    """Everybody who was at a site for which `sites` (by site id) is true, at any moment of [start, end).

    start, end: int32 seconds since `EPOCH`. Sites beyond the end of `sites` are none.
    """
    snapshot = index.snapshot()
    first = np.full(max(snapshot.people, 1), _NEVER, np.int32)
    last = np.full(max(snapshot.people, 1), -_NEVER, np.int32)
    for layer in snapshot.layers:
        begins = day_start(layer.day, layer.utc_offset)
        if begins >= end or begins + DAY <= start:
            continue
        mask = snapshot.masks.get(layer.day)
        replaced = mask.rows if mask is not None and mask.segment is layer else _NO_MASK
        _look(
            layer.sites, layer.site_offsets, layer.person, layer.start, layer.end, _fixed(replaced),
            _fixed(sites), start, end, first, last,
        )  # fmt: skip
    people = np.flatnonzero(first != _NEVER).astype(np.int32)
    return Present(people, first[people], last[people])


def _fixed(array: Flags | NDArray[np.bool_]) -> Any:
    """A read-only view: the kernel is compiled once, for read-only arrays."""
    view = array.view()
    view.setflags(write=False)
    return view


@kernel
def _look(
    at: Any, offsets: Any, person: Any, starts: Any, ends: Any, replaced: Any, sites: Any, begin: int, finish: int,
    first: Any, last: Any,
) -> None:  # fmt: skip
    """Widen `first` and `last` of everybody who is seen in one layer; rows that are replaced do not count."""
    masked = len(replaced) > 0
    for s in range(len(at)):
        if at[s] >= len(sites) or not sites[at[s]]:
            continue
        for row in range(offsets[s], offsets[s + 1]):
            if starts[row] >= finish:
                break
            if ends[row] <= begin or (masked and replaced[row]):
                continue
            who = person[row]
            first[who] = min(first[who], max(starts[row], begin))
            last[who] = max(last[who], min(ends[row], finish))
