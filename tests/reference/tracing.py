"""Contact tracing second by second: sets of seconds, no arrays, nothing clever.

Written from the definitions alone. It is meant for instances of a few people and a few hundred seconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

DAY = 86_400
OFFSET = 7 * 3_600
MEASURED = 15

Seconds = dict[int, bool]
"""A set of seconds; the value says whether the presence in that second is only assumed."""


@dataclass(frozen=True)
class Visit:
    person: int
    site: int
    start: int
    end: int
    assumed: bool = False


@dataclass(frozen=True)
class Meeting:
    a: int
    b: int
    start: int
    seconds: int


@dataclass(frozen=True)
class Source:
    person: int
    start: int
    end: int
    onset: int | None = None
    prior: float = 1.0


@dataclass
class Met:
    """What a source and a contact share."""

    sites: dict[int, Seconds]
    doses: dict[int, float]
    seconds: int
    assumed: int
    first: int
    last: int
    grade: int
    probability: float


@dataclass(frozen=True)
class Rules:
    """thresholds[setting][grade] and anywhere[grade] in seconds; hazards[setting] per hour; curve by day from onset."""

    thresholds: list[list[float]]
    anywhere: list[float]
    assumed_weight: float
    hazards: list[float]
    curve: dict[int, float]


def day_of(second: int) -> int:
    return (second + OFFSET) // DAY


@dataclass
class World:
    """Everything true, by key (person, site, day)."""

    settings: dict[int, int]
    rules: Rules
    truth: dict[tuple[int, int, int], Seconds] = field(default_factory=dict)
    near: dict[frozenset[int], set[int]] = field(default_factory=dict)

    def add(self, visit: Visit) -> None:
        for t in range(visit.start, visit.end):
            here = self.truth.setdefault((visit.person, visit.site, day_of(t)), {})
            here[t] = visit.assumed and here.get(t, True)

    def replace(self, keys: Iterable[tuple[int, int, int]], visits: Iterable[Visit]) -> None:
        newer = World(self.settings, self.rules)
        for visit in visits:
            newer.add(visit)
        for key in keys:
            self.truth[key] = newer.truth.get(key, {})

    def meet(self, meeting: Meeting) -> None:
        pair = frozenset((meeting.a, meeting.b))
        self.near.setdefault(pair, set()).update(range(meeting.start, meeting.start + meeting.seconds))

    def at(self, person: int) -> dict[int, Seconds]:
        """Seconds of a person by site."""
        found: dict[int, Seconds] = {}
        for (who, site, _), seconds in self.truth.items():
            if who == person and seconds:
                found.setdefault(site, {}).update(seconds)
        return found

    def people(self) -> set[int]:
        return {who for who, _, _ in self.truth} | {p for pair in self.near for p in pair}

    def infectious(self, source: Source, second: int) -> float:
        if source.onset is None:
            return 1.0
        return self.rules.curve.get(day_of(second) - day_of(source.onset), 0.0)

    def met(self, source: Source, contact: int) -> Met | None:
        """What a source and a contact share within the source's window; None if nothing."""
        mine, theirs = self.at(source.person), self.at(contact)
        window = range(source.start, source.end)
        sites: dict[int, Seconds] = {}
        for site in mine.keys() & theirs.keys():
            both = {t for t in mine[site].keys() & theirs[site].keys() if t in window}
            if both:
                sites[site] = {t: mine[site][t] or theirs[site][t] for t in both}
        near = {t for t in self.near.get(frozenset((source.person, contact)), set()) if t in window}
        if near:
            sites[-1] = dict.fromkeys(near, False)
        return self._summed(source, sites) if sites else None

    def _summed(self, source: Source, sites: dict[int, Seconds]) -> Met:
        rules = self.rules
        every = sorted({t for seconds in sites.values() for t in seconds})
        weight = {False: 1.0, True: rules.assumed_weight}
        assumed = 0
        risk = 0.0
        for t in every:
            evidence = [(self._setting(site), seconds[t]) for site, seconds in sites.items() if t in seconds]
            assumed += all(flag for _, flag in evidence)
            risk += (
                max(rules.hazards[s] * weight[flag] for s, flag in evidence)
                * self.infectious(source, t)
                / 3600
            )
        by_setting: dict[int, float] = {}
        doses: dict[int, float] = {}
        for site, seconds in sites.items():
            counted = sum(weight[flag] for flag in seconds.values())
            by_setting[self._setting(site)] = by_setting.get(self._setting(site), 0.0) + counted
            doses[site] = sum(weight[flag] * self.infectious(source, t) for t, flag in seconds.items()) / 3600
        total = len(every) - assumed + rules.assumed_weight * assumed
        return Met(
            sites, doses, len(every), assumed, every[0], every[-1] + 1,
            self._grade(by_setting, total), source.prior * (1 - math.exp(-risk)),
        )  # fmt: skip

    def _setting(self, site: int) -> int:
        return MEASURED if site == -1 else self.settings.get(site, 0)

    def _grade(self, by_setting: dict[int, float], total: float) -> int:
        for grade in range(3):
            if total > 0 and total >= self.rules.anywhere[grade]:
                return grade
            if any(s > 0 and s >= self.rules.thresholds[setting][grade] for setting, s in by_setting.items()):
                return grade
        return 3

    def contacts(
        self, sources: list[Source], min_seconds: int = 1, worst: int = 3
    ) -> dict[tuple[int, int], Met]:
        """What each (row of sources, contact) shares."""
        found = {}
        for row, source in enumerate(sources):
            for contact in sorted(self.people() - {source.person}):
                met = self.met(source, contact)
                if met and met.seconds >= min_seconds and met.grade <= worst:
                    found[row, contact] = met
        return found

    def degrees(
        self, sources: list[Source], n: int, *, min_seconds: int = 1, counts: int = 0, latent: int = 0,
        quarantined: dict[int, int] | None = None,
    ) -> tuple[dict[int, int], dict[tuple[int, int], int]]:  # fmt: skip
        """Degree by person, and the degree of each counted pair (source person, contact)."""
        until = max(s.end for s in sources)
        degree = {s.person: 0 for s in sources}
        pairs: dict[tuple[int, int], int] = {}
        level = sources
        for step in range(1, n + 1):
            first: dict[int, int] = {}
            for (row, contact), met in self.contacts(level, min_seconds, counts).items():
                if contact not in degree:
                    first[contact] = min(first.get(contact, met.first), met.first)
                if contact not in degree or step == 1:
                    pairs[level[row].person, contact] = step
            degree.update(dict.fromkeys(first, step))
            ends = {p: min(until, (quarantined or {}).get(p, until)) for p in first}
            level = [Source(p, t + latent, ends[p]) for p, t in sorted(first.items())]
        return degree, pairs
