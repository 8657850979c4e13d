"""How a follow-up runs: its states, what a day's answers make of it, when it ends. No Django, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum


class State(StrEnum):
    """Where a follow-up stands. OPEN and LOST are in force until it has ended."""

    OPEN = "open"
    LOST = "lost"
    COMPLETED = "completed"
    CONVERTED = "converted"
    CANCELLED = "cancelled"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.LOST, State.COMPLETED, State.CONVERTED, State.CANCELLED}),
    State.LOST: frozenset({State.OPEN, State.COMPLETED, State.CONVERTED, State.CANCELLED}),
    State.COMPLETED: frozenset(),
    State.CONVERTED: frozenset(),
    State.CANCELLED: frozenset(),
}


class Why(StrEnum):
    """Why a follow-up ended."""

    OVER = "over"
    UNANSWERED = "unanswered"
    BECAME_CASE = "became_case"
    TAKEN_BACK = "taken_back"
    SOURCE_NEGATIVE = "source_negative"
    BY_HAND = "by_hand"
    MERGED = "merged"


class Result(StrEnum):
    """What a check found."""

    WELL = "well"
    SYMPTOMATIC = "symptomatic"
    NOT_REACHED = "not_reached"
    REFUSED = "refused"
    MOVED = "moved"
    TESTED = "tested"


ANSWERS = frozenset({Result.WELL, Result.SYMPTOMATIC, Result.TESTED})
"""Results by which somebody was seen or spoken to and answered."""


class DayState(StrEnum):
    """One day of a follow-up, as the grid of a person shows it."""

    WELL = "well"
    SYMPTOMATIC = "symptomatic"
    NOT_REACHED = "not_reached"
    REFUSED = "refused"
    MOVED = "moved"
    MISSED = "missed"
    BEFORE = "before"
    DUE = "due"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Entry:
    """One check that stands: the day it counts for, when it was made, what it found."""

    day: date
    at: datetime
    result: Result
    tested: bool = False

    @property
    def answered(self) -> bool:
        """Whether the person was seen or spoken to and answered."""
        return self.result in ANSWERS


@dataclass(frozen=True, slots=True)
class Summary:
    """What all checks of a follow-up come to.

    `unreached` counts the days since the last answer on which somebody tried in vain; a day on which nobody tried is
    the team's failing and counts for nothing. `times` is how often there was an answer on `reached_on`.
    """

    checked_on: date | None = None
    result: Result | None = None
    reached_on: date | None = None
    times: int = 0
    unreached: int = 0
    tested_on: date | None = None
    symptomatic_on: date | None = None


def summary(entries: Iterable[Entry]) -> Summary:
    """The summary of the checks that stand."""
    made = sorted(entries, key=lambda entry: (entry.day, entry.at))
    if not made:
        return Summary()
    answered = [entry for entry in made if entry.answered]
    reached_on = answered[-1].day if answered else None
    tested = [entry.day for entry in made if entry.tested or entry.result is Result.TESTED]
    unwell = [entry.day for entry in made if entry.result is Result.SYMPTOMATIC]
    in_vain = {entry.day for entry in made if reached_on is None or entry.day > reached_on}
    return Summary(
        checked_on=made[-1].day,
        result=made[-1].result,
        reached_on=reached_on,
        times=sum(entry.day == reached_on for entry in answered),
        unreached=len(in_vain),
        tested_on=max(tested, default=None),
        symptomatic_on=max(unwell, default=None),
    )


def is_lost(found: Summary, lost_after_days: int) -> bool:
    """Whether somebody counts as lost: tried in vain on so many days since they last answered."""
    return found.unreached >= lost_after_days


def open_question(found: Summary, day: date) -> bool:
    """Whether the check of `day`, meant as the last, leaves a question open.

    So it does where nobody answered on that day or after it, and where symptoms were never followed by a test.
    """
    if found.reached_on is None or found.reached_on < day:
        return True
    untested = found.tested_on is None or (
        found.symptomatic_on is not None and found.tested_on < found.symptomatic_on
    )
    return found.symptomatic_on is not None and untested


def last_day(planned: date, found: Summary, today: date, extend_at_most: int) -> date:
    """The last day of follow-up as of `today`: the planned one, moved day by day while its check is wanting.

    Never beyond `extend_at_most` days after the planned one, and never beyond `today`.
    """
    if today <= planned or not open_question(found, planned):
        return planned
    return min(today, planned + timedelta(days=extend_at_most))


def may_close(planned: date, found: Summary, today: date) -> bool:
    """Whether the follow-up is over: its last day has passed and left no question open."""
    return today > planned and not open_question(found, planned)


def day_states(
    day_zero: date, began: date, last: date, entries: Sequence[Entry], today: date
) -> list[tuple[date, DayState]]:
    """Each day from day 0 to the last with its state. Of several checks on one day the gravest answer counts."""
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    days = [day_zero + timedelta(days=n) for n in range((last - day_zero).days + 1)]
    return [(day, _day_state(day, began, by_day, today)) for day in days]


_GRAVEST = (
    (Result.SYMPTOMATIC, DayState.SYMPTOMATIC),
    (Result.WELL, DayState.WELL),
    (Result.TESTED, DayState.WELL),
    (Result.REFUSED, DayState.REFUSED),
    (Result.MOVED, DayState.MOVED),
    (Result.NOT_REACHED, DayState.NOT_REACHED),
)


def _day_state(day: date, began: date, by_day: Mapping[date, list[Entry]], today: date) -> DayState:
    found = {entry.result for entry in by_day.get(day, ())}
    for result, state in _GRAVEST:
        if result in found:
            return state
    if day < began:
        return DayState.BEFORE
    if day > today:
        return DayState.AHEAD
    return DayState.DUE if day == today else DayState.MISSED


class Urgency(IntEnum):
    """Why somebody stands where they stand in the day's list; the lower, the sooner."""

    ALARM = 0
    SYMPTOMATIC = 1
    UNREACHED = 2
    MISSED = 3
    LAST_DAY = 4
    TEST = 5
    FIRST = 6
    USUAL = 7
    TRIED = 8
    DONE = 9


class CheckFault(StrEnum):
    """Why a check cannot be recorded."""

    FUTURE = "future"
    BEFORE = "before"
    TOO_LATE = "too_late"
    NO_SYMPTOM = "no_symptom"
    TEMPERATURE = "temperature"


LATEST_ENTRY_DAYS = 7
"""How many days back a check may be entered from paper."""
COLDEST, HOTTEST = 34.0, 43.0


def fault_of_check(
    *,
    day: date,
    today: date,
    day_zero: date,
    result: Result,
    symptoms: Sequence[str],
    temperature: float | None,
    note: str = "",
) -> CheckFault | None:
    """The first fault of a check as entered on `today`, if any. `temperature` is in °C."""
    if day > today:
        return CheckFault.FUTURE
    if day < day_zero:
        return CheckFault.BEFORE
    if (today - day).days > LATEST_ENTRY_DAYS:
        return CheckFault.TOO_LATE
    if temperature is not None and not COLDEST <= temperature <= HOTTEST:
        return CheckFault.TEMPERATURE
    if result is Result.SYMPTOMATIC and not symptoms and temperature is None and not note.strip():
        return CheckFault.NO_SYMPTOM
    return None


def level_now(since: datetime | None, at: datetime, hours: tuple[int, int]) -> int:
    """Who answers for somebody who is lost, or whose alarm nobody answered: 0 commune, 1 district, 2 province."""
    if since is None:
        return 0
    passed = at - since
    return sum(passed >= timedelta(hours=limit) for limit in hours)


def round_robin(people: Sequence[int], officers: Sequence[int]) -> dict[int, int]:
    """Officers by person, in turn and in the order given. Raises ValueError where there is no officer."""
    if not officers:
        raise ValueError("there is nobody to take them")
    return {person: officers[place % len(officers)] for place, person in enumerate(people)}


def by_place(people: Sequence[tuple[int, str]], officers: Sequence[int]) -> dict[int, int]:
    """Officers by person so that one place is walked by one officer, and all have about as many.

    `people` are (person, place); those of no known place are dealt out one by one. Raises ValueError as `round_robin`.
    """
    if not officers:
        raise ValueError("there is nobody to take them")
    groups: dict[str, list[int]] = {}
    for person, place in people:
        groups.setdefault(place or f"#{person}", []).append(person)
    load = dict.fromkeys(officers, 0)
    given: dict[int, int] = {}
    for _place, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        officer = min(load, key=lambda one: (load[one], officers.index(one)))
        load[officer] += len(members)
        given |= dict.fromkeys(members, officer)
    return given
