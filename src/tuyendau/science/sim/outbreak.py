"""A run: the disease and the response, day after day, from the first infection to the end."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from tuyendau.science.epi.times import DAY, day_start
from tuyendau.science.sim import kinds
from tuyendau.science.sim.days import Days, Presence
from tuyendau.science.sim.disease import (
    N_INFECTOR,
    N_LEVEL,
    N_PERSON,
    N_RECORDED,
    N_SITE,
    N_TIME,
    Disease,
    pass_on,
)
from tuyendau.science.sim.movement import Movement
from tuyendau.science.sim.response import FOREVER, Infected, Response, Strategy
from tuyendau.science.sim.surveillance import observe
from tuyendau.science.sim.truth import NEVER, Outbreak, Truth
from tuyendau.science.sim.world import Reals, World


def run_outbreak(
    world: World,
    days: Days,
    seed: int = 1,
    *,
    until: int,
    disease: Disease | None = None,
    strategy: Strategy | None = None,
) -> Outbreak:
    """Live through an outbreak until the local day `until` (exclusive). The same for the same arguments."""
    run = _Run(world, days, seed, disease or Disease.bundled(), strategy or Strategy.bundled())
    for day in range(run.first_day, until):
        run.live(day)
    return run.finished()


class _Run:
    def __init__(self, world: World, days: Days, seed: int, disease: Disease, strategy: Strategy) -> None:
        self.world, self.days, self.disease, self.seed = world, days, disease, seed
        self.rng = np.random.default_rng(seed)
        self.response = Response(world, strategy, seed)
        self.first_day = strategy.first_infection
        self.hazard = disease.hazards(world)
        kind, up = world.sites.kind, world.sites.parent
        around = kind == kinds.CANTEEN_ZONE
        self.up = np.where(around, up, -1).astype(np.int32)
        self.immune = np.zeros(len(world.people), np.uint8)
        self.factor: Reals = np.empty(0)
        self.told: list[Any] = []
        self.outings: list[Reals] = []
        self.before: Movement | None = None

    def live(self, day: int) -> None:
        """One day: what holds, who passes it on to whom, what the province does about it."""
        movement = self.response.movement(day)
        self.outings.append(movement.outings)
        self._introduce(day)
        self._spread(day, movement)
        self.response.step(day)
        self.before = movement

    def _introduce(self, day: int) -> None:
        """The first infections, over five days, from outside."""
        if not self.first_day <= day < self.first_day + 5:
            return
        f, w = self.response.f, self.world
        groups = ((0, "seeds_large", f["large_company"]), (1, "seeds_second", f["large_company"] * 0.6))
        for park, name, size in groups:
            inside = np.flatnonzero(w.companies.park == park)
            wanted = max(size * w.scale, 150)
            company = w.companies.site[inside[np.argmin(np.abs(w.companies.people[inside] - wanted))]]
            staff = np.flatnonzero((w.people.company == company) & (w.people.line >= 0))
            self._seed(staff, _on_day(f[name] * w.scale, day - self.first_day), day)
        far = np.flatnonzero(w.people.commune == int(np.argmin(np.abs(w.communes.lon - 106.35))))
        self._seed(far, _on_day(f["seeds_elsewhere"] * w.scale, day - self.first_day), day)

    def _seed(self, people: Any, count: int, day: int) -> None:
        free = people[self.immune[people] == 0]
        who = self.rng.choice(free, min(count, len(free)), replace=False).astype(np.int32)
        rows = np.full((len(who), 6), -1, np.int32)
        rows[:, N_PERSON], rows[:, N_TIME], rows[:, N_RECORDED] = who, day_start(day) + DAY // 2, 0
        self._add(rows)

    def _spread(self, day: int, movement: Movement) -> None:
        i, d = self.response.infected, self.disease
        share = d.infectiousness(i.infected, i.onset, day) * self.factor
        active = (share > 0) & ~movement.away[i.person]
        if not active.any():
            return
        weight = np.zeros(len(self.world.people))
        weight[i.person[active]] = share[active]
        sources = i.person[active]
        spans = [(day, movement)] if self.before is None else [(day - 1, self.before), (day, movement)]
        hot = np.zeros(len(self.world.sites), np.uint8)
        for cycle, held in spans:
            site = self.days.presence(cycle, held, want="true", people=sources).site
            hot[site] = 1
            hot[self.up[site][self.up[site] >= 0]] = 1
        parts = [self.days.presence(cycle, held, hot=hot) for cycle, held in spans]
        rows = Presence(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Presence)))
        midnight = day_start(day)
        start, end = np.maximum(rows.start, midnight), np.minimum(rows.end, midnight + DAY)
        keep = (end > start) & ~movement.away[rows.person]
        rows = replace(rows, start=start, end=end).take(keep)
        self._add(pass_on(self.world, rows, weight, self.immune, self.up, self.hazard, self.seed, day))

    def _add(self, rows: Any) -> None:
        """Take in new infections, int32 [n, N_COLUMNS], in the order of their time."""
        if not len(rows):
            return
        rows = rows[np.lexsort((rows[:, N_PERSON], rows[:, N_TIME]))]
        self.told.append(rows)
        person, moment = rows[:, N_PERSON].copy(), rows[:, N_TIME].copy()
        self.immune[person] = 1
        onset, symptomatic, factor = self.disease.draw(moment, self.rng)
        self.factor = np.concatenate((self.factor, factor))
        nobody = np.full(len(person), NEVER, np.int32)
        fresh = Infected(
            person, moment, onset, symptomatic, nobody, nobody, np.zeros(len(person), np.int32),
            self.response.care_days(person, onset, symptomatic), nobody,
        )  # fmt: skip
        old = self.response.infected
        self.response.infected = Infected(
            *(np.concatenate((getattr(old, f.name), getattr(fresh, f.name))) for f in fields(Infected))
        )

    def finished(self) -> Outbreak:
        """The results of the run."""
        told = np.concatenate(self.told) if self.told else np.empty((0, 6), np.int32)
        i, w = self.response.infected, self.world
        order = np.lexsort((i.person, i.infected))
        told = told[order]
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order))
        site, level = told[:, N_SITE], told[:, N_LEVEL]
        setting = np.where(level >= 0, w.sites.setting[np.maximum(level, 0)], -1).astype(np.int8)
        truth = Truth(
            i.person[order], i.infected[order], told[:, N_INFECTOR], site, setting, told[:, N_RECORDED] > 0,
            i.onset[order], i.symptomatic[order],
        )  # fmt: skip
        closed = np.flatnonzero(self.response.closed_on < FOREVER)
        spans = np.column_stack((closed, self.response.closed_on[closed], np.full(len(closed), 2**30)))
        away = self.response.away_spans
        return Outbreak(
            truth, observe(i, place, self.response.away_from, self.seed), self.first_day,
            (np.concatenate(away) if away else np.empty((0, 3))).astype(np.int32), spans.astype(np.int32),
            np.array(self.outings),
        )  # fmt: skip


def _on_day(total: float, day: int) -> int:
    """Whole seeds of day 0 to 4 that sum to `total`, at least one in all."""
    whole = max(1, round(total))
    return whole * (day + 1) // 5 - whole * day // 5
