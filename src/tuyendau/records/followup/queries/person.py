"""One follow-up in full, and those of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tuyendau.access import Viewer
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import visible_cases
from tuyendau.records.followup import rules
from tuyendau.records.followup.models import Check, FollowUp
from tuyendau.records.followup.queries.reach import visible
from tuyendau.records.people.models import Person
from tuyendau.science.epi.regimes import Regime, day_number, regime


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the grid: which day it is, counted from 0, and what it was."""

    number: int
    day: date
    state: rules.DayState
    tests: bool


@dataclass(frozen=True, slots=True)
class InFull:
    """A follow-up with its regime, its grid, its checks and the cases that it is because of."""

    followup: FollowUp
    regime: Regime
    days: list[Day]
    checks: list[Check]
    cases: list[Case]
    hidden_cases: int
    monitor_until: date


def followup_by_public_id(viewer: Viewer, public_id: str) -> FollowUp:
    """The follow-up with its person. Raises `Denied`, and FollowUp.DoesNotExist also where it is out of reach."""
    found = visible(viewer).select_related(
        "person__unit", "site__parent", "officer", "case", "source_person", "ended_by", "alarm_answered_by"
    )
    return found.get(public_id=public_id)


def in_full(viewer: Viewer, followup: FollowUp, today: date) -> InFull:
    """Everything about a follow-up that the viewer may see; withdrawn checks stand among the others."""
    of = regime(followup.regime)
    checks = list(
        followup.checks.select_related("by", "withdrawn_by", "replaces").order_by("-day", "-at", "-id")
    )
    entries = [
        rules.Entry(c.day, c.at, rules.Result(c.result), c.tested) for c in checks if c.withdrawn_at is None
    ]
    tests = {followup.last_exposure.toordinal() + n for n in followup.tests}
    states = rules.day_states(followup.last_exposure, followup.began_on, followup.last_day, entries, today)
    days = [
        Day(day_number(followup.last_exposure, day), day, state, day.toordinal() in tests)
        for day, state in states
    ]
    sources = list(followup.sources.values_list("case", flat=True))
    cases = list(visible_cases(viewer).filter(pk__in=sources)) if sources else []
    return InFull(
        followup, of, days, checks, cases, len(sources) - len(cases), of.monitor_until(followup.last_exposure)
    )


def of_person(viewer: Viewer, person: Person) -> QuerySet[FollowUp]:
    """The follow-ups of a person, latest first. Raises `Denied`."""
    return (
        visible(viewer).filter(person=person).select_related("officer", "case").order_by("-began_on", "-id")
    )
