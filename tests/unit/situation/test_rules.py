"""Days that are complete, shares and their intervals."""

from __future__ import annotations

from datetime import date

import pytest

from tuyendau.insight.situation.rules import (
    Basis,
    Window,
    before,
    days_of,
    incomplete_from,
    last,
    median_and_spread,
    rate,
    settled,
    wilson,
)

DAY = date(2021, 6, 20)


def test_windows_follow_each_other() -> None:
    week = last(7, DAY)
    assert (week.first, week.last, week.days) == (date(2021, 6, 14), DAY, 7)
    assert before(week) == Window(date(2021, 6, 7), date(2021, 6, 13))
    assert days_of(week)[0] == week.first
    assert DAY in week
    assert date(2021, 6, 13) not in week
    assert None not in week


@pytest.mark.parametrize(
    ("shares", "basis", "over", "first"),
    [
        (None, Basis.REPORTED, False, DAY),
        (None, Basis.REPORTED, True, date(2021, 6, 21)),
        (None, Basis.ONSET, True, date(2021, 6, 13)),
        (None, Basis.SAMPLE, False, date(2021, 6, 18)),
        ((0.2, 0.6, 0.89, 0.9, 1.0), Basis.ONSET, False, date(2021, 6, 18)),
        ((0.95, 1.0), Basis.ONSET, False, DAY),
        ((0.95, 1.0), Basis.ONSET, True, date(2021, 6, 21)),
    ],
)
def test_the_days_that_still_lack_reports(
    shares: tuple[float, ...] | None, basis: Basis, over: bool, first: date
) -> None:
    assert incomplete_from(DAY, shares, basis, over=over) == first
    window = settled(first)
    assert (window.days, window.last < first) == (14, True)


def test_the_interval_of_a_share() -> None:
    # Newcombe, Stat Med 1998;17:857, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=0.0001)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=0.0001)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=0.0001)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=0.0001)
    assert wilson(0, 0) is None


def test_medians_and_quartiles() -> None:
    assert median_and_spread([4, 1, 3, 2]) == (2.5, 1.75, 3.25, pytest.approx(3.7))
    assert median_and_spread([7]) == (7, 7, 7, 7)
    assert median_and_spread([]) is None


def test_rates_need_a_population() -> None:
    assert rate(13, 10_000) == 130.0
    assert rate(13, None) is None
    assert rate(13, 0) is None
