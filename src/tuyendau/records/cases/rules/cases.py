"""How a case may change. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tuyendau.science.epi.diseases import Disease


class Status(StrEnum):
    """Classification of a case."""

    SUSPECTED = "suspected"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


# Which classification may follow which. A confirmed case never falls back to a lesser one by a later negative test;
# one confirmed by mistake is discarded, and reopened as suspected.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.SUSPECTED: frozenset({Status.PROBABLE, Status.CONFIRMED, Status.DISCARDED}),
    Status.PROBABLE: frozenset({Status.CONFIRMED, Status.DISCARDED}),
    Status.CONFIRMED: frozenset({Status.DISCARDED}),
    Status.DISCARDED: frozenset({Status.SUSPECTED}),
}


def may_become(now: Status, then: Status) -> bool:
    """Whether a case that is `now` may be classified `then`."""
    return then in TRANSITIONS[now]


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a case, each None where not known."""

    onset: date | None
    sampled: date | None
    result: date | None
    reported: date
    outcome: date | None = None


EARLIEST = date(2000, 1, 1)
LONGEST_ILLNESS = timedelta(days=366)
"""A day longer than this before another of the same case is a slip of the year."""


class DateFault(StrEnum):
    """Dates that cannot all be true."""

    ONSET_FUTURE = "onset_future"
    SAMPLED_FUTURE = "sampled_future"
    RESULT_FUTURE = "result_future"
    REPORTED_FUTURE = "reported_future"
    OUTCOME_FUTURE = "outcome_future"
    ONSET_TOO_EARLY = "onset_too_early"
    SAMPLED_TOO_EARLY = "sampled_too_early"
    RESULT_TOO_EARLY = "result_too_early"
    REPORTED_TOO_EARLY = "reported_too_early"
    OUTCOME_TOO_EARLY = "outcome_too_early"
    RESULT_BEFORE_SAMPLE = "result_before_sample"
    OUTCOME_BEFORE_ONSET = "outcome_before_onset"


def faults_of(dates: Dates, today: date) -> dict[str, DateFault]:
    """The faults of a case's dates as entered on `today`, by name of the date; of each the first."""
    days = {
        "onset": dates.onset,
        "sampled": dates.sampled,
        "result": dates.result,
        "reported": dates.reported,
        "outcome": dates.outcome,
    }
    found: dict[str, DateFault] = {}
    latest = max((day for day in (dates.sampled, dates.result) if day is not None), default=None)
    for name, day in days.items():
        of_illness = name != "reported" and latest is not None
        earliest = max(EARLIEST, latest - LONGEST_ILLNESS) if of_illness and latest else EARLIEST
        if day is not None and day > today:
            found[name] = DateFault(f"{name}_future")
        elif day is not None and day < earliest:
            found[name] = DateFault(f"{name}_too_early")
    if dates.result is not None and dates.sampled is not None and dates.result < dates.sampled:
        found.setdefault("result", DateFault.RESULT_BEFORE_SAMPLE)
    if dates.outcome is not None and dates.onset is not None and dates.outcome < dates.onset:
        found.setdefault("outcome", DateFault.OUTCOME_BEFORE_ONSET)
    return found


def fault_of(dates: Dates, today: date) -> DateFault | None:
    """The first fault of a case's dates as entered on `today`, if any."""
    return next(iter(faults_of(dates, today).values()), None)


def reference_day(dates: Dates) -> date:
    """The day around which a case's presence is looked at: onset, else the first sample, the result, the report."""
    return dates.onset or dates.sampled or dates.result or dates.reported


def reference_days(
    disease: Disease, dates: Dates, symptoms: Mapping[str, date | None] | None = None
) -> tuple[date, date]:
    """The earliest and the latest day from which infectiousness may count: mostly one and the same.

    By the disease's own rule, such as the rash of measles; without symptoms the sample, the result or the report.
    """
    by_symptoms = disease.reference_days(dates.onset, symptoms or {})
    if by_symptoms is not None:
        return by_symptoms
    known = dates.sampled or dates.result or dates.reported
    return known, known
