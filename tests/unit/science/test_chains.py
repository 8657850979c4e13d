"""Chains by small cases that can be checked by hand."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
import pytest

from tests.reference import chains as reference
from tuyendau.science.chains import (
    BASES,
    Basis,
    Circle,
    Interval,
    Kind,
    Method,
    Pairs,
    Times,
    circle_of,
    densities,
    dispersion,
    forest,
    generations,
    most_likely,
    offspring,
    serial_intervals,
    weigh,
)
from tuyendau.science.chains.intervals import FIRST
from tuyendau.science.epi import Setting
from tuyendau.science.epi.times import DAY, UTC_OFFSET

INTERVAL = Interval(4.7, 2.8)


def pairs(*rows: tuple[int, int, Kind, Setting, float, int, int]) -> Pairs:
    """(infector, infectee, kind, setting, hours, first day, last day)."""
    columns = list(zip(*rows, strict=True))
    first, last = (np.array([d * DAY - UTC_OFFSET if d else 0 for d in columns[c]]) for c in (5, 6))
    return Pairs(
        np.array(columns[0]), np.array(columns[1]), np.array(columns[2], np.int8), np.array(columns[3], np.int8),
        np.array(columns[4], float), np.zeros(len(rows)), first, last,
    )  # fmt: skip


def onsets(*days: int) -> Times:
    return Times(np.array(days), np.zeros(len(days), np.int8))


def test_whoever_shared_a_room_and_fell_ill_five_days_before_comes_first():
    met = pairs(
        (0, 2, Kind.MET, Setting.ROOM, 60, 498, 504),
        (1, 2, Kind.MET, Setting.COMPANY, 60, 498, 504),
    )
    likely = weigh(onsets(500, 500, 505), met, Method.bundled(), INTERVAL)
    assert likely.infector.tolist() == [0, 1]
    assert likely.weight[0] > 0.8
    assert likely.weight.sum() + likely.outside[2] == pytest.approx(1)
    assert likely.outside[:2] == pytest.approx([1, 1])


def test_exposure_after_the_last_moment_is_none():
    late = pairs((0, 1, Kind.MET, Setting.ROOM, 60, 506, 510))
    assert len(weigh(onsets(500, 505), late, Method.bundled(), INTERVAL)) == 0
    half = pairs((0, 1, Kind.MET, Setting.ROOM, 60, 503, 507))
    whole = pairs((0, 1, Kind.MET, Setting.ROOM, 60, 501, 505))
    hazards = [weigh(onsets(500, 505), each, Method.bundled(), INTERVAL).hazard[0] for each in (half, whole)]
    assert hazards[0] == pytest.approx(hazards[1] / 2)


def test_a_named_contact_counts_whatever_the_dates():
    named = pairs((0, 1, Kind.NAMED, Setting.OTHER, 0, 0, 0))
    method = Method.bundled()
    likely = weigh(onsets(500, 590), named, method, INTERVAL)
    assert likely.fit[0] == method.reported_floor
    assert likely.weight[0] > likely.outside[1]


def test_dates_that_stand_for_onset_spread_wider_and_lie_later():
    table = densities(INTERVAL, Method.bundled())
    assert table[0, 0].max() == 1
    best = {b: int(table[0, b].argmax()) + FIRST for b in BASES}
    assert best[Basis.ONSET] < best[Basis.SAMPLE] < best[Basis.RESULT] < best[Basis.REPORT]
    assert table[3, 3].max() < table[1, 1].max() < table[0, 1].max() < 1
    assert table[0, 0].sum() == pytest.approx(table[3, 3].sum(), rel=0.01)


def test_a_circle_of_the_likeliest_is_opened_where_least_is_lost():
    # 0, 1 and 2 each have one infector that is likelier than none; nothing but a circle comes of it.
    parent = forest(3, [1, 2, 0], [0, 1, 2], [0.9, 0.8, 0.6], [0.4, 0.1, 0.2])
    assert parent.tolist() == [-1, 0, 1]


def test_whoever_must_have_an_infector_in_a_circle_is_told_of_it():
    with pytest.raises(Circle) as told:
        forest(3, [0, 1, 2], [1, 0, 0], [1, 1, 1], [0, 0, 1])
    assert sorted(told.value.cases) == [0, 1]
    with pytest.raises(ValueError, match="has none"):
        forest(2, [0], [1], [1], [0, 0])


def test_a_circle_is_told_from_infector_to_infectee():
    circle = circle_of([2, 0, 1, 0])
    above = {0: 2, 1: 0, 2: 1}
    assert sorted(circle) == [0, 1, 2]
    assert all(above[b] == a for a, b in pairwise(circle))
    assert circle_of([-1, 0, 1]) == []
    with pytest.raises(Circle):
        generations([1, 0])


def test_dispersion_is_that_of_the_reference():
    """Counts drawn from a negative binomial of mean 1.5 and k 0.3 give these back."""
    counts = np.random.default_rng(5).negative_binomial(0.3, 0.3 / 1.8, 300)
    found = dispersion(counts)
    k, low, high = reference.dispersion(counts.tolist())
    assert found.mean == counts.mean()
    assert (found.k, found.low, found.high) == pytest.approx((k, low, high), rel=0.005)
    assert low < 0.3 < high


def test_dispersion_without_spread_is_infinite():
    found = offspring([-1, 0, 1, 2, 3])
    assert (found.k, found.high) == (inf, inf)
    assert offspring([-1, -1]).k is None
    assert offspring([]).cases == 0


def test_one_case_that_infected_all_is_told_by_k_and_by_the_share():
    parent = np.zeros(200, np.int64)
    parent[0] = -1
    parent[100:] = -1
    found = offspring(parent)
    assert found.k is not None
    assert found.k < 0.01
    assert found.top == pytest.approx(1 / 200)


def test_serial_intervals():
    found = serial_intervals([4, 6, 5, -1])
    assert found is not None
    assert (found.pairs, found.mean, found.median, found.negative) == (4, 3.5, 4.5, 1)
    assert serial_intervals([]) is None


def test_a_method_that_cannot_be_is_refused():
    record = Method.bundled().record
    with pytest.raises(ValueError, match="more than 0"):
        Method.from_record(record | {"outside": {"value": 0}})


def test_one_of_many_is_shown_where_together_they_are_likelier_than_nobody():
    """Three infectors of a fifth each, nobody two fifths: somebody did, though nobody weighs more than each."""
    pairs_of_three = ([3, 3, 3], [0, 1, 2], [0.19, 0.21, 0.2])
    outside = [1, 1, 1, 0.4]
    assert forest(4, *pairs_of_three, outside).tolist() == [-1, -1, -1, -1]
    assert most_likely(4, *pairs_of_three, outside).tolist() == [-1, -1, -1, 1]
    assert most_likely(4, [3], [0], [0.45], [1, 1, 1, 0.55]).tolist() == [-1, -1, -1, -1]


def test_a_circle_is_opened_to_the_outside_where_nothing_else_is_left():
    parent = most_likely(2, [0, 1], [1, 0], [0.9, 0.8], [0.1, 0.2])
    assert parent.tolist() == [1, -1]
