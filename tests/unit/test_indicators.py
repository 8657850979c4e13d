"""What an indicator makes of one case: the hours, and what is not known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tuyendau.insight.situation.rules import indicators as rules
from tuyendau.insight.situation.rules.indicators import CaseFacts, Verdict
from tuyendau.lib import clock

DAY = date(2021, 5, 20)


def at(hours: float, day: date = DAY) -> datetime:
    return clock.midnight(day) + timedelta(hours=hours)


def case(**facts: Any) -> CaseFacts:
    return CaseFacts(1, **{"reported": DAY} | facts)


@pytest.mark.parametrize(
    ("facts", "in_time"),
    [
        ({}, None),
        ({"sampled": DAY - timedelta(days=1)}, True),
        ({"sampled": DAY - timedelta(days=2)}, False),
        # To the hour where both are known.
        ({"sampled": DAY - timedelta(days=1), "sampled_at": at(-16), "entered_at": at(8)}, True),
        ({"sampled": DAY - timedelta(days=1), "sampled_at": at(-16), "entered_at": at(8.1)}, False),
        # Entered on another day than it was reported: then only the day is known.
        ({"sampled": DAY - timedelta(days=1), "sampled_at": at(-16), "entered_at": at(40)}, True),
    ],
)
def test_reported_in_time(facts: dict[str, Any], in_time: bool | None) -> None:
    assert rules.reported_in_time(case(**facts)) is in_time


@pytest.mark.parametrize(
    ("facts", "now", "verdict"),
    [
        ({"entered_at": at(8)}, at(31), Verdict.WAITING),
        ({"entered_at": at(8)}, at(32), Verdict.NOT),
        ({"entered_at": at(8), "interviewed_at": at(32), "isolated_at": at(9)}, at(40), Verdict.COUNTED),
        ({"entered_at": at(8), "interviewed_at": at(32.1), "isolated_at": at(9)}, at(40), Verdict.NOT),
        ({"entered_at": at(8), "interviewed_at": at(20)}, at(40), Verdict.NOT),
        # Only the day is known: until the end of the next one.
        ({"interviewed_at": at(47), "isolated_at": at(47)}, at(48), Verdict.COUNTED),
        ({"interviewed_at": at(47), "isolated_at": at(47)}, at(47.5), Verdict.WAITING),
    ],
)
def test_interviewed_in_time(facts: dict[str, Any], now: datetime, verdict: Verdict) -> None:
    assert rules.verdict("interviewed", case(**facts), now) is verdict


def test_who_waits_or_is_unknown_is_in_no_denominator() -> None:
    cases = [case(sampled=DAY), case(sampled=DAY - timedelta(days=3)), case()]
    found = rules.count_cases("reported", cases, at(60))
    assert (found.numerator, found.denominator, found.value, found.unknown) == (1, 2, 50.0, 1)
    waiting = rules.count_cases("interviewed", cases, at(10))
    assert (waiting.denominator, waiting.value, waiting.waiting) == (0, None, 3)


def test_quartiles_lie_between_the_ordered_values() -> None:
    found = rules.median([1, 2, 3, 10])
    assert (found.low, found.value, found.high) == (1.75, 2.5, 4.75)
    assert rules.median([4]).value == 4.0
    assert rules.median([]).value is None


def test_delays_leave_out_what_cannot_be() -> None:
    assert rules.onset_to_result(case(onset=DAY, result=DAY + timedelta(days=3))) == 3
    assert rules.onset_to_result(case(onset=DAY, result=DAY - timedelta(days=1))) is None
    assert rules.result_to_interview(case(result=DAY, interviewed_at=at(-5))) == 0
    assert rules.result_to_interview(case(result=DAY)) is None


def test_a_target_is_at_least_or_at_most() -> None:
    assert rules.meets(rules.DEFINITIONS["followed"], 80.0) is True
    assert rules.meets(rules.DEFINITIONS["no_contacts"], 10.1) is False
    assert rules.meets(rules.DEFINITIONS["reported"], 10.0) is None
