"""The structure of a world."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from tests.unit.science.sim.conftest import invented_communes
from tuyendau.science.sim import Communes, World, build_world, kinds
from tuyendau.science.sim.building.companies import sizes
from tuyendau.science.sim.building.plot import within

HOMES = (kinds.HOUSEHOLD, kinds.ROOM)


def test_everybody_has_a_home_in_their_commune(world: World) -> None:
    assert len(world.people) == 18_040
    assert np.isin(world.sites.kind[world.people.home], HOMES).all()
    assert (world.sites.commune[world.people.home] == world.people.commune).all()
    assert np.bincount(world.people.home).max() <= 8


def test_workers_have_their_posts_within_their_company(world: World) -> None:
    p, s = world.people, world.sites
    works = p.company >= 0
    assert works.sum() == 3_000 == world.companies.people.sum()
    assert (s.parent[p.workshop[works]] == p.company[works]).all()
    on_line = p.line >= 0
    assert (s.parent[p.line[on_line]] == p.workshop[on_line]).all()
    assert (s.parent[p.bus[p.bus >= 0]] == p.company[p.bus >= 0]).all()
    assert (world.shifts.company[p.shift[works]] == p.company[works]).all()
    assert not (p.roams & on_line).any()
    for column in (p.company, p.workshop, p.line, p.bus, p.zone, p.shift):
        assert not (column[~works] >= 0).any()


def test_lines_and_buses_have_their_size(world: World) -> None:
    p = world.people
    shift_line = np.unique(np.column_stack((p.shift, p.line))[p.line >= 0], axis=0, return_counts=True)[1]
    assert shift_line.max() <= 37
    assert 20 <= np.median(shift_line) <= 37
    assert np.bincount(p.bus[p.bus >= 0]).max() <= 40


def test_working_age(world: World) -> None:
    age = 2021 - world.people.birth_year[world.people.company >= 0]
    assert age.min() >= 18
    assert age.max() <= 50


def test_parents_stand_before_children_and_in_one_place(world: World) -> None:
    s = world.sites
    has = s.parent >= 0
    assert (s.parent[has] < np.flatnonzero(has)).all()
    assert (s.commune >= 0).all()
    assert (
        s.commune[s.parent[has & (s.kind == kinds.LINE)]] == s.commune[has & (s.kind == kinds.LINE)]
    ).all()
    assert not np.isnan(s.lon).any()
    keys = np.column_stack((np.where(has, s.parent, -1 - s.commune), s.kind, s.number))
    assert len(np.unique(keys, axis=0)) == len(keys)


def test_shares_are_those_of_the_province(world: World) -> None:
    assert world.people.has_app.mean() == pytest.approx(0.4531, abs=0.015)
    assert world.people.uses_zalo.mean() == pytest.approx(0.667, abs=0.015)


def test_the_same_seed_makes_the_same_world(world: World) -> None:
    again = build_world(invented_communes(), scale=0.01, seed=7)
    other = build_world(invented_communes(), scale=0.01, seed=8)
    for field in fields(world.people):
        assert (getattr(world.people, field.name) == getattr(again.people, field.name)).all()
    assert (world.people.home != other.people.home).any()


def test_sizes_sum_to_the_total_and_are_skewed() -> None:
    found = sizes(46_000, 373, 1.4)
    assert found.sum() == 46_000
    assert found.max() > 10 * np.median(found)
    assert len(sizes(0, 373, 1.4)) == 0


def test_within_counts_those_before() -> None:
    assert within(np.array([4, 4, 1, 4, 1])).tolist() == [0, 1, 0, 2, 1]


@pytest.mark.parametrize("scale", [0.0, -1.0, 0.0001])
def test_a_world_without_people_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        build_world(invented_communes(), scale)


def test_communes_must_fit_together() -> None:
    with pytest.raises(ValueError, match="equally many"):
        Communes.of(["1", "2"], ["222"], [106.0, 106.1], [21.0, 21.1])
    with pytest.raises(ValueError, match="population"):
        Communes.of(["1"], ["222"], [106.0], [21.0], population=[0])


def test_communes_share_their_districts_census() -> None:
    found = Communes.of(["1", "2", "3"], ["222", "222", "216"], [106.0, 106.1, 106.2], [21.0] * 3)
    assert found.population.tolist() == [102_950, 102_950, 177_265]
