"""Gaps of a day, what is worth a milestone, and how two become one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuyendau.lib import clock
from tuyendau.records.interviews import rules
from tuyendau.records.interviews.rules import Span

START = datetime(2021, 5, 14, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def span(first: int, last: int) -> Span:
    """Minutes from START."""
    return Span(START + first * MINUTE, START + last * MINUTE)


@pytest.mark.parametrize(
    ("covered", "unknown"),
    [
        ([], [(0, 600)]),
        ([(0, 600)], []),
        ([(-60, 30), (90, 700)], [(30, 90)]),
        ([(100, 200), (120, 150)], [(0, 100), (200, 600)]),
        ([(0, 100), (129, 600)], []),
        ([(0, 100), (130, 600)], [(100, 130)]),
        ([(700, 800)], [(0, 600)]),
    ],
)
def test_gaps(covered, unknown) -> None:
    assert rules.gaps(span(0, 600), [span(*each) for each in covered]) == [span(*each) for each in unknown]


@given(st.lists(st.tuples(st.integers(-50, 250), st.integers(1, 90)), max_size=8))
def test_no_minute_is_both_known_and_unknown(stays) -> None:
    """Each minute that nobody covers lies in a gap, or in a hole too short to ask about."""
    covered = [span(first, first + long) for first, long in stays]
    found = rules.gaps(span(0, 200), covered, least=MINUTE)
    for minute in range(200):
        at = START + minute * MINUTE
        there = any(each.start <= at < each.end for each in covered)
        assert there != any(each.start <= at < each.end for each in found)


def test_the_days_of_a_window_are_the_provinces() -> None:
    evening = clock.midnight(date(2021, 5, 15)) - timedelta(hours=1)
    days = rules.days_of(Span(evening, evening + timedelta(hours=2)))
    assert days == [date(2021, 5, 14), date(2021, 5, 15)]
    midnight = clock.midnight(date(2021, 5, 15))
    assert rules.days_of(Span(evening, midnight)) == [date(2021, 5, 14)]
    assert rules.days_of(Span(midnight, midnight)) == []


@pytest.mark.parametrize(
    ("kind", "people", "proposed"),
    [
        ("market", 0, True), ("", 0, True), ("bus", 3, True), ("line", 19, False), ("line", 20, True),
        ("household", 50, False), ("company", 900, False), ("room", 30, False),
    ],
)  # fmt: skip
def test_what_is_worth_a_milestone(kind, people, proposed) -> None:
    assert rules.is_milestone(kind, people) is proposed


def test_two_stays_near_in_time_are_one() -> None:
    assert rules.joined(span(0, 60), span(180, 200)) == span(0, 200)
    assert rules.joined(span(180, 200), span(0, 60)) == span(0, 200)
    assert rules.joined(span(0, 60), span(181, 200)) is None


def test_a_milestone_goes_one_way_and_back() -> None:
    for way in (
        ("draft", "sent"),
        ("sent", "traced"),
        ("traced", "closed"),
        ("sent", "draft"),
        ("closed", "draft"),
    ):
        assert rules.may_become(*way)
    for none in (("draft", "traced"), ("closed", "sent"), ("draft", "draft")):
        assert not rules.may_become(*none)


def test_every_step_but_the_calendar_asks_something() -> None:
    assert {question.step for question in rules.QUESTIONS.values()} == set(rules.Step)
    assert [question.name for question in rules.questions_of(rules.Step.SOURCE)] == [
        "source_known",
        "source_words",
    ]
