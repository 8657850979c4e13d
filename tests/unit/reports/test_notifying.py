"""When a case is to be reported, and where its report stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tuyendau.insight.reports.rules.notifying import (
    TEXTS,
    Standing,
    State,
    deadline,
    may_become,
    standing,
    text_on,
)

BEGUN = datetime(2021, 5, 20, 2, tzinfo=UTC)
UNTIL = BEGUN + timedelta(hours=24)


@pytest.mark.parametrize(
    ("disease", "day", "hours"),
    [
        ("covid19", date(2021, 5, 20), 24),
        ("covid19", date(2023, 10, 19), 24),
        ("covid19", date(2023, 10, 20), 48),
        ("measles", date(2025, 3, 1), 48),
    ],
)
def test_the_deadline_follows_the_group_of_the_disease_on_the_day(
    disease: str, day: date, hours: int
) -> None:
    assert deadline(disease, BEGUN, day) == BEGUN + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2015, 1, 1), "54/2015/TT-BYT"),
        (date(2021, 5, 20), "54/2015/TT-BYT"),
        (date(2026, 6, 30), "54/2015/TT-BYT"),
        (date(2026, 7, 1), "15/2026/TT-BYT"),
    ],
)
def test_the_text_in_force(day: date, number: str) -> None:
    assert text_on(day).number == number
    assert all(text.source and text.verified in ("yes", "partial", "memory") for text in TEXTS)


@pytest.mark.parametrize(
    ("state", "sent_of", "version", "hours", "expected"),
    [
        (None, 0, 1, 0, Standing.DUE),
        (None, 0, 1, 24, Standing.DUE),
        (None, 0, 1, 25, Standing.OVERDUE),
        (State.SENT, 1, 1, 99, Standing.SENT),
        (State.SENT, 1, 2, 1, Standing.CHANGED),
        (State.ACKNOWLEDGED, 1, 1, 1, Standing.ACKNOWLEDGED),
        (State.ACKNOWLEDGED, 1, 3, 1, Standing.CHANGED),
        (State.RETURNED, 1, 2, 1, Standing.RETURNED),
    ],
)
def test_where_a_duty_stands(
    state: State | None, sent_of: int, version: int, hours: int, expected: Standing
) -> None:
    at = BEGUN + timedelta(hours=hours)
    assert standing(state, sent_of=sent_of, version=version, deadline=UNTIL, at=at) is expected


def test_an_answer_is_given_once() -> None:
    assert may_become(State.SENT, State.RETURNED)
    assert not may_become(State.ACKNOWLEDGED, State.RETURNED)
