"""What the province comes to know: its cases, the records of presence, and what cases tell when they are asked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from tuyendau.science.epi.times import DAY, UTC_OFFSET, day_start
from tuyendau.science.sim import kinds
from tuyendau.science.sim.chance import chances
from tuyendau.science.sim.days import Days, Presence
from tuyendau.science.sim.parameters import Interviews
from tuyendau.science.sim.response import Infected
from tuyendau.science.sim.truth import NEVER, Cases, Outbreak
from tuyendau.science.sim.world import Ints, World
from tuyendau.science.tracing import NO_ONSET, Visits

TELLS_ONSET, TELLS_ROOM, TELLS_CALL, TELLS_SHOP, TELLS_HOUSE = range(800, 805)
"""Purposes of chance."""

ISOLATED_AFTER = 4 * 3_600
"""Seconds from report to isolation, but at the latest the next midnight."""

SYMPTOMS_TOLD = 0.95
"""Share of people with symptoms by the report who tell of their onset."""


def observe(infected: Infected, truth_row: Ints, away_from: Ints, seed: int) -> Cases:
    """The found among the infected as the province has them, in the order of their report.

    truth_row int32 [n]: row of the Truth for each infected; away_from int32 [p]: first day in a ward or quarantine.
    """
    i = infected
    rows = np.flatnonzero(i.reported < NEVER)
    rows = rows[np.lexsort((i.person[rows], i.reported[rows]))]
    person, reported = i.person[rows], i.reported[rows]
    tells = chances(seed, person, 0, TELLS_ONSET) < SYMPTOMS_TOLD
    told = i.symptomatic[rows] & (i.onset[rows] <= reported) & tells
    midnight = day_start(0) + ((reported.astype(np.int64) + UTC_OFFSET) // DAY + 1) * DAY
    isolated = np.minimum(reported.astype(np.int64) + ISOLATED_AFTER, midnight)
    isolated = np.minimum(isolated, day_start(0) + away_from[person].astype(np.int64) * DAY)
    return Cases(
        person, truth_row[rows], np.where(told, i.onset[rows], NO_ONSET).astype(np.int32), i.sampled[rows],
        reported - np.int32(1_800), reported, isolated.astype(np.int32), i.found[rows].astype(np.int8),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Told:
    """[n] visits that cases told of, in the order of the cases; case int32: row of the Cases; the others as Visits."""

    case: Ints
    visits: Visits


def interviews(
    world: World, days: Days, outbreak: Outbreak, rows: Ints, lookback_days: int, figures: Interviews | None = None
) -> Told:  # fmt: skip
    """What the cases at `rows` tell of the days from `lookback_days` before onset or sample until isolation.

    They name who lives with them (all of a household, most room-mates), some of the people they called on or who
    called on them, and some of the shops and markets they were at, but nobody they met there. The landlord of a
    boarding house lists its lodgers.
    """
    figures = figures or Interviews.bundled()
    cases = outbreak.cases
    reference = np.where(cases.onset[rows] != NO_ONSET, cases.onset[rows], cases.sampled[rows])
    first = (reference.astype(np.int64) + UTC_OFFSET) // DAY - lookback_days
    last = (cases.isolated[rows].astype(np.int64) + UTC_OFFSET) // DAY
    parts: list[tuple[Any, Visits]] = []
    for day in range(int(first.min(initial=0)) - 1, int(last.max(initial=-2)) + 1):
        asked = rows[(first - 1 <= day) & (day <= last)]
        if len(asked):
            parts += _of_day(world, days, outbreak, asked, day, figures)
    if not parts:
        return Told(np.empty(0, np.int32), Visits.none())
    case = np.concatenate([c for c, _ in parts]).astype(np.int32)
    visits = Visits(*(np.concatenate([getattr(v, f.name) for _, v in parts]) for f in fields(Visits)))
    order = np.argsort(case, kind="stable")
    return Told(case[order], visits.take(order))


def _of_day(
    world: World, days: Days, outbreak: Outbreak, asked: Ints, day: int, figures: Interviews
) -> list[tuple[Any, Visits]]:
    """What is told of one day's cycles."""
    movement = outbreak.movement(world, day)
    who = outbreak.cases.person[asked]
    case_of = np.full(len(world.people), -1, np.int32)
    case_of[who] = asked
    own = days.presence(day, movement, want="true", people=np.unique(who))
    kind = world.sites.kind[own.site]
    home = own.site == world.people.home[own.person]
    chance = chances(world.seed, own.person, day, TELLS_CALL)
    room = chances(world.seed, own.person, 0, TELLS_ROOM) < figures.rooms
    tells = (kind == kinds.HOUSEHOLD) & (home | (chance < figures.calls))
    tells |= (kind == kinds.ROOM) & np.where(home, room, chance < figures.calls)
    house = chances(world.seed, own.site, 0, TELLS_HOUSE) < figures.houses
    tells |= np.isin(kind, (kinds.DORMITORY, kinds.BOARDING_HOUSE)) & house
    out = np.isin(kind, (kinds.SHOP, kinds.MARKET))
    out &= chances(world.seed, own.person, day, TELLS_SHOP) < figures.shops
    told = own.take(tells | out)
    parts = [(case_of[told.person], told.truth())]
    at_homes = own.take(tells)
    hot = np.zeros(len(world.sites), np.uint8)
    hot[at_homes.site] = 1
    met = days.presence(day, movement, hot=hot)
    home = world.people.home[met.person]
    lives = (met.site == home) | (met.site == world.sites.parent[home])
    met = met.take(lives | (chances(world.seed, met.person, day, TELLS_CALL) < figures.calls))
    parts.append(_named(at_homes, met, case_of))
    return parts


def _named(told: Presence, met: Presence, case_of: Ints) -> tuple[Any, Visits]:
    """Those who were where a case tells of being: each case names them apart."""
    pairs = np.unique(np.column_stack((told.site, case_of[told.person])), axis=0)
    order = np.argsort(met.site, kind="stable")
    low = np.searchsorted(met.site[order], pairs[:, 0], side="left")
    high = np.searchsorted(met.site[order], pairs[:, 0], side="right")
    count = high - low
    place = np.repeat(low - np.cumsum(count) + count, count) + np.arange(count.sum())
    return np.repeat(pairs[:, 1], count), met.take(order[place]).truth()
