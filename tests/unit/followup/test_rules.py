"""Days of a follow-up as tables: last day and extension, lost, levels, who is handed to whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tuyendau.records.followup import rules
from tuyendau.records.followup.rules import CheckFault, DayState, Entry, Result

ZERO = date(2020, 7, 5)
LAST = date(2020, 7, 19)


def on(day: int, result: Result, *, tested: bool = False, hour: int = 8) -> Entry:
    moment = datetime(2020, 7, 5, hour, tzinfo=UTC) + timedelta(days=day)
    return Entry(ZERO + timedelta(days=day), moment, result, tested)


W, S, N, R, M = (
    Result.WELL,
    Result.SYMPTOMATIC,
    Result.NOT_REACHED,
    Result.REFUSED,
    Result.MOVED,
)


@pytest.mark.parametrize(
    ("checks", "today", "last", "closes"),
    [
        # Seen well on day 14, the last: followed on 19 July, not on the 20th.
        ([on(14, W)], date(2020, 7, 19), LAST, False),
        ([on(14, W)], date(2020, 7, 20), LAST, True),
        # Not seen on the last day: one more day, each day anew, a week at most.
        ([on(13, W)], date(2020, 7, 19), LAST, False),
        ([on(13, W)], date(2020, 7, 20), date(2020, 7, 20), False),
        ([on(13, W)], date(2020, 7, 22), date(2020, 7, 22), False),
        ([on(13, W)], date(2020, 8, 22), date(2020, 7, 26), False),
        # Uncooperative on the last day, then seen.
        ([on(14, R)], date(2020, 7, 20), date(2020, 7, 20), False),
        ([on(14, N)], date(2020, 7, 20), date(2020, 7, 20), False),
        ([on(14, M)], date(2020, 7, 20), date(2020, 7, 20), False),
        ([on(14, R), on(15, W)], date(2020, 7, 21), LAST, True),
        # Symptoms without a test keep it open; a test on the day, or later, closes it; one before does not.
        ([on(14, S)], date(2020, 7, 20), date(2020, 7, 20), False),
        ([on(14, S, tested=True)], date(2020, 7, 20), LAST, True),
        ([on(12, S), on(14, W)], date(2020, 7, 20), date(2020, 7, 20), False),
        ([on(12, S), on(13, W, tested=True), on(14, W)], date(2020, 7, 20), LAST, True),
        ([on(11, W, tested=True), on(12, S), on(14, W)], date(2020, 7, 20), date(2020, 7, 20), False),
        ([], date(2020, 7, 20), date(2020, 7, 20), False),
    ],
)
def test_the_last_day(checks: list[Entry], today: date, last: date, closes: bool) -> None:
    found = rules.summary(checks)
    assert rules.last_day(LAST, found, today, 7) == last
    assert rules.may_close(LAST, found, today) is closes


@pytest.mark.parametrize(
    ("checks", "unreached", "lost"),
    [
        ([], 0, False),
        ([on(3, N)], 1, False),
        # Twice in vain on one day is one day.
        ([on(3, N), on(3, N, hour=15)], 1, False),
        ([on(3, N), on(4, N)], 2, True),
        # A day on which nobody tried is not the person's.
        ([on(3, N), on(5, N)], 2, True),
        ([on(3, N), on(4, W), on(5, N)], 1, False),
        ([on(3, N), on(4, N), on(5, W)], 0, False),
        # Not reached in the morning, seen in the afternoon of the same day.
        ([on(3, N), on(3, W, hour=15)], 0, False),
        ([on(3, R), on(4, R)], 2, True),
    ],
)
def test_lost_after_two_days_in_vain(checks: list[Entry], unreached: int, lost: bool) -> None:
    found = rules.summary(checks)
    assert found.unreached == unreached
    assert rules.is_lost(found, 2) is lost


def test_several_checks_a_day_are_counted() -> None:
    found = rules.summary([on(3, W), on(3, W, hour=15), on(2, W)])
    assert (found.reached_on, found.times) == (date(2020, 7, 8), 2)


def test_the_grid_shows_each_day_with_its_gravest_answer() -> None:
    checks = [on(2, W), on(3, N), on(3, W, hour=15), on(4, W), on(4, S, hour=15), on(6, R)]
    states = rules.day_states(ZERO, date(2020, 7, 6), LAST, checks, date(2020, 7, 12))
    assert [state for _day, state in states] == [
        DayState.BEFORE, DayState.MISSED, DayState.WELL, DayState.WELL, DayState.SYMPTOMATIC, DayState.MISSED,
        DayState.REFUSED, DayState.DUE, *[DayState.AHEAD] * 7,
    ]  # fmt: skip
    assert (states[0][0], states[-1][0]) == (ZERO, LAST)


@pytest.mark.parametrize(
    ("day", "result", "symptoms", "temperature", "fault"),
    [
        (date(2020, 7, 10), W, [], None, None),
        (date(2020, 7, 11), W, [], None, CheckFault.FUTURE),
        (date(2020, 7, 4), W, [], None, CheckFault.BEFORE),
        (date(2020, 7, 5), W, [], 36.6, None),
        (date(2020, 7, 10), S, [], None, CheckFault.NO_SYMPTOM),
        (date(2020, 7, 10), S, [], 38.4, None),
        (date(2020, 7, 10), S, ["cough"], None, None),
        (date(2020, 7, 10), W, [], 366.0, CheckFault.TEMPERATURE),
    ],
)
def test_what_a_check_may_say(
    day: date, result: Result, symptoms: list[str], temperature: float | None, fault: CheckFault | None
) -> None:
    assert (
        rules.fault_of_check(
            day=day,
            today=date(2020, 7, 10),
            day_zero=ZERO,
            result=result,
            symptoms=symptoms,
            temperature=temperature,
        )
        is fault
    )


def test_paper_of_more_than_a_week_ago_is_refused() -> None:
    fault = rules.fault_of_check(
        day=date(2020, 7, 6), today=date(2020, 7, 14), day_zero=ZERO, result=W, symptoms=[], temperature=None
    )
    assert fault is CheckFault.TOO_LATE


@pytest.mark.parametrize(("hours", "level"), [(0, 0), (23, 0), (24, 1), (47, 1), (48, 2), (400, 2)])
def test_the_next_level_answers_after_the_regimes_hours(hours: int, level: int) -> None:
    since = datetime(2021, 5, 20, 8, tzinfo=UTC)
    assert rules.level_now(since, since + timedelta(hours=hours), (24, 48)) == level
    assert rules.level_now(None, since, (24, 48)) == 0


def test_people_are_given_in_turn() -> None:
    assert rules.round_robin([5, 6, 7], [1, 2]) == {5: 1, 6: 2, 7: 1}
    with pytest.raises(ValueError, match="nobody"):
        rules.round_robin([5], [])


def test_a_place_is_walked_by_one_officer_and_all_have_about_as_many() -> None:
    people = (
        [(n, "/house/1/") for n in range(4)] + [(n, "/house/2/") for n in range(4, 7)] + [(7, ""), (8, "")]
    )
    given = rules.by_place(people, [10, 20])
    assert len({given[n] for n in range(4)}) == len({given[n] for n in range(4, 7)}) == 1
    counts = [list(given.values()).count(officer) for officer in (10, 20)]
    assert sum(counts) == 9
    assert max(counts) - min(counts) <= 1
