"""Transitions, times and days of stays; how long an assessment holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tuyendau.response.care import rules
from tuyendau.response.care.rules import Fault, Severity, StayState, TransferState

NOW = datetime(2021, 5, 20, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "then", "may"),
    [
        ("present", "discharged", True),
        ("present", "cancelled", True),
        ("discharged", "present", True),
        ("died", "present", True),
        ("discharged", "died", False),
        ("transferred", "present", False),
        ("cancelled", "present", False),
        ("present", "present", False),
    ],
)
def test_how_a_stay_goes_on(now, then, may):
    assert rules.may_become(StayState(now), StayState(then)) is may


@pytest.mark.parametrize(
    ("now", "then", "may"),
    [
        ("proposed", "accepted", True),
        ("proposed", "arrived", False),
        ("accepted", "arrived", True),
        ("accepted", "refused", True),
        ("accepted", "withdrawn", True),
        ("refused", "accepted", False),
        ("withdrawn", "proposed", False),
        ("arrived", "withdrawn", False),
    ],
)
def test_how_a_transfer_goes_on(now, then, may):
    assert rules.may_go_on(TransferState(now), TransferState(then)) is may


def test_every_state_has_its_line():
    from tuyendau.response.care.rules.stays import TRANSITIONS

    assert set(TRANSITIONS) == set(StayState)
    assert set(rules.TRANSFERS) == set(TransferState)
    assert {TransferState.PROPOSED, TransferState.ACCEPTED} == rules.OPEN
    assert StayState.DISCHARGED in rules.endings_for(treated=True)
    assert StayState.RELEASED in rules.endings_for(treated=False)
    assert StayState.DISCHARGED not in rules.endings_for(treated=False)


def test_times_that_cannot_be():
    hour = timedelta(hours=1)
    assert rules.fault_of_begin(NOW, NOW) is None
    assert rules.fault_of_begin(NOW + hour, NOW) is Fault.BEGIN_FUTURE
    assert rules.fault_of_begin(NOW - timedelta(days=121), NOW) is Fault.BEGIN_LONG_AGO
    assert rules.fault_of_end(NOW - hour, NOW, NOW) is None
    assert rules.fault_of_end(NOW, NOW - hour, NOW) is Fault.END_BEFORE_BEGIN
    assert rules.fault_of_end(NOW, NOW + hour, NOW) is Fault.END_FUTURE


@pytest.mark.parametrize(
    ("onset", "sampled", "day"),
    [
        (date(2021, 5, 20), None, 1),
        (date(2021, 5, 18), date(2021, 5, 19), 3),
        (None, date(2021, 5, 19), 2),
        (None, None, None),
        (date(2021, 5, 21), None, None),
    ],
)
def test_the_day_of_illness(onset, sampled, day):
    assert rules.day_of_illness(onset, sampled, date(2021, 5, 20)) == day


def test_the_worse_the_sooner_they_are_assessed_again():
    held = [next(h for h in range(1, 100) if rules.assessed_late(level, NOW, NOW + timedelta(hours=h, minutes=1)))
            for level in (None, Severity.CRITICAL, Severity.MILD, Severity.ASYMPTOMATIC)]  # fmt: skip
    assert held == [2, 12, 24, 48]
    assert [level.rank for level in Severity] == [0, 1, 2, 3, 4]
