"""An outbreak: what is true is possible, what is found was true, and the numbers are those of last time."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from tuyendau.science.epi.times import DAY, date_to_day, day_start
from tuyendau.science.sim import Days, Disease, Outbreak, Presence, Strategy, World, kinds, run_outbreak
from tuyendau.science.sim.disease import N_INFECTOR, N_LEVEL, N_PERSON, N_SITE, N_TIME, pass_on
from tuyendau.science.sim.response import FOREVER, in_force
from tuyendau.science.sim.truth import NEVER
from tuyendau.science.tracing import NO_ONSET

UNTIL = date_to_day(date(2021, 5, 26))


def test_nobody_is_infected_twice_and_each_by_somebody_infected_before(outbreak: Outbreak) -> None:
    t = outbreak.truth
    assert len(np.unique(t.person)) == len(t) > 50
    assert (np.diff(t.infected) >= 0).all()
    moment = np.full(t.person.max() + 1, NEVER)
    moment[t.person] = t.infected
    inside = t.infector >= 0
    assert 0 < (~inside).sum() < len(t) / 4
    assert (t.infected[inside] - moment[t.infector[inside]] >= 18 * 3_600).all()
    assert (t.onset > t.infected).all()


def test_both_were_at_the_site_at_that_moment(world: World, days: Days, outbreak: Outbreak) -> None:
    t = outbreak.truth
    for row in np.flatnonzero(t.infector >= 0)[::7]:
        day = int((t.infected[row] + 7 * 3_600) // DAY)
        pair = np.array([t.person[row], t.infector[row]], np.int32)
        there: set[int] = set()
        for cycle in (day - 1, day):
            seen = days.presence(cycle, outbreak.movement(world, cycle), want="true", people=pair)
            up = world.sites.parent[seen.site]
            at = (seen.site == t.site[row]) | (up == world.sites.parent[t.site[row]])
            now = at & (seen.start <= t.infected[row]) & (t.infected[row] < seen.end)
            there |= set(seen.person[now].tolist())
        assert there == set(pair.tolist())


def test_cases_are_infections_in_the_order_of_report(outbreak: Outbreak) -> None:
    c, t = outbreak.cases, outbreak.truth
    assert 20 < len(c) <= len(t)
    assert (t.person[c.infection] == c.person).all()
    assert (np.diff(c.reported) >= 0).all()
    assert (t.infected[c.infection] < c.sampled).all()
    assert (c.sampled < c.reported).all()
    assert (c.isolated <= c.reported + 4 * 3_600).all()
    told = c.onset != NO_ONSET
    assert (c.onset[told] == t.onset[c.infection[told]]).all()
    assert t.symptomatic[c.infection[told]].all()
    assert outbreak.cases.by_day(outbreak.first_day, 100).sum() == len(c)
    assert outbreak.reported_by(int(c.reported[9])) >= 10


def test_who_is_isolated_meets_nobody(world: World, outbreak: Outbreak) -> None:
    away = np.full(len(world.people), FOREVER)
    np.minimum.at(away, outbreak.away[:, 0], outbreak.away[:, 1])
    t = outbreak.truth
    day = (t.infected.astype(np.int64) + 7 * 3_600) // DAY
    inside = t.infector >= 0
    assert (day[inside] < away[t.infector[inside]]).all()


def test_parks_are_closed_from_their_day(world: World, days: Days, outbreak: Outbreak) -> None:
    closing = Strategy.bundled().parks_closed
    parked = world.companies.site[(world.companies.park >= 0) & (world.companies.park < 4)]
    assert outbreak.movement(world, closing).closed[parked].all()
    assert not outbreak.movement(world, outbreak.first_day).closed.any()
    rows = days.presence(closing, outbreak.movement(world, closing), want="true")
    assert not np.isin(rows.site, parked).any()


def test_the_same_seed_makes_the_same_outbreak(world: World, days: Days, outbreak: Outbreak) -> None:
    again = run_outbreak(world, days, seed=3, until=UNTIL)
    for one, two in ((outbreak.truth, again.truth), (outbreak.cases, again.cases)):
        assert all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(one))
    other = run_outbreak(world, days, seed=4, until=UNTIL)
    assert not np.array_equal(other.truth.person, outbreak.truth.person)


def test_without_hazard_only_the_first_are_infected(world: World, days: Days) -> None:
    bundled = Disease.bundled()
    harmless = replace(bundled, figures={**bundled.figures, "strength": 0.0})
    found = run_outbreak(world, days, seed=3, until=UNTIL, disease=harmless)
    assert len(found.truth) == 3
    assert (found.truth.infector == -1).all()


def test_passing_on_equals_the_formula(world: World) -> None:
    """Many people in one room with one source for 10 hours: the share infected is 1 - exp(-hazard x hours)."""
    n = 20_000
    day = UNTIL
    start = day_start(day)
    room = int(world.sites.of_kind(kinds.HOUSEHOLD)[0])
    big = replace(world, people=replace(world.people, home=np.zeros(n + 1, np.int32)))
    whole = np.zeros(n + 1, np.int32)
    rows = Presence(
        np.arange(n + 1, dtype=np.int32), whole + np.int32(room), whole + np.int32(start),
        whole + np.int32(start + 36_000), np.ones(n + 1, np.uint8), np.zeros(n + 1, np.int8), whole, whole,
        np.zeros(n + 1, np.uint8),
    )  # fmt: skip
    weight = np.zeros(n + 1)
    weight[0] = 0.5
    hazard = np.zeros(len(world.sites))
    hazard[room] = 0.04
    immune = np.zeros(n + 1, np.uint8)
    immune[[0, 1]] = 1
    found = pass_on(big, rows, weight, immune, np.full(len(world.sites), -1, np.int32), hazard, 5, day)
    assert len(found) / n == pytest.approx(1 - np.exp(-0.2), abs=0.01)
    assert (found[:, N_INFECTOR] == 0).all()
    assert (found[:, N_SITE] == room).all()
    assert (found[:, N_LEVEL] == room).all()
    assert 1 not in found[:, N_PERSON]
    assert start <= found[:, N_TIME].min() < start + 3_600
    assert start + 32_400 < found[:, N_TIME].max() < start + 36_000


def test_steps_hold_from_their_day() -> None:
    assert in_force(((5, 10.0), (9, 20.0)), 4) == 0
    assert in_force(((5, 10.0), (9, 20.0)), 8) == 10
    assert in_force(((5, 10.0), (9, 20.0)), 9) == 20


def test_communes_with_many_cases_come_under_distancing(world: World, outbreak: Outbreak) -> None:
    strategy = Strategy.bundled()
    commune = world.people.commune[outbreak.cases.person]
    days = (outbreak.cases.reported.astype(np.int64) + 7 * 3_600) // DAY
    before = np.bincount(commune[days < UNTIL - 1], minlength=len(world.communes))
    last = outbreak.outings[-1]
    assert (last[before >= 3] == strategy.figures["outings_locked"]).all()
    early = outbreak.outings[strategy.lockdown - outbreak.first_day - 1]
    assert (early == strategy.figures["outings_after_alarm"]).all()
