"""Growth of counts, and how complete the last days are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reference.situation import slope
from tuyendau.science.epi.delays import completeness
from tuyendau.science.epi.growth import growth, student

DOUBLING = [round(10 * 2 ** (t / 4)) for t in range(14)]


def test_counts_that_double_every_four_days() -> None:
    found = growth(DOUBLING)
    assert found is not None
    assert found.rate == pytest.approx(math.log(2) / 4, abs=0.002)
    assert found.low < found.rate < found.high
    assert found.level == pytest.approx(DOUBLING[-1], rel=0.02)
    assert found.on(4) == pytest.approx(found.level / 2, rel=0.02)
    time, shortest, longest = found.times
    assert longest is not None
    assert shortest < time < longest
    assert time == pytest.approx(4, abs=0.1)
    assert found.clear


def test_counts_that_halve() -> None:
    found = growth(DOUBLING[::-1])
    assert found is not None
    assert found.high < 0
    assert found.times[0] == pytest.approx(4, abs=0.1)


def test_a_level_that_goes_nowhere_has_no_longest_time() -> None:
    found = growth([10, 12, 9, 11, 10, 13, 8, 10, 12, 9, 11, 10, 9, 11])
    assert found is not None
    assert not found.clear
    assert found.times[2] is None


def test_nothing_is_told_of_few_cases() -> None:
    assert growth([1, 0, 0, 2, 0, 1, 1, 0, 3, 1, 2, 1, 3, 4]) is None  # 19 cases
    assert growth([1, 0, 0, 2, 0, 1, 1, 0, 3, 1, 2, 1, 3, 5]) is not None
    assert growth([0] * 10 + [30, 30, 30, 30]) is None  # on four days
    assert growth([10] * 6) is None
    assert growth([]) is None


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="no fewer"):
        growth([3, -1, 4, 1, 5, 9, 2, 6])


@given(st.lists(st.integers(0, 200), min_size=7, max_size=28))
def test_the_rate_is_the_likeliest(counts: list[int]) -> None:
    found = growth(counts)
    if found is not None and abs(found.rate) < 1.5:
        assert found.rate == pytest.approx(slope(counts), abs=1e-6)


def test_scatter_widens_the_interval() -> None:
    calm, wild = growth([20] * 14), growth([5, 35] * 7)
    assert calm is not None
    assert wild is not None
    assert wild.dispersion > 5
    assert wild.high - wild.low > 2 * (calm.high - calm.low)


def test_the_interval_holds_the_rate_as_often_as_it_says() -> None:
    """Also where cases come in clusters: negative binomial counts of which the variance is three times the mean."""
    chance, rate, held = np.random.default_rng(20210615), 0.08, 0
    means = 30 * np.exp(rate * np.arange(14))
    for _ in range(400):
        found = growth([int(n) for n in chance.negative_binomial(means / 2, 1 / 3)])
        assert found is not None
        held += found.low <= rate <= found.high
    assert 0.92 <= held / 400 <= 0.98


@pytest.mark.parametrize(("freedom", "point"), [(5, 2.5706), (6, 2.4469), (12, 2.1788), (26, 2.0555)])
def test_points_of_student(freedom: int, point: float) -> None:
    assert student(freedom) == pytest.approx(point, abs=0.0005)


def test_no_point_of_so_few_degrees() -> None:
    with pytest.raises(ValueError, match="too few"):
        student(4)


def test_the_last_days_are_as_complete_as_delays_say() -> None:
    """Of delays as they truly are, also where three days in four bring twice the cases of the day before."""
    chance = np.random.default_rng(7)
    events = np.repeat(np.arange(40), [int(3 * 1.15**day) for day in range(40)])
    delays = chance.poisson(3, len(events))
    seen = events + delays <= 39
    found = completeness(list(delays[seen]), list(39 - events[seen]))
    assert found is not None
    truth = np.cumsum([math.exp(-3) * 3**k / math.factorial(k) for k in range(10)])
    assert found[:10] == pytest.approx(truth, abs=0.05)
    assert (np.diff(found) >= 0).all()
    assert found[-1] == 1.0


def test_of_few_reports_nothing_is_told() -> None:
    assert completeness([1] * 29, [10] * 29) is None
    assert completeness([1] * 29 + [-4, 60, 9], [10] * 29 + [10, 60, 8]) is None
    assert completeness([1] * 30, [10] * 30) is not None
