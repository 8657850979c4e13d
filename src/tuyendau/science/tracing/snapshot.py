"""All presence as of one moment, immutable: what a query reads."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tuyendau.science.tracing.encounters import Encounters
from tuyendau.science.tracing.kernel import LAYER_COLUMNS, Presence
from tuyendau.science.tracing.overlay import DayPatch, masked
from tuyendau.science.tracing.segment import DaySegment
from tuyendau.science.tracing.visits import Flags, Ints

_SCRATCH = threading.local()


@dataclass(frozen=True, eq=False)
class Mask:
    """Rows of a segment that a patch replaces, and up to which patch it was made."""

    segment: DaySegment
    patch: DayPatch
    rows: Flags


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Layers in order of day, at most two a day: the segment with its mask, and the newer rows.

    `presence` holds addresses into `layers` and `masks`, which are kept here so that the memory stays.
    """

    layers: tuple[DaySegment, ...]
    masks: Mapping[int, Mask]
    presence: Presence
    people: int

    @classmethod
    def of(
        cls,
        segments: Mapping[int, DaySegment],
        patches: Mapping[int, DayPatch],
        settings: Ints,
        encounters: Encounters,
        utc_offset: int,
        before: Mapping[int, Mask],
    ) -> Snapshot:
        """The snapshot of segments and patches by day; masks of `before` are taken over where they still fit."""
        masks = {d: _mask(segments[d], p, before.get(d)) for d, p in patches.items() if d in segments}
        layers: list[DaySegment] = []
        rows: list[list[int]] = []
        for day in sorted({*segments, *patches}):
            found = [(s, m) for s, m in _of_day(day, segments, patches, masks) if len(s)]
            span = (len(layers), len(layers) + len(found))
            for layer, mask in found:
                layers.append(layer)
                rows.append(_address(layer, mask, span))
        table = np.array(rows, dtype=np.int64).reshape(len(rows), LAYER_COLUMNS)
        table.setflags(write=False)
        presence = Presence(
            table, utc_offset, settings, encounters.people, encounters.offsets, encounters.other,
            encounters.start, encounters.end,
        )  # fmt: skip
        highest = [int(s.people[-1]) for s in layers] + [int(p) for p in encounters.people[-1:]]
        return cls(tuple(layers), masks, presence, max(highest, default=-1) + 1)

    def take_slots(self) -> Ints:
        """Scratch for all people, -1 everywhere; the thread keeps it between queries.

        It is taken out while in use, so that a query that fails does not leave its marks to the next.
        """
        slots: Ints | None = _SCRATCH.__dict__.pop("slots", None)
        if slots is None or len(slots) < self.people:
            slots = np.full(max(self.people, 1), -1, np.int32)
        return slots

    @staticmethod
    def give_back(slots: Ints) -> None:
        """Keep scratch, clean again, for the thread's next query."""
        _SCRATCH.slots = slots


def _of_day(
    day: int, segments: Mapping[int, DaySegment], patches: Mapping[int, DayPatch], masks: Mapping[int, Mask]
) -> list[tuple[DaySegment, Flags | None]]:
    found: list[tuple[DaySegment, Flags | None]] = []
    if day in segments:
        found.append((segments[day], masks[day].rows if day in masks else None))
    if day in patches:
        found.append((patches[day].rows, None))
    return found


def _mask(segment: DaySegment, patch: DayPatch, before: Mask | None) -> Mask:
    """A mask for the patch; only keys touched since `before` are looked up where it is of the same line of patches."""
    if before is None or before.segment is not segment or before.patch.generation != patch.generation:
        return Mask(segment, patch, masked(segment, patch.keys))
    if before.patch is patch:
        return before
    newer = patch.keys[patch.stamps > before.patch.stamps.max(initial=0)]
    return Mask(segment, patch, masked(segment, newer, before.rows))


def _address(layer: DaySegment, mask: Flags | None, span: tuple[int, int]) -> list[int]:
    arrays = (layer.person, layer.site, layer.start, layer.end, layer.assumed)
    index = (layer.sites, layer.site_offsets, layer.longest, layer.people, layer.people_offsets, layer.rows)
    return [
        *(a.ctypes.data for a in arrays),
        0 if mask is None else mask.ctypes.data,
        *(a.ctypes.data for a in index),
        len(layer), len(layer.sites), len(layer.people), layer.day, *span,
    ]  # fmt: skip
