"""How a case's contact list is put together and ordered. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tuyendau.lib import clock
from tuyendau.science.epi import infectious_windows, to_datetime, to_seconds

# The widest window that is traced: visits are kept no longer than this, and an onset of years ago is a slip.
WIDEST_WINDOW = timedelta(days=62)


# How long after its last exposure an F1 counts as a source of F2: the quarantine of CV 5599/BYT-MT of 14 July 2021.
F1_DAYS = 14


@dataclass(frozen=True, slots=True)
class Window:
    """The infectious window [start, end) of a case; empty where it was isolated before it began."""

    start: datetime
    end: datetime

    @property
    def empty(self) -> bool:
        """Whether nothing can have happened in it."""
        return self.start >= self.end


def infectious_window(
    reference: date,
    lookback_days: int,
    isolated_at: datetime | None,
    at: datetime,
    sampled: date | None = None,
    last_day: date | None = None,
) -> Window:
    """From the day `lookback_days` before `reference` until isolation, or `at` where the case is still at large.

    A case that was positive before its symptoms was infectious on the day of that sample at the latest; one whose
    disease ends by itself, as measles does, no longer than until the end of `last_day`.
    """

    def noon(day: date) -> int:
        return to_seconds(clock.midnight(day)) + 43_200

    start, end = infectious_windows(
        noon(reference),
        to_seconds(min(isolated_at, at) if isolated_at is not None else at),
        lookback_days,
        sampled=None if sampled is None else noon(sampled),
        last_day=None if last_day is None else noon(last_day),
        longest=int(WIDEST_WINDOW.total_seconds()),
    )
    return Window(to_datetime(int(start)), to_datetime(int(end)))


@dataclass(frozen=True, slots=True)
class Listed:
    """What orders a contact in the list of one case."""

    person: int
    grade: int
    probability: float
    reported: bool


def ranks(contacts: Iterable[Listed]) -> dict[int, int]:
    """Rank by person, from 1: by grade; what somebody reported before what was computed; then by probability."""
    order = sorted(contacts, key=lambda c: (c.grade, not c.reported, -c.probability, c.person))
    return {contact.person: rank for rank, contact in enumerate(order, start=1)}


def grade_that_counts(traced: int | None, linked: int | None, judged: int | None) -> int | None:
    """What a person is to a case: what somebody decided, else the nearer of what tracing and people say.

    None where nobody and nothing says that they met.
    """
    if judged is not None:
        return judged
    return min((grade for grade in (traced, linked) if grade is not None), default=None)


def stays_listed(linked: int | None, judged: int | None, excluded: int) -> bool:
    """Whether a person stays in a case's list though tracing does not find them: because somebody says they met."""
    return linked is not None or (judged is not None and judged < excluded)
