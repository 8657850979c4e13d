"""How the infection runs in a person and passes to others who are at the same place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi.parameters import parameters
from tuyendau.science.epi.times import DAY, UTC_OFFSET
from tuyendau.science.jit import kernel, unowned
from tuyendau.science.sim import kinds
from tuyendau.science.sim.chance import chance
from tuyendau.science.sim.days import Presence
from tuyendau.science.sim.parameters import record, values
from tuyendau.science.sim.world import Ints, Reals, World

CAUGHT, WHOM, WHEN = 900, 901, 902
"""Purposes of chance."""

I_PERSON, I_START, I_END, I_SOURCE, I_SEEN_START, I_SEEN_END, I_LEVEL = range(7)
"""Columns of the infectious rows."""

N_PERSON, N_TIME, N_INFECTOR, N_SITE, N_LEVEL, N_RECORDED, N_COLUMNS = range(7)
"""Columns of new infections; N_LEVEL is the site by whose hazard it passed: the row's own or the building around it."""


@dataclass(frozen=True, eq=False)
class Disease:
    """figures: see `data/disease.json`. curve float64: share of the peak by day from `first_day` relative to onset."""

    figures: dict[str, float]
    curve: NDArray[np.float64]
    first_day: int

    @classmethod
    @lru_cache(maxsize=1)
    def bundled(cls) -> Disease:
        """The disease of 2021 with the infectiousness curve of the program's own parameters."""
        epi = parameters()
        return cls(values(record("disease")), epi.infectiousness, epi.first_day)

    def hazards(self, world: World) -> Reals:
        """Hazard per hour at peak infectiousness by site, float64 [s]; an office counts as a line."""
        of_kind = np.zeros(len(kinds.KINDS))
        for kind, word in enumerate(kinds.KINDS):
            of_kind[kind] = self.figures["strength"] * self.figures.get(f"hazard_{word}", 0.0)
        hazard = of_kind[world.sites.kind]
        office = (world.sites.kind == kinds.WORKSHOP) & (world.lines_of[:, 1] == 0)
        hazard[office] = of_kind[kinds.LINE]
        return hazard

    def draw(self, infected: Ints, rng: np.random.Generator) -> tuple[Ints, NDArray[np.bool_], Reals]:
        """For new infections: onset (seconds), whether there are symptoms, and how infectious the person is."""
        mean, sd = self.figures["incubation_mean_days"], self.figures["incubation_sd_days"]
        shape = (mean / sd) ** 2
        wait = np.maximum(rng.gamma(shape, mean / shape, len(infected)), 1.0)
        onset = infected.astype(np.int64) + (wait * DAY).astype(np.int64)
        symptomatic = rng.random(len(infected)) >= self.figures["asymptomatic_share"]
        k = self.figures["dispersion"]
        factor = rng.gamma(k, 1.0 / k, len(infected))
        factor *= np.where(symptomatic, 1.0, self.figures["asymptomatic_infectiousness"])
        return onset.astype(np.int32), symptomatic, factor

    def infectiousness(self, infected: Ints, onset: Ints, day: int) -> Reals:
        """Share of the peak on a local day, 0 until the latent time is over at noon; float64 [n]."""
        offset = day - (onset.astype(np.int64) + UTC_OFFSET) // DAY - self.first_day
        inside = (offset >= 0) & (offset < len(self.curve))
        share = np.where(inside, self.curve[np.clip(offset, 0, len(self.curve) - 1)], 0.0)
        noon = day * DAY - UTC_OFFSET + DAY // 2
        ripe = noon - infected.astype(np.int64) >= self.figures["latent_hours"] * 3_600
        return np.where(ripe, share, 0.0)


def pass_on(
    world: World, rows: Presence, weight: Reals, immune: NDArray[np.uint8], up: Ints, hazard: Reals, seed: int, day: int
) -> NDArray[np.int32]:  # fmt: skip
    """New infections of a day, int32 [n, N_COLUMNS].

    rows: true presence within the day at all sites with infectious people. weight float64 [p]: infectiousness of each
    person that day, 0 for most. immune uint8 [p]: who cannot be infected. up int32 [s]: the building whose hazard
    counts too, or -1. hazard float64 [s].
    """
    spreads = weight[rows.person] > 0
    source = rows.take(spreads)
    above = up[source.site]
    level = np.concatenate((source.site, above[above >= 0]))
    which = np.concatenate((np.arange(len(source)), np.flatnonzero(above >= 0)))
    order = np.argsort(level, kind="stable")
    level, which = level[order], which[order]
    table = np.column_stack(
        (source.person[which], source.start[which], source.end[which], source.source[which].astype(np.int32),
         source.seen_start[which], source.seen_end[which], level)
    ).astype(np.int32)  # fmt: skip
    sites, first = np.unique(level, return_index=True)
    slot = np.full(len(world.sites), -1, np.int32)
    slot[sites] = np.arange(len(sites))
    bounds = np.append(first, len(level)).astype(np.int64)
    others = rows.take(~spreads & (immune[rows.person] == 0))
    taken = immune.copy()
    exposed = np.column_stack(
        (others.person, others.start, others.end, others.source.astype(np.int32), others.seen_start, others.seen_end,
         others.site)
    ).astype(np.int32)  # fmt: skip
    found: NDArray[np.int32] = _infections(exposed, table, slot, bounds, weight, taken, up, hazard, seed, day)
    return found


@kernel
def _dose(table: Any, row: int, start: int, end: int, weight: Any) -> Any:
    """Infectious hours that one infectious row gives within [start, end)."""
    low, high = max(start, table[row, I_START]), min(end, table[row, I_END])
    if high <= low:
        return 0.0
    return (high - low) / 3_600.0 * weight[table[row, I_PERSON]]


@kernel
def _infections(
    exposed: Any, table: Any, slot: Any, bounds: Any, weight: Any, taken: Any, up: Any, hazard: Any, seed: int, day: int
) -> Any:  # fmt: skip
    found = np.empty((len(exposed), N_COLUMNS), np.int32)
    table, weight, bounds = unowned(table), unowned(weight), unowned(bounds)
    n = 0
    for k in range(len(exposed)):
        who, start, end, site = (
            exposed[k, I_PERSON],
            exposed[k, I_START],
            exposed[k, I_END],
            exposed[k, I_LEVEL],
        )
        if taken[who]:
            continue
        around = up[site]
        total = 0.0
        near = 0.0
        for level in (site, around):
            if level >= 0 and slot[level] >= 0 and hazard[level] > 0:
                hours = 0.0
                for row in range(bounds[slot[level]], bounds[slot[level] + 1]):
                    hours += _dose(table, row, start, end, weight)
                total += hours * hazard[level]
                if level == site:
                    near = hours * hazard[level]
        place = site * 4_096
        if total <= 0.0 or chance(seed, who, day, place + CAUGHT) >= -np.expm1(-total):
            continue
        left = chance(seed, who, day, place + WHOM) * total
        level = site
        if left >= near and around >= 0:
            level, left = around, left - near
        row = _infector(
            table, bounds[slot[level]], bounds[slot[level] + 1], start, end, weight, left / hazard[level]
        )
        low, high = max(start, table[row, I_START]), min(end, table[row, I_END])
        found[n, N_PERSON] = who
        found[n, N_TIME] = low + int((high - low) * chance(seed, who, day, place + WHEN))
        found[n, N_INFECTOR] = table[row, I_PERSON]
        found[n, N_SITE] = site
        found[n, N_LEVEL] = level
        moment = found[n, N_TIME]
        found[n, N_RECORDED] = (
            level == site and _on_record(exposed, k, moment) and _on_record(table, row, moment)
        )
        taken[who] = 1
        n += 1
    return found[:n].copy()


@kernel
def _infector(table: Any, first: int, end_row: int, start: int, end: int, weight: Any, left: float) -> Any:
    """The row by which it passed: in proportion to the hours that each gives."""
    chosen = -1
    for row in range(first, end_row):
        hours = _dose(table, row, start, end, weight)
        if hours > 0.0:
            chosen = row
            left -= hours
            if left < 0.0:
                break
    return chosen


@kernel
def _on_record(table: Any, row: int, moment: int) -> Any:
    return table[row, I_SOURCE] > 0 and table[row, I_SEEN_START] <= moment < table[row, I_SEEN_END]
