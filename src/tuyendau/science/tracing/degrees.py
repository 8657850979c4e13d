"""F0, F1, F2 and so on: shortest distance to a case, along contacts that could have passed the infection on."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import ArrayLike

from tuyendau.science.epi.grading import Grade
from tuyendau.science.epi.parameters import Parameters
from tuyendau.science.epi.policy import ContactPolicy
from tuyendau.science.tracing.answer import with_degree
from tuyendau.science.tracing.index import PresenceIndex
from tuyendau.science.tracing.results import NO_ONSET, Contacts, Degrees, Sources
from tuyendau.science.tracing.visits import Ints, as_int32, same_length


def degrees(
    index: PresenceIndex,
    sources: Sources,
    n: int,
    policy: ContactPolicy | None = None,
    *,
    min_seconds: int = 1,
    counts: Grade = Grade.CLOSE,
    latent_seconds: int = 0,
    quarantined: tuple[ArrayLike, ArrayLike] | None = None,
    until: int | None = None,
    epi: Parameters | None = None,
) -> Degrees:
    """People within `n` steps of a case.

    A contact passes a degree on where its grade is `counts` or closer and its time is `min_seconds` or more. An F(k)
    is traced from `latent_seconds` after its first such exposure until its quarantine, or `until` (default: the end
    of the last window). quarantined: (people, times) as int32 seconds; the earliest time of a person holds. The
    probability of a later degree is that along the chain: the F(k)'s own, from all its exposures, times the step's.
    """
    if n < 1:
        raise ValueError("degrees are counted from 1")
    finish = int(sources.end.max(initial=NO_ONSET)) if until is None else until
    people, since = _earliest(sources.person, sources.start)
    degree = np.zeros(len(people), np.int32)
    level, everyone, pairs = sources, sources, []
    for step in range(1, n + 1):
        # Cases that met each other are kept as evidence; later, only a contact's shortest distance counts.
        left_out = None if step == 1 else people
        found = index.contacts(
            level, policy, min_seconds=min_seconds, worst=counts, epi=epi, left_out=left_out
        )
        pairs.append(with_degree(found, step, len(everyone) - len(level)))
        fresh = found.take(~np.isin(found.contact, people)) if step == 1 else found
        who, first = _earliest(fresh.contact, fresh.first)
        people, since = np.concatenate((people, who)), np.concatenate((since, first))
        degree = np.concatenate((degree, np.full(len(who), step, np.int32)))
        if step == n or not len(who):
            break
        level = _next_level(who, first, fresh, latent_seconds, finish, quarantined)
        everyone = _joined(everyone, level)
    order = np.lexsort((people, degree))
    return Degrees(people[order], degree[order], since[order], everyone, _all(pairs))


def _next_level(
    who: Ints,
    first: Ints,
    found: Contacts,
    latent: int,
    finish: int,
    quarantined: tuple[ArrayLike, ArrayLike] | None,
) -> Sources:
    start = first.astype(np.int64) + latent
    end = np.full(len(who), finish, np.int64)
    if quarantined is not None:
        held, times = (as_int32(c, "quarantined") for c in quarantined)
        same_length(people=held, times=times)
        people, times = _earliest(held, times)
        place = np.searchsorted(people, who)
        place[place == len(people)] = 0
        if len(people):
            known = people[place] == who
            end[known] = np.minimum(end[known], times[place[known]])
    escape = np.zeros(len(who))
    with np.errstate(divide="ignore"):
        np.add.at(escape, np.searchsorted(who, found.contact), np.log1p(-found.probability))
    start = np.minimum(start, 2**31 - 1)
    return Sources.of(who, start, np.maximum(start, end), prior=np.clip(-np.expm1(escape), 0.0, 1.0))


def _earliest(people: Ints, times: Ints) -> tuple[Ints, Ints]:
    """Distinct people, ordered, with the earliest time of each."""
    order = np.lexsort((times, people))
    who, first = np.unique(people[order], return_index=True)
    return who, times[order][first]


def _joined(one: Sources, two: Sources) -> Sources:
    return Sources(*(np.concatenate((getattr(one, f.name), getattr(two, f.name))) for f in fields(Sources)))


def _all(parts: list[Contacts]) -> Contacts:
    return Contacts(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Contacts)))
