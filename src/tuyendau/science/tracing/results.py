"""What is asked and what is answered, as parallel arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tuyendau.science.tracing.visits import Floats, Ints, as_int32, same_length

NO_ONSET = int(np.iinfo(np.int32).min)
"""Onset of a source without one: it counts as fully infectious all through its window."""

T = TypeVar("T", "Sources", "Exposures", "Contacts")


def _take(table: T, rows: NDArray[np.generic]) -> T:
    return type(table)(**{f.name: getattr(table, f.name)[rows] for f in fields(table)})


@dataclass(frozen=True, eq=False)
class Sources:
    """People whose contacts are sought, each over [start, end); [n] each. Make them with `Sources.of`.

    person, start, end: int32; onset: int32 seconds, NO_ONSET where unknown; prior: float64, the probability that
    the source is infected (1 for a case). A person may stand in several rows.
    """

    person: Ints
    start: Ints
    end: Ints
    onset: Ints
    prior: Floats

    @classmethod
    def of(
        cls,
        person: ArrayLike,
        start: ArrayLike,
        end: ArrayLike,
        onset: ArrayLike | None = None,
        prior: ArrayLike | None = None,
    ) -> Sources:
        """Sources from any columns; a single number serves all rows. ValueError where a column does not fit."""
        who = as_int32(np.atleast_1d(np.asarray(person)), "person", minimum=0)
        wide = [
            np.broadcast_to(np.asarray(c), who.shape) if np.ndim(c) == 0 else np.asarray(c)
            for c in (start, end)
        ]
        begin, finish = as_int32(wide[0], "start"), as_int32(wide[1], "end")
        days = np.asarray(NO_ONSET if onset is None else onset)
        ill = as_int32(np.broadcast_to(days, who.shape) if days.ndim == 0 else days, "onset")
        chance = np.asarray(1.0 if prior is None else prior, dtype=np.float64)
        chance = np.ascontiguousarray(np.broadcast_to(chance, who.shape) if chance.ndim == 0 else chance)
        same_length(person=who, start=begin, end=finish, onset=ill, prior=chance)
        if len(chance) and not ((chance >= 0) & (chance <= 1)).all():
            raise ValueError("prior must lie between 0 and 1")
        return cls(who, begin, finish, ill, chance)

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: NDArray[np.generic]) -> Sources:
        """The sources at `rows` (indices or a mask)."""
        return _take(self, rows)


@dataclass(frozen=True, eq=False)
class Exposures:
    """The evidence: one row a (source, contact, site); [n] each, ordered by source.

    source: row of the Sources; contact: person; site: -1 for encounters; setting: code of `Setting` (int32).
    seconds: together at the site; assumed_seconds: the part of them in which one of the two was only assumed there.
    first, last: seconds since EPOCH, the last one exclusive. dose: float64 hours, weighted by the infectiousness of
    the day and, where assumed, by the policy.
    """

    source: Ints
    contact: Ints
    site: Ints
    setting: Ints
    seconds: Ints
    assumed_seconds: Ints
    first: Ints
    last: Ints
    dose: Floats

    def __len__(self) -> int:
        return len(self.source)

    def take(self, rows: NDArray[np.generic]) -> Exposures:
        """The exposures at `rows` (indices or a mask)."""
        return _take(self, rows)


@dataclass(frozen=True, eq=False)
class Contacts:
    """One row a (source, contact); [n] each, by grade, then by probability from high to low, then source and contact.

    source: row of the Sources; contact: person; degree: steps from a case by way of this source.
    seconds: time together counted once, whatever sites and encounters cover it; assumed_seconds: the part that only
    assumed presence covers. first, last: seconds since EPOCH. sites: places where they met, the encounters together
    counting as one. grade: code of `Grade`. probability: float64, of transmission, given the source's prior.
    """

    source: Ints
    contact: Ints
    degree: Ints
    seconds: Ints
    assumed_seconds: Ints
    first: Ints
    last: Ints
    sites: Ints
    grade: Ints
    probability: Floats

    def __len__(self) -> int:
        return len(self.source)

    def take(self, rows: NDArray[np.generic]) -> Contacts:
        """The contacts at `rows` (indices or a mask)."""
        return _take(self, rows)


@dataclass(frozen=True, eq=False)
class Trace:
    """Contacts and the exposures that they rest on."""

    contacts: Contacts
    exposures: Exposures


@dataclass(frozen=True, eq=False)
class Degrees:
    """People by their distance from a case.

    person, degree: int32 [p], by degree and person; 0 for the cases themselves. since: int32 [p], from when the
    person could have been infected: the window's start for a case, the first counted exposure for others.
    sources: all who were traced, the cases first; `contacts.source` names its rows.
    contacts: the pairs that gave the degrees. Those of degree 1 are all contacts of the cases, among them cases
    that met; further on only pairs whose contact has just that degree.
    """

    person: Ints
    degree: Ints
    since: Ints
    sources: Sources
    contacts: Contacts
