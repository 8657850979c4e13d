"""What the province does: tests, isolation, quarantine, closing of companies, distancing. Day by day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from tuyendau.science.epi.times import DAY, UTC_OFFSET, date_to_day, day_start
from tuyendau.science.sim import kinds
from tuyendau.science.sim.chance import chances
from tuyendau.science.sim.movement import Movement
from tuyendau.science.sim.parameters import record, values
from tuyendau.science.sim.province import Province
from tuyendau.science.sim.truth import AS_CONTACT, BY_MASS_TEST, BY_SYMPTOMS, NEVER
from tuyendau.science.sim.world import Flags, Ints, World

FOREVER = 2**15  # a day that never comes
SEEKS, SEEKS_WHEN, SENSITIVE, TRACED_HOME, TRACED_LINE, REPORT_AT, CLOSES = range(700, 707)
"""Purposes of chance."""

SENSITIVITY = np.array(
    [0, 0.03, 0.2, 0.55, 0.77, 0.77, 0.75, 0.7, 0.64, 0.57, 0.5, 0.43, 0.36, 0.3, 0.24, 0.2, 0.15]
)
"""By full days since infection: 77 % (54 to 88) on day 4, 50 % by day 10 (Hellewell, BMC Med 2021)."""


@dataclass(frozen=True, eq=False)
class Strategy:
    """Dates as local days, figures, and what grows by date; see `data/response.json`."""

    first_infection: int
    alarm: int
    parks_closed: int
    lockdown: int
    figures: dict[str, float]
    tests: tuple[tuple[int, float], ...]
    beds: tuple[tuple[int, float], ...]

    @classmethod
    def from_record(cls, entries: dict[str, Any]) -> Strategy:
        """A strategy of a parsed JSON object; KeyError or ValueError where it is incomplete."""
        dates = [
            date_to_day(date.fromisoformat(entries[k]["value"]))
            for k in ("first_infection", "alarm", "parks_closed", "lockdown")
        ]
        steps = [
            tuple(
                (date_to_day(date.fromisoformat(d)), float(v))
                for d, v in sorted(entries[k]["values"].items())
            )
            for k in ("tests_a_day", "beds")
        ]
        return cls(dates[0], dates[1], dates[2], dates[3], values(entries["figures"]), steps[0], steps[1])

    @classmethod
    @lru_cache(maxsize=1)
    def bundled(cls) -> Strategy:
        """What was done in 2021."""
        return cls.from_record(record("response"))


def in_force(steps: tuple[tuple[int, float], ...], day: int) -> float:
    """The last value that has begun by a day; 0 before the first."""
    return max(((d, v) for d, v in steps if d <= day), default=(0, 0.0))[1]


@dataclass(eq=False)
class Infected:
    """[n] infections so far, growing: columns of `Truth`, and when and how each was found (NEVER, 0 where not)."""

    person: Ints = field(default_factory=lambda: np.empty(0, np.int32))
    infected: Ints = field(default_factory=lambda: np.empty(0, np.int32))
    onset: Ints = field(default_factory=lambda: np.empty(0, np.int32))
    symptomatic: Flags = field(default_factory=lambda: np.empty(0, bool))
    sampled: Ints = field(default_factory=lambda: np.empty(0, np.int32))
    result_day: Ints = field(default_factory=lambda: np.empty(0, np.int32))
    found: Ints = field(default_factory=lambda: np.empty(0, np.int32))
    care_day: Ints = field(default_factory=lambda: np.empty(0, np.int32))
    reported: Ints = field(default_factory=lambda: np.empty(0, np.int32))


class Response:
    """The province's acts over a run. `movement(day)` says what holds; `step(day)` acts on what is known by evening."""

    def __init__(self, world: World, strategy: Strategy, seed: int) -> None:
        self.world, self.strategy, self.seed = world, strategy, seed
        self.f = strategy.figures
        p = len(world.people)
        self.infected = Infected()
        self.away_from = np.full(p, FOREVER, np.int32)
        self.away_until = np.zeros(p, np.int32)
        self.held_at = np.full(p, -1, np.int32)
        self.last_test = np.full(p, -99, np.int32)
        self.closed_on = np.full(len(world.sites), FOREVER, np.int32)
        self.rounds_from = np.full(len(world.sites), FOREVER, np.int32)
        self.away_spans: list[Any] = []
        self.beds_used = 0
        self.locked = self._locked_communes()
        self._mates = {n: world.members(getattr(world.people, n)) for n in ("home", "line", "company")}
        self.cases_by_commune = np.zeros(len(world.communes), np.int64)
        self._rotation = self._rotating()

    def _locked_communes(self) -> Flags:
        near = np.zeros(len(self.world.communes), bool)
        for park in Province.bundled().parks:
            if park.closed:
                near |= self.world.communes.distance_km(park.lon, park.lat) <= self.f["lock_radius_km"]
        return near

    def movement(self, day: int) -> Movement:
        """Who and what is held back on a day, by what was decided before it."""
        s, w = self.strategy, self.world
        if day == s.parks_closed:
            inside = [r for r, p in enumerate(Province.bundled().parks) if p.closed]
            shut = w.companies.site[np.isin(w.companies.park, inside)]
            self.closed_on[shut] = np.minimum(self.closed_on[shut], day)
        if day >= s.lockdown:
            self._lock(day)
        outings = np.full(len(w.communes), 1.0 if day < s.alarm else self.f["outings_after_alarm"])
        if day >= s.lockdown:
            outings[self.locked] = self.f["outings_locked"]
        away = (self.away_from <= day) & (day < self.away_until)
        return Movement(away, self.closed_on <= day, outings)

    def step(self, day: int) -> Ints:
        """Test, take results, isolate, trace, close. Returns the rows of `infected` that were reported today."""
        s, i = self.strategy, self.infected
        if day < s.alarm:
            return np.empty(0, np.int32)
        self._test(day)
        due = np.flatnonzero((i.result_day == day) & (i.reported == NEVER)).astype(np.int32)
        if len(due):
            person = i.person[due]
            hour = 7 + 10 * chances(self.seed, person, day, REPORT_AT)
            i.reported[due] = (day_start(day) + hour * 3_600).astype(np.int32)
            self._hold(person, day, day + 28, isolated=True)
            self._trace(person, day)
            np.add.at(self.cases_by_commune, self.world.people.commune[person], 1)
            self._close(person, day)
        return due

    def _lock(self, day: int) -> None:
        """Distancing around the parks at first, then in every commune with so many cases; its companies close."""
        w = self.world
        enough = self.cases_by_commune >= max(3.0, self.f["lock_from_cases"] * w.scale)
        fresh = (enough & ~self.locked) | (self.locked if day == self.strategy.lockdown else False)
        if not fresh.any():
            return
        self.locked |= fresh
        mine = w.companies.site[fresh[w.companies.commune]]
        mine = mine[chances(self.seed, mine, 0, CLOSES) < self.f["locked_companies_closed"]]
        self.closed_on[mine] = np.minimum(self.closed_on[mine], day)
        self._rotation = self._rotating()

    def _rotating(self) -> Ints:
        """Workers and lodgers of locked communes, who are tested in turn."""
        people = self.world.people
        lodges = self.world.sites.kind[people.home] == kinds.ROOM
        return np.flatnonzero(self.locked[people.commune] & (lodges | (people.company >= 0))).astype(np.int32)

    def _close(self, person: Ints, day: int) -> None:
        company = np.unique(self.world.people.company[person])
        company = company[company >= 0]
        self.closed_on[company] = np.minimum(self.closed_on[company], day + 1)
        self.rounds_from[company] = np.minimum(self.rounds_from[company], day)

    def _hold(self, person: Ints, day: int, until: int, *, isolated: bool = False) -> None:
        """Take people away from the next day on. Who is isolated leaves a bed of quarantine."""
        here = (self.away_until[person] <= day) | (self.away_from[person] > day)
        fresh = person[here]
        self.away_from[fresh] = day + 1
        self.away_until[person] = np.maximum(self.away_until[person], until)
        if not isolated:
            self.held_at[fresh] = day + 1
        span = (person, np.full(len(person), day + 1), np.full(len(person), until))
        self.away_spans.append(np.column_stack(span))

    def _trace(self, person: Ints, day: int) -> None:
        """Quarantine for those of the same home and of the same line and shift, as far as there are beds."""
        people = self.world.people
        found = []
        for column, purpose, share in (
            ("home", TRACED_HOME, "trace_home"),
            ("line", TRACED_LINE, "trace_line"),
        ):
            who, begin = self._mates[column]
            sites = np.unique(getattr(people, column)[person])
            for site in sites[sites >= 0]:
                mates = who[begin[site] : begin[site + 1]]
                if column == "line":
                    mates = mates[
                        np.isin(people.shift[mates], people.shift[person[people.line[person] == site]])
                    ]
                found.append(mates[chances(self.seed, mates, 0, purpose) < self.f[share]])
        mates = np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)
        mates = mates[(self.away_until[mates] <= day) & (self.held_at[mates] < 0)]
        used = int(((self.held_at >= 0) & (self.away_until > day) & (self.away_from <= day + 1)).sum())
        room = int(in_force(self.strategy.beds, day) * self.world.scale) - used
        self._hold(mates[: max(0, room)].astype(np.int32), day, day + 1 + int(self.f["quarantine_days"]))

    def _test(self, day: int) -> None:
        """Samples of the day: symptoms, then quarantine, then companies with cases, then locked areas in turn."""
        i = self.infected
        capacity = int(in_force(self.strategy.tests, day) * self.world.scale)
        away = (self.away_from <= day) & (day < self.away_until)
        untested = i.reported == NEVER
        open_rows = np.flatnonzero(untested & (i.result_day == NEVER))
        seeks = open_rows[(i.care_day[open_rows] == day) & ~away[i.person[open_rows]]]
        self._sample(seeks, day, BY_SYMPTOMS)
        since = day - self.held_at
        held = np.flatnonzero(away & (self.held_at >= 0) & np.isin(since, (0, 4, 8, 13, 19)))
        capacity -= len(held) + len(seeks)
        self._sample_people(held, day, AS_CONTACT)
        for group in (self._companies_due(day, away), self._rotation[~away[self._rotation]]):
            if capacity <= 0:
                return
            stale = group[day - self.last_test[group] >= self.f["company_rounds_days"]]
            if len(stale) > capacity:
                stale = stale[np.argsort(self.last_test[stale], kind="stable")[:capacity]]
            capacity -= len(stale)
            self._sample_people(stale, day, BY_MASS_TEST)
            if day < self.strategy.lockdown:
                return

    def _companies_due(self, day: int, away: Flags) -> Ints:
        due = np.flatnonzero(self.rounds_from <= day)
        who, begin = self._mates["company"]
        staff = [who[begin[c] : begin[c + 1]] for c in due]
        group = np.concatenate(staff) if staff else np.empty(0, np.int32)
        return group[~away[group]]

    def _sample_people(self, people: Any, day: int, how: int) -> None:
        self.last_test[people] = day
        chosen = np.zeros(len(self.world.people), bool)
        chosen[people] = True
        i = self.infected
        self._sample(np.flatnonzero(chosen[i.person] & (i.result_day == NEVER)), day, how)

    def _sample(self, rows: Any, day: int, how: int) -> None:
        """Sample infected people in the morning; those who test positive have a result the next day."""
        i = self.infected
        since = np.clip((day_start(day) + DAY // 3 - i.infected[rows].astype(np.int64)) // DAY, 0, 16)
        positive = rows[chances(self.seed, i.person[rows], day, SENSITIVE) < SENSITIVITY[since]]
        self.last_test[i.person[rows]] = day
        i.sampled[positive] = day_start(day) + DAY // 3
        i.result_day[positive] = day + int(self.f["result_days"])
        i.found[positive] = how

    def care_days(self, person: Ints, onset: Ints, symptomatic: Flags) -> Ints:
        """The day on which each goes to be tested, NEVER for those who do not.

        Before the alarm nobody is tested; some of those who were ill then are looked for in the first days after it.
        """
        day = ((onset.astype(np.int64) + UTC_OFFSET) // DAY).astype(np.int64)
        u = chances(self.seed, person, 0, SEEKS_WHEN)
        care = day + np.rint(-np.log1p(-u * 0.95) * self.f["care_delay_days"]).astype(np.int64)
        late = care < self.strategy.alarm
        care[late] = self.strategy.alarm + (u[late] * 6).astype(np.int64)
        seeks = symptomatic & (chances(self.seed, person, 0, SEEKS) < self.f["seeks_care"])
        seeks &= ~late | (day >= self.strategy.alarm - 9)
        return np.where(seeks, care, NEVER).astype(np.int32)
