"""The index that a program holds: published segments, newer truth over them, and the questions it answers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tuyendau.science.epi.grading import Grade
from tuyendau.science.epi.parameters import Parameters, parameters
from tuyendau.science.epi.policy import ContactPolicy
from tuyendau.science.epi.settings import SETTING_COUNT, Setting
from tuyendau.science.epi.times import UTC_OFFSET
from tuyendau.science.tracing import kernel as k
from tuyendau.science.tracing.answer import assembled
from tuyendau.science.tracing.encounters import Encounters
from tuyendau.science.tracing.overlay import Overlay, known
from tuyendau.science.tracing.results import Contacts, Exposures, Sources, Trace
from tuyendau.science.tracing.search import search
from tuyendau.science.tracing.segment import DaySegment
from tuyendau.science.tracing.snapshot import Snapshot
from tuyendau.science.tracing.visits import Ints, Keys, Visits

PARALLEL_FROM = 16
"""Sources from which it pays to share the work among threads."""

_NOBODY: Ints = np.empty(0, np.int32)

A = TypeVar("A", bound=np.generic)


class PresenceIndex:
    """Who was where: day segments, an `Overlay` of newer visits, encounters, and the setting of each site.

    Safe for any number of threads: a query reads one immutable snapshot, and what changes makes a new one. A segment
    and the forgetting of what it holds should change together: see `publish`.
    """

    def __init__(
        self,
        segments: Iterable[DaySegment] = (),
        settings: ArrayLike = (),
        *,
        overlay: Overlay | None = None,
        encounters: Encounters | None = None,
        utc_offset: int = UTC_OFFSET,
        threads: int = 2,
    ) -> None:
        """settings: code of `Setting` by site id; a site beyond its end counts as OTHER. threads: for many sources.

        Raises ValueError for two segments of one day, another utc_offset, or settings that sites cannot have.
        """
        self.utc_offset = utc_offset
        self.threads = max(1, threads)
        self._overlay = Overlay(utc_offset) if overlay is None else overlay
        self._lock = threading.Lock()
        self._segments: dict[int, DaySegment] = {}
        for segment in segments:
            if segment.day in self._segments:
                raise ValueError(f"two segments of day {segment.day}")
            self._segments[segment.day] = self._fitting(segment)
        if self._overlay.utc_offset != utc_offset:
            raise ValueError("the overlay cuts days at another utc_offset")
        self._settings = _settings(settings)
        self._encounters = Encounters.none() if encounters is None else encounters
        self._cached: tuple[tuple[Any, ...], Snapshot] | None = None

    @property
    def overlay(self) -> Overlay:
        """The newer truth; call `overlay.apply` as records change."""
        return self._overlay

    @property
    def segments(self) -> Mapping[int, DaySegment]:
        """Published segments by day, as they are now."""
        return MappingProxyType(self._segments)

    @property
    def encounters(self) -> Encounters:
        """All encounters; setting it replaces them."""
        return self._encounters

    @encounters.setter
    def encounters(self, encounters: Encounters) -> None:
        self._encounters = encounters

    def set_settings(self, settings: ArrayLike) -> None:
        """Replace the settings by site; ValueError for codes that sites cannot have."""
        self._settings = _settings(settings)

    def publish(self, segment: DaySegment, through: int | None = None) -> None:
        """Take a day's new segment, and forget what the overlay knew of it up to stamp `through` (default: all).

        `through` is the overlay's stamp as it was before the segment's rows were read.
        """
        fitting = self._fitting(segment)
        with self._lock:
            self._segments = {**self._segments, segment.day: fitting}
            self._overlay.forget(segment.day, through)

    def add(self, keys: Keys, visits: Visits) -> None:
        """Take in visits that were added, beside whatever is known of their keys (person, site, day)."""
        with self._lock:
            self._overlay.apply(
                keys, Visits.concatenate(known(self._segments, self._overlay.patches, keys), visits)
            )

    def drop(self, day: int) -> None:
        """Forget a day altogether: its segment and its newer truth."""
        with self._lock:
            self._segments = {d: s for d, s in self._segments.items() if d != day}
            self._overlay.forget(day)

    def snapshot(self) -> Snapshot:
        """Everything as of now; the same object until something changes."""
        with self._lock:
            segments, patches, settings, encounters = state = (
                self._segments, dict(self._overlay.patches), self._settings, self._encounters,
            )  # fmt: skip
            if self._cached is not None and _same(self._cached[0], state):
                return self._cached[1]
            before = {} if self._cached is None else self._cached[1].masks
            snapshot = Snapshot.of(segments, patches, settings, encounters, self.utc_offset, before)
            self._cached = (state, snapshot)
            return snapshot

    def trace(
        self,
        sources: Sources,
        policy: ContactPolicy | None = None,
        *,
        min_seconds: int = 1,
        worst: Grade = Grade.NONE,
        epi: Parameters | None = None,
        exposures: bool = True,
        left_out: Ints | None = None,
    ) -> Trace:
        """Contacts of all sources, with their exposures.

        policy: default the bundled `default`; epi: default the bundled parameters. A contact is kept from
        `min_seconds` in all and from grade `worst`. With exposures=False they are left empty, which is faster.
        left_out: people, int32, who are not to be listed as contacts.
        """
        snapshot = self.snapshot()
        rates = _rates(policy or ContactPolicy.bundled(), epi or parameters())
        least = min(max(int(min_seconds), 1), 2**31 - 1)
        asked = k.Asked(
            _fixed(sources.person), _fixed(sources.start), _fixed(sources.end), _fixed(sources.onset),
            _fixed(sources.prior), _fixed(_NOBODY if left_out is None else left_out), least, int(worst), exposures,
        )  # fmt: skip
        parts = self._search(snapshot, asked, rates)
        return assembled(parts)

    def contacts(
        self,
        sources: Sources,
        policy: ContactPolicy | None = None,
        *,
        min_seconds: int = 1,
        worst: Grade = Grade.NONE,
        epi: Parameters | None = None,
        left_out: Ints | None = None,
    ) -> Contacts:
        """Contacts of all sources, graded and ranked; see `trace`."""
        found = self.trace(
            sources, policy, min_seconds=min_seconds, worst=worst, epi=epi, exposures=False, left_out=left_out
        )
        return found.contacts

    def exposures(
        self, sources: Sources, policy: ContactPolicy | None = None, *, min_seconds: int = 1
    ) -> Exposures:
        """The evidence of the contacts of all sources; see `trace`."""
        return self.trace(sources, policy, min_seconds=min_seconds).exposures

    def _search(self, snapshot: Snapshot, asked: k.Asked, rates: k.Rates) -> list[tuple[int, Any]]:
        """Parts of the answer with the number of the first source of each."""
        total = len(asked.person)
        if self.threads == 1 or total < PARALLEL_FROM:
            return [(0, _run(snapshot, asked, rates))]
        step = max(8, -(-total // (8 * self.threads)))
        starts = range(0, total, step)

        def part(first: int) -> tuple[int, Any]:
            rows = slice(first, first + step)
            share = asked._replace(
                person=asked.person[rows],
                start=asked.start[rows],
                end=asked.end[rows],
                onset=asked.onset[rows],
                prior=asked.prior[rows],
            )
            return first, _run(snapshot, share, rates)

        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(part, starts))

    def _fitting(self, segment: DaySegment) -> DaySegment:
        if segment.utc_offset != self.utc_offset:
            raise ValueError(f"segment of day {segment.day} is cut at another utc_offset")
        return segment


def _run(snapshot: Snapshot, asked: k.Asked, rates: k.Rates) -> Any:
    slots = snapshot.take_slots()
    found = search(snapshot.presence, asked, rates, slots)
    snapshot.give_back(slots)
    return found


def _same(one: tuple[Any, ...], two: tuple[Any, ...]) -> bool:
    if any(a is not b for a, b in ((one[0], two[0]), (one[2], two[2]), (one[3], two[3]))):
        return False
    return one[1].keys() == two[1].keys() and all(two[1][d] is p for d, p in one[1].items())


def _fixed(array: NDArray[A]) -> NDArray[A]:
    """A read-only view: kernels are compiled once, for read-only arrays."""
    view = array.view()
    view.setflags(write=False)
    return view


def _rates(policy: ContactPolicy, epi: Parameters) -> k.Rates:
    return k.Rates(
        _fixed(policy.thresholds),
        _fixed(policy.anywhere),
        float(policy.assumed_weight),
        _fixed(epi.hazards),
        _fixed(epi.infectiousness),
        int(epi.first_day),
        int(policy.linger),
    )


def _settings(codes: ArrayLike) -> Ints:
    values = np.asarray(codes)
    array = values.astype(np.int32)
    if (
        array.ndim != 1
        or (array < 0).any()
        or (array >= SETTING_COUNT).any()
        or (array == Setting.MEASURED).any()
    ):
        raise ValueError("settings must be codes of Setting by site; MEASURED is for encounters alone")
    array.setflags(write=False)
    return array
