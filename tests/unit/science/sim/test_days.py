"""Days: nobody in two places, hours add up, the same however one asks."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from tuyendau.science.epi.times import date_to_day, day_start
from tuyendau.science.sim import Days, Movement, Presence, World, kinds
from tuyendau.science.sim.living import ROSTER, UNSEEN

MONDAY = date_to_day(date(2021, 5, 10))
SUNDAY = date_to_day(date(2021, 5, 9))


def innermost(world: World, rows: Presence) -> Presence:
    """True rows without those that span others: companies, and workshops of who works on lines."""
    kind = world.sites.kind[rows.site]
    on_lines = (world.people.line[rows.person] >= 0) | world.people.roams[rows.person]
    spans = np.isin(kind, (kinds.COMPANY, kinds.DORMITORY, kinds.BOARDING_HOUSE))
    spans |= (kind == kinds.WORKSHOP) & on_lines
    return rows.take((rows.true == 1) & ~spans)


def same(one: Presence, two: Presence) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(Presence))


def test_nobody_is_in_two_places_over_three_days(world: World, days: Days) -> None:
    parts = [innermost(world, days.presence(day)) for day in (SUNDAY, MONDAY, MONDAY + 1)]
    person, start, end = (np.concatenate([getattr(p, c) for p in parts]) for c in ("person", "start", "end"))
    order = np.lexsort((start, person))
    person, start, end = person[order], start[order], end[order]
    assert not ((start[1:] < end[:-1]) & (person[1:] == person[:-1])).any()


def test_hours_add_up(world: World, days: Days) -> None:
    rows = innermost(world, days.presence(MONDAY))
    hours = np.bincount(rows.person, rows.end - rows.start, len(world.people)) / 3_600
    assert hours.max() <= 24
    assert hours.min() > 21, "what is left is the way to work"
    assert np.median(hours[world.people.company < 0]) == 24


def test_rows_lie_inside_what_spans_them(world: World, days: Days) -> None:
    rows = days.presence(MONDAY, want="true")
    kind = world.sites.kind[rows.site]
    company = rows.take(kind == kinds.COMPANY)
    came, went = np.zeros(len(world.people), int), np.zeros(len(world.people), int)
    came[company.person], went[company.person] = company.start, company.end
    inner = rows.take(np.isin(kind, (kinds.WORKSHOP, kinds.LINE, kinds.CANTEEN_ZONE)))
    assert len(inner) > 5_000
    assert (inner.start >= came[inner.person]).all()
    assert (inner.end <= went[inner.person]).all()


def test_the_same_day_whoever_is_asked_for(days: Days) -> None:
    everybody = days.presence(MONDAY)
    some = np.array([3, 500, 17_000], np.int32)
    assert same(days.presence(MONDAY, people=some), everybody.take(np.isin(everybody.person, some)))
    assert same(days.presence(MONDAY), everybody)
    assert not same(days.presence(MONDAY + 7), everybody)


def test_wanted_rows_are_a_part_of_all(days: Days) -> None:
    rows = days.presence(MONDAY)
    assert same(days.presence(MONDAY, want="recorded"), rows.take(rows.source != UNSEEN))
    assert same(days.presence(MONDAY, want="true"), rows.take(rows.true == 1))


def test_hot_sites_alone(world: World, days: Days) -> None:
    hot = np.zeros(len(world.sites), np.uint8)
    line = int(world.people.line[world.people.line >= 0][0])
    house = int(world.sites.of_kind(kinds.BOARDING_HOUSE)[0])
    company = int(world.sites.parent[world.sites.parent[line]])
    hot[[line, house, company]] = 1
    rows = days.presence(MONDAY, want="true")
    wanted = np.isin(rows.site, (line, house, company)) | (world.sites.parent[rows.site] == house)
    assert same(days.presence(MONDAY, hot=hot), rows.take(wanted))


def test_sunday_is_quiet_and_a_roster_does_not_see_the_sick(world: World, days: Days) -> None:
    def at_work(day: int) -> int:
        rows = days.presence(day, want="true")
        return int((world.sites.kind[rows.site] == kinds.COMPANY).sum())

    assert at_work(SUNDAY) < 0.4 * at_work(MONDAY)
    rows = days.presence(MONDAY)
    absent = rows.take(rows.true == 0)
    assert len(absent) > 20
    assert (absent.source == ROSTER).all()
    working = rows.person[world.sites.kind[rows.site] == kinds.COMPANY]
    assert not np.isin(absent.person, working).any()


def test_forgotten_check_outs_end_by_the_dwell_rule(world: World, days: Days) -> None:
    rows = days.presence(MONDAY, want="recorded")
    assumed = rows.take(rows.assumed == 1)
    minutes = (assumed.seen_end - assumed.seen_start) // 60
    assert (minutes == world.sites.dwell[assumed.site]).all()
    known = rows.take((rows.assumed == 0) & (rows.true == 1))
    assert (known.seen_end == known.end).all()
    visits = rows.observed()
    assert len(visits) == len(rows)
    assert (visits.end > visits.start).all()


def test_movement_holds_people_back(world: World, days: Days) -> None:
    free = Movement.free(world)
    away = free.away.copy()
    away[:100] = True
    closed = free.closed.copy()
    closed[world.companies.site] = True
    rows = days.presence(MONDAY, replace(free, away=away, closed=closed, outings=0 * free.outings))
    assert rows.person.min() == 100
    home = world.people.home[rows.person]
    assert ((rows.site == home) | (rows.site == world.sites.parent[home])).all()
    assert len(rows) > 17_000


@pytest.mark.parametrize("day", [MONDAY, MONDAY + 40])
def test_times_lie_around_the_day(days: Days, day: int) -> None:
    rows = days.presence(day)
    assert rows.start.min() >= day_start(day)
    assert rows.start.max() < day_start(day + 2)
