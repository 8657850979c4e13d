"""What an order of isolation or quarantine may say, and how it changes. No Django, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where an order stands. A signed one is never changed: it is lifted, or another one takes its place."""

    DRAFT = "draft"
    SIGNED = "signed"
    LIFTED = "lifted"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SIGNED, State.DROPPED}),
    State.SIGNED: frozenset({State.LIFTED, State.SUPERSEDED}),
    State.LIFTED: frozenset(),
    State.SUPERSEDED: frozenset(),
    State.DROPPED: frozenset(),
}


def may_become(now: State, then: State) -> bool:
    """Whether an order that is `now` may become `then`."""
    return then in TRANSITIONS[now]


class Kind(StrEnum):
    """ISOLATION is of cases, QUARANTINE of contacts."""

    ISOLATION = "isolation"
    QUARANTINE = "quarantine"


class Fault(StrEnum):
    """Why an order cannot stand as it is written."""

    ENDS_BEFORE_START = "ends_before_start"
    BEFORE_EXPOSURE = "before_exposure"
    TOO_LONG = "too_long"
    LONG_AGO = "long_ago"
    FAR_AHEAD = "far_ahead"
    NO_PLACE = "no_place"


LONGEST_DAYS = 60
"""An order of more days is a slip of the pen: no text in force asks for half as many."""
BACK_DAYS, AHEAD_DAYS = 30, 14


@dataclass(frozen=True, slots=True)
class Terms:
    """From when to when, both days whole, and what it rests on: the first day of exposure where it is of a contact."""

    starts_on: date
    ends_on: date
    exposed_on: date | None = None
    placed: bool = True


def fault_of(terms: Terms, today: date) -> Fault | None:
    """The first fault of an order as drafted on `today`, if any."""
    if terms.ends_on < terms.starts_on:
        return Fault.ENDS_BEFORE_START
    if terms.exposed_on is not None and terms.starts_on < terms.exposed_on:
        return Fault.BEFORE_EXPOSURE
    if (terms.ends_on - terms.starts_on).days + 1 > LONGEST_DAYS:
        return Fault.TOO_LONG
    if terms.starts_on < today - timedelta(days=BACK_DAYS):
        return Fault.LONG_AGO
    if terms.starts_on > today + timedelta(days=AHEAD_DAYS):
        return Fault.FAR_AHEAD
    if not terms.placed:
        return Fault.NO_PLACE
    return None


def over_from(ends_on: date) -> date:
    """The first day on which an order that runs its course is no longer in force."""
    return ends_on + timedelta(days=1)


def lifted_from(starts_on: date, ends_on: date, lifted_on: date) -> date:
    """The first day on which an order that was lifted on `lifted_on` is no longer in force: that day itself."""
    return max(starts_on, min(lifted_on, over_from(ends_on)))


def in_force(state: State, starts_on: date, over: date, day: date) -> bool:
    """Whether an order binds its person on `day`."""
    return state in (State.SIGNED, State.LIFTED) and starts_on <= day < over


def apart_since(periods: Iterable[tuple[date, date]], today: date) -> date | None:
    """From which day somebody is kept apart, by the [first day, day over from) of the orders that bound or bind them.

    Orders that follow each other without a day between are one time apart. None where none binds today or later.
    """
    begun: date | None = None
    until: date | None = None
    for start, over in sorted(period for period in periods if period[0] < period[1]):
        if until is None or start > until:
            if until is not None and until > today:
                break
            begun = start
        until = over if until is None else max(until, over)
    return begun if until is not None and until > today else None


def number_text(number: int, suffix: str) -> str:
    """A number as Vietnamese authorities write it: 123/QĐ-UBND; below ten with a nought in front."""
    return f"{number:02d}/{suffix}"


def days(starts_on: date, ends_on: date) -> int:
    """How many days an order runs, both whole."""
    return (ends_on - starts_on).days + 1
