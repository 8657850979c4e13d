"""Finding the contacts of a case in all presence known now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from tuyendau.core.acting import as_program
from tuyendau.lib import clock
from tuyendau.records.cases import rules as case_rules
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts import rules
from tuyendau.records.contacts.models import Contact
from tuyendau.records.visits.queries import presence
from tuyendau.science.epi.diseases import disease
from tuyendau.science.tracing import (
    ContactPolicy,
    Contacts,
    Exposures,
    Grade,
    PresenceIndex,
    Sources,
    degrees,
    to_seconds,
)

# Somebody passed in a doorway is no contact under any policy; the policy decides on all that is longer.
LEAST_SECONDS = 60

NOTED_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Found:
    """What tracing a case found: contacts by grade and rank, the exposures that they rest on, how many F2 follow."""

    window: rules.Window
    policy: str
    parameters: dict[str, Any]
    contacts: Contacts
    exposures: Exposures
    f2_count: int


@dataclass(frozen=True, slots=True)
class Staleness:
    """How the stored list of a case differs from what tracing would find now, in persons.

    `changed` are those of another grade, or whose time together differs by a quarter of an hour or more: of a case
    that is still at large, minutes add up while one looks.
    """

    added: int
    removed: int
    changed: int


def window_of(case: Case, *, at: datetime) -> tuple[rules.Window, dict[str, Any]]:
    """The infectious window of a case as of `at` by the rules of its disease, and the parameters that it rests on."""
    of = disease(case.disease)
    first, last = case_rules.reference_days(
        of,
        case_rules.Dates(case.onset_on, case.sampled_on, case.result_on, case.reported_on),
        case_rules.details.read(case.details).symptoms,
    )
    lookback, until = of.lookback_days(first), of.infectious_until(last)
    used = {
        "disease": of.code,
        "reference": first.isoformat(),
        "reference_last": last.isoformat(),
        "lookback_days": lookback,
        "until": None if until is None else until.isoformat(),
        "symptoms": case.onset_on is not None,
    }
    window = rules.infectious_window(first, lookback, case.isolated_at, at, case.sampled_on, until)
    return window, used


def find(case: Case, *, at: datetime) -> Found:
    """Trace a case over its infectious window by its disease's contact policy in force, exact as of now.

    The engine's answer names no person twice and not the case's own. F2 are counted from when each close contact
    could have been infected until `rules.F1_DAYS` after its last exposure.
    """
    window, used = window_of(case, at=at)
    of = disease(case.disease)
    policy = of.policy(date.fromisoformat(used["reference"]))
    index = presence()
    sources = _sources(case, window, used)
    trace = index.trace(sources, policy, min_seconds=LEAST_SECONDS, worst=Grade.AROUND, epi=of.parameters)
    rows = np.isin(trace.exposures.contact, trace.contacts.contact)
    return Found(
        window,
        policy.id,
        used,
        trace.contacts,
        trace.exposures.take(rows),
        _count_f2(index, sources, policy, trace.contacts, at),
    )


def warm_up() -> None:
    """Open the segments and compile what tracing runs, so that the first case of a new process waits for neither."""
    index = presence()
    nobody = Sources.of([0], 0, 1, onset=0)
    index.trace(nobody, ContactPolicy.bundled(), min_seconds=LEAST_SECONDS, worst=Grade.AROUND)
    degrees(index, nobody, 2, ContactPolicy.bundled(), min_seconds=LEAST_SECONDS)


@as_program()
def staleness(case: Case, *, at: datetime) -> Staleness | None:
    """How the stored list differs from what presence says now; None where it does not, or the case has none."""
    if case.status != CaseStatus.CONFIRMED:
        return None
    window, used = window_of(case, at=at)
    of = disease(case.disease)
    now = presence().contacts(
        _sources(case, window, used),
        of.policy(date.fromisoformat(used["reference"])),
        min_seconds=LEAST_SECONDS,
        worst=Grade.AROUND,
        epi=of.parameters,
    )
    stored = {
        person: (grade, seconds)
        for person, grade, seconds in Contact.objects.filter(case=case)
        .exclude(traced_grade=None)
        .values_list("person_id", "traced_grade", "seconds")
    }
    current = {
        person: (grade, seconds)
        for person, grade, seconds in zip(
            now.contact.tolist(), now.grade.tolist(), now.seconds.tolist(), strict=True
        )
    }
    both = stored.keys() & current.keys()
    found = Staleness(
        added=len(current) - len(both),
        removed=len(stored) - len(both),
        changed=sum(_differs(stored[person], current[person]) for person in both),
    )
    return found if found.added or found.removed or found.changed else None


def _differs(one: tuple[int | None, int], other: tuple[int, int]) -> bool:
    """Whether two (grade, seconds) of a contact differ so that somebody would act on it."""
    return one[0] != other[0] or abs(one[1] - other[1]) >= NOTED_SECONDS


def _sources(case: Case, window: rules.Window, used: dict[str, Any]) -> Sources:
    """The case as the engine asks for it; where its reference day is one of several, the middle one."""
    first, last = (date.fromisoformat(used[name]) for name in ("reference", "reference_last"))
    reference = first + (last - first) // 2
    return Sources.of(
        [case.person_id],
        to_seconds(window.start),
        to_seconds(window.end),
        onset=to_seconds(clock.midnight(reference)),
    )


def _count_f2(
    index: PresenceIndex, sources: Sources, policy: ContactPolicy, found: Contacts, at: datetime
) -> int:
    """People at two steps: those whom a close contact met after the case, until it would be out of quarantine."""
    close = found.grade == Grade.CLOSE
    over = found.last[close].astype(np.int64) + rules.F1_DAYS * 86_400
    far = degrees(
        index,
        sources,
        2,
        policy,
        min_seconds=LEAST_SECONDS,
        until=to_seconds(at),
        quarantined=(found.contact[close], np.minimum(over, to_seconds(at))),
    )
    return int((far.degree == 2).sum())
