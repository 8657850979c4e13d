"""How a stay begins, goes on and ends. No Django."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum


class StayState(StrEnum):
    """Where a stay stands. DISCHARGED is of a case that is over, RELEASED of a quarantine that is over."""

    PRESENT = "present"
    DISCHARGED = "discharged"
    HOME = "home"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    DIED = "died"
    LEFT = "left"
    CANCELLED = "cancelled"


# A stay that was ended by mistake goes on again; not one after which the patient arrived elsewhere.
TRANSITIONS: dict[StayState, frozenset[StayState]] = {
    StayState.PRESENT: frozenset(set(StayState) - {StayState.PRESENT}),
    StayState.DISCHARGED: frozenset({StayState.PRESENT}),
    StayState.HOME: frozenset({StayState.PRESENT}),
    StayState.RELEASED: frozenset({StayState.PRESENT}),
    StayState.DIED: frozenset({StayState.PRESENT}),
    StayState.LEFT: frozenset({StayState.PRESENT}),
    StayState.TRANSFERRED: frozenset(),
    StayState.CANCELLED: frozenset(),
}
REOPENED = frozenset(state for state, after in TRANSITIONS.items() if StayState.PRESENT in after)
"""The ends that can be taken back."""


def may_become(now: StayState, then: StayState) -> bool:
    """Whether a stay that is `now` may become `then`."""
    return then in TRANSITIONS[now]


ENDINGS: dict[StayState, frozenset[bool]] = {
    StayState.DISCHARGED: frozenset({True}),
    StayState.RELEASED: frozenset({False}),
    StayState.HOME: frozenset({True, False}),
    StayState.LEFT: frozenset({True, False}),
    StayState.DIED: frozenset({True, False}),
}
"""The ends that somebody records, and of whom each is: True of a case under treatment, False of a contact."""


def endings_for(*, treated: bool) -> list[StayState]:
    """The ends that can be recorded of a case under treatment, or of a contact."""
    return [state for state, whom in ENDINGS.items() if treated in whom]


class Fault(StrEnum):
    """Times of a stay that cannot be true."""

    BEGIN_FUTURE = "begin_future"
    BEGIN_LONG_AGO = "begin_long_ago"
    END_FUTURE = "end_future"
    END_BEFORE_BEGIN = "end_before_begin"


CLOCKS_DIFFER = timedelta(minutes=10)
TYPED = timedelta(minutes=1)
"""Times are typed in minutes: what happened in the same one is not before the other."""
LONGEST_BACK = timedelta(days=120)
"""A stay that is recorded later than this is a slip of the month or the year."""


def fault_of_begin(began: datetime, now: datetime) -> Fault | None:
    """What is wrong with the begin of a stay that is recorded at `now`, if anything."""
    if began > now + CLOCKS_DIFFER:
        return Fault.BEGIN_FUTURE
    return Fault.BEGIN_LONG_AGO if began < now - LONGEST_BACK else None


def fault_of_end(began: datetime, ended: datetime, now: datetime) -> Fault | None:
    """What is wrong with the end of a stay that is recorded at `now`, if anything."""
    if ended > now + CLOCKS_DIFFER:
        return Fault.END_FUTURE
    return Fault.END_BEFORE_BEGIN if ended < began - TYPED else None


def day_of_illness(onset: date | None, sampled: date | None, today: date) -> int | None:
    """Which day of the illness `today` is, the day of onset being 1; without symptoms from the first sample.

    None where neither day is known, or `today` lies before it.
    """
    first = onset or sampled
    if first is None or today < first:
        return None
    return (today - first).days + 1
