"""The indicators of contact tracing: what each counts, and how its value comes of what is known. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import quantiles

from tuyendau.lib import clock
from tuyendau.science.epi.settings import GROUPS

WITHIN = timedelta(hours=24)
"""What is to happen of a case or a contact happens within so long."""


class Shape(StrEnum):
    """What a value is: a share in percent, a ratio of two counts, or the median of a number over cases."""

    SHARE = "share"
    RATIO = "ratio"
    MEDIAN = "median"


class Measure(StrEnum):
    """Unit of measure of a value."""

    PERCENT = "percent"
    DAYS = "days"
    CONTACTS = "contacts"
    INTERVIEWS = "interviews"


class Dated(StrEnum):
    """Which date puts what is counted into a window."""

    REPORT = "report"
    LISTING = "listing"
    DAY = "day"


class Goal(StrEnum):
    """Whether more is better."""

    HIGH = "high"
    LOW = "low"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator. `code` names it in addresses; `target` is that of its source, at least or at most by `goal`.

    `of_people` counts contacts, who stand where they live; else cases, which stand where they are counted.
    """

    code: str
    shape: Shape
    unit: Measure
    dated: Dated
    goal: Goal
    target: float | None = None
    of_people: bool = False


DEFINITIONS: dict[str, Definition] = {
    of.code: of
    for of in (
        Definition("reported", Shape.SHARE, Measure.PERCENT, Dated.REPORT, Goal.HIGH),
        Definition("interviewed", Shape.SHARE, Measure.PERCENT, Dated.REPORT, Goal.HIGH),
        Definition("quarantined", Shape.SHARE, Measure.PERCENT, Dated.LISTING, Goal.HIGH, of_people=True),
        Definition("followed", Shape.SHARE, Measure.PERCENT, Dated.DAY, Goal.HIGH, 80.0, of_people=True),
        Definition("no_contacts", Shape.SHARE, Measure.PERCENT, Dated.REPORT, Goal.LOW, 10.0),
        Definition("contacts", Shape.MEDIAN, Measure.CONTACTS, Dated.REPORT, Goal.NONE),
        Definition("known", Shape.SHARE, Measure.PERCENT, Dated.REPORT, Goal.HIGH, 80.0),
        Definition("apart", Shape.SHARE, Measure.PERCENT, Dated.REPORT, Goal.HIGH),
        Definition("unlinked", Shape.SHARE, Measure.PERCENT, Dated.REPORT, Goal.LOW, 20.0),
        Definition("interviews_needed", Shape.RATIO, Measure.INTERVIEWS, Dated.REPORT, Goal.LOW),
        Definition("onset_to_result", Shape.MEDIAN, Measure.DAYS, Dated.REPORT, Goal.LOW),
        Definition("result_to_interview", Shape.MEDIAN, Measure.DAYS, Dated.REPORT, Goal.LOW),
    )
}
"""Every indicator, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What was known of one confirmed case at a moment, as far as indicators ask.

    `entered_at` is when it came into the register, `sampled_at` when the sample of the day `sampled` was taken,
    `interviewed_at` when an interview was first finished. `contacts` are its close contacts. `known`: its person was
    in the contact list of another case when it was reported; `apart`: an order of quarantine bound them when they fell
    ill; `linked`: an earlier case is known from which it may come. `settings`: how many of its close contacts
    it met on each kind of occasion, as the last tracing by then found.
    """

    row: int
    reported: date
    onset: date | None = None
    sampled: date | None = None
    result: date | None = None
    entered_at: datetime | None = None
    sampled_at: datetime | None = None
    isolated_at: datetime | None = None
    contacts: int = 0
    known: bool = False
    apart: bool = False
    linked: bool = False
    interviewed_at: datetime | None = None
    settings: Mapping[str, int] = field(default_factory=dict)

    @property
    def reported_at(self) -> datetime | None:
        """The moment of the report, where it was entered on the day on which it was reported; else only the day is."""
        entered = self.entered_at
        return entered if entered is not None and clock.local_day(entered) == self.reported else None

    @property
    def due_by(self) -> datetime:
        """Until when it is to be interviewed and isolated: to the hour, or to the end of the day after its report."""
        if self.reported_at is not None:
            return self.reported_at + WITHIN
        return clock.midnight(self.reported + timedelta(days=2))

    @property
    def ill_on(self) -> date:
        """The day of its onset; without symptoms that of its sample, its result, its report."""
        return self.onset or self.sampled or self.result or self.reported


def reported_in_time(case: CaseFacts) -> bool | None:
    """Whether a case was reported within a day of its sample; None where no sample is known.

    Where one of the two is known only to the day, the day of the sample and the next are in time.
    """
    if case.sampled is None:
        return None
    if case.sampled_at is not None and case.reported_at is not None:
        return case.reported_at <= case.sampled_at + WITHIN
    return case.reported <= case.sampled + timedelta(days=1)


def interviewed_in_time(case: CaseFacts) -> bool:
    """Whether a case was interviewed and isolated within a day of its report."""
    return (
        case.interviewed_at is not None
        and case.interviewed_at <= case.due_by
        and case.isolated_at is not None
        and case.isolated_at <= case.due_by
    )


def onset_to_result(case: CaseFacts) -> int | None:
    """Days from first symptoms to the result that decided; None without either, or where it was found before them."""
    if case.onset is None or case.result is None or case.result < case.onset:
        return None
    return (case.result - case.onset).days


def result_to_interview(case: CaseFacts) -> int | None:
    """Days from the result to the first interview; 0 where it was held before; None while one is wanting."""
    if case.result is None or case.interviewed_at is None:
        return None
    return max(0, (clock.local_day(case.interviewed_at) - case.result).days)


@dataclass(frozen=True, slots=True)
class Tally:
    """A share or ratio over some cases or people, or a median: what is counted of how many.

    `waiting` are those whose time is not over yet, `unknown` those of whom a needed date is missing: neither is in the
    denominator. `low` and `high` are the quartiles of a median. `value` is None where nothing can be said.
    """

    numerator: float | None = None
    denominator: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    waiting: int = 0
    unknown: int = 0


def share(done: int, of: int, *, waiting: int = 0, unknown: int = 0) -> Tally:
    """A share in percent."""
    return Tally(done, of, 100.0 * done / of if of else None, waiting=waiting, unknown=unknown)


def ratio(over: int, under: int) -> Tally:
    """So many of one for each of another; None where there is none of the other."""
    return Tally(over, under, over / under if under else None)


def median(values: Sequence[int], *, unknown: int = 0) -> Tally:
    """The median with its quartiles, by linear interpolation between the ordered values."""
    if not values:
        return Tally(unknown=unknown)
    low, middle, high = (
        quantiles(values, n=4, method="inclusive") if len(values) > 1 else [float(values[0])] * 3
    )
    return Tally(None, len(values), middle, low, high, unknown=unknown)


def count_cases(code: str, cases: Iterable[CaseFacts], at: datetime) -> Tally:
    """An indicator over cases, as known at `at`. Raises `KeyError` for one that counts people."""
    held = list(cases)
    if code in _MEDIANS:
        values = [_MEDIANS[code](case) for case in held]
        there = [value for value in values if value is not None]
        return median(there, unknown=len(values) - len(there))
    answers = [verdict(code, case, at) for case in held]
    return share(
        answers.count(Verdict.COUNTED),
        answers.count(Verdict.COUNTED) + answers.count(Verdict.NOT),
        waiting=answers.count(Verdict.WAITING),
        unknown=answers.count(Verdict.UNKNOWN),
    )


def by_setting(cases: Iterable[CaseFacts]) -> dict[str, Tally]:
    """Contacts per case on each kind of occasion, over the cases that met anybody on it; of no kind where none did."""
    held = list(cases)
    found = {group: median([n for case in held if (n := case.settings.get(group, 0))]) for group in GROUPS}
    return {group: counted for group, counted in found.items() if counted.denominator}


class Verdict(StrEnum):
    """What an indicator makes of one case: in the numerator, in the denominator alone, or in neither."""

    COUNTED = "counted"
    NOT = "not"
    WAITING = "waiting"
    UNKNOWN = "unknown"


def verdict(code: str, case: CaseFacts, at: datetime) -> Verdict:
    """What a share makes of a case. Raises `KeyError` for an indicator that is no share over cases."""
    if code == "reported":
        in_time = reported_in_time(case)
        return Verdict.UNKNOWN if in_time is None else _told(in_time)
    if code == "interviewed":
        # Who was done in good time counts only with those who could have been: else the last hours look perfect.
        return Verdict.WAITING if case.due_by > at else _told(interviewed_in_time(case))
    return _told(
        {
            "no_contacts": case.contacts == 0,
            "known": case.known,
            "apart": case.apart,
            "unlinked": not case.linked,
        }[code]
    )


def missed(code: str, case: CaseFacts, at: datetime) -> bool:
    """Whether a case stands in the list behind an indicator: somebody has something to do about it."""
    if code == "result_to_interview":
        return case.interviewed_at is None
    if code == "onset_to_result":
        return case.result is None
    if code == "contacts":
        code = "no_contacts"
    if code == "interviews_needed":
        return case.interviewed_at is None
    wrong = Verdict.COUNTED if DEFINITIONS[code].goal is Goal.LOW else Verdict.NOT
    return verdict(code, case, at) is wrong


def meets(definition: Definition, value: float | None) -> bool | None:
    """Whether a value is as its source asks; None where there is no value or no target."""
    if value is None or definition.target is None:
        return None
    return value >= definition.target if definition.goal is Goal.HIGH else value <= definition.target


def _told(answer: bool) -> Verdict:
    return Verdict.COUNTED if answer else Verdict.NOT


_MEDIANS = {
    "contacts": lambda case: case.contacts,
    "onset_to_result": onset_to_result,
    "result_to_interview": result_to_interview,
}
