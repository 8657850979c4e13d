"""What laboratories and doctors found of patients, and how they stand to the criteria of discharge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from tuyendau.core.acting import as_program
from tuyendau.lib import clock
from tuyendau.records.cases.models import Result, TestResult
from tuyendau.response.care.models import Assessment, Stay, StayState
from tuyendau.response.care.rules import discharge
from tuyendau.response.care.rules.severity import ASSESSED_EVERY
from tuyendau.science.epi.diseases import DiseaseError, disease

_DEFINITE = (Result.POSITIVE, Result.NEGATIVE)


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest result of a person that stands."""

    sample: str
    test: str
    result: str
    ct: float | None
    taken_at: datetime
    resulted_at: datetime


@as_program()
def latest_results(people: Iterable[int]) -> dict[int, Latest]:
    """The latest result of people (row ids), by when the sample was taken; invalid ones are passed over."""
    stands = TestResult.objects.filter(
        sample__person__id__any_of=list(set(people)), corrected_by=None
    ).exclude(result=Result.INVALID)
    rows = stands.select_related("sample").order_by("sample__taken_at", "resulted_at", "pk")
    return {
        row.sample.person_id: Latest(
            row.sample.public_id, row.test, row.result, float(row.ct) if row.ct is not None else None,
            row.sample.taken_at, row.resulted_at,
        )
        for row in rows
    }  # fmt: skip


@as_program()
def courses(stays: Sequence[Stay]) -> dict[int, discharge.Course]:
    """What is known of the patients of stays under treatment, by the stay's row id. Three queries."""
    cases = {stay.case_id for stay in stays if stay.case_id}
    people = {stay.person_id for stay in stays}
    own = Stay.objects.filter(case__in=cases).exclude(state=StayState.CANCELLED)
    began = dict(own.values_list("case").annotate(first=Min("began_at")))
    levels: defaultdict[int, list[tuple[datetime, str]]] = defaultdict(list)
    stands = Assessment.objects.filter(stay__case__in=cases, corrected_by=None)
    for case, at, level in stands.values_list("stay__case", "at", "level"):
        levels[case].append((at, level))
    samples = _samples(people)
    return {
        stay.pk: discharge.Course(
            began.get(stay.case_id, stay.began_at), samples[stay.person_id], levels[stay.case_id]
        )
        for stay in stays
        if stay.case_id
    }


def _samples(people: Iterable[int]) -> defaultdict[int, list[discharge.Sampled]]:
    """The samples of people that were examined by RT-PCR: tests that give a Ct."""
    found: defaultdict[int, list[discharge.Sampled]] = defaultdict(list)
    stands = TestResult.objects.filter(
        sample__person__id__any_of=list(people), corrected_by=None, result__in=_DEFINITE
    )
    rows = stands.order_by("sample__taken_at", "resulted_at").values_list(
        "sample__person", "sample__disease", "test", "sample__taken_at", "result", "ct"
    )
    for person, of, test, taken_at, result, ct in rows:
        if _is_pcr(of, test):
            value = float(ct) if ct is not None else None
            found[person].append(discharge.Sampled(taken_at, result == Result.POSITIVE, value))
    return found


def _is_pcr(of: str, test: str) -> bool:
    try:
        return disease(of).test(test).ct is not None
    except (DiseaseError, KeyError):
        return False


@dataclass(frozen=True, slots=True)
class Guided:
    """The text in force for a patient, and how they stand to its criteria."""

    text: discharge.Guidance
    findings: list[discharge.Finding]

    @property
    def met(self) -> bool:
        """Whether every criterion is known to be met."""
        return all(each.met for each in self.findings)


def guided(stay: Stay, course: discharge.Course, now: datetime) -> Guided | None:
    """What the text in force says of the patient of a stay; None for contacts, and where no text is known."""
    if stay.case is None:
        return None
    symptoms = discharge.had_symptoms(course, onset=stay.case.onset_on is not None)
    text = discharge.guidance_on(stay.case.disease, clock.local_day(now), symptoms=symptoms)
    return Guided(text, discharge.findings(text, course, now)) if text else None


@as_program()
def ready(stays: Iterable[Stay], now: datetime) -> list[int]:
    """The row ids of those of `stays` (with their case) whose patient meets every criterion."""
    treated = [stay for stay in stays if stay.case_id]
    known = courses(treated)
    found = {stay.pk: guided(stay, known[stay.pk], now) for stay in treated}
    return [pk for pk, each in found.items() if each is not None and each.met]


def late(now: datetime) -> Q:
    """The condition that the patient of a stay is to be assessed again by `now`."""
    condition = Q(severity="", began_at__lt=now - ASSESSED_EVERY[None])
    for level, hours in ASSESSED_EVERY.items():
        if level is not None:
            condition |= Q(severity=level.value, assessed_at__lt=now - hours)
    return Q(state=StayState.PRESENT, case__isnull=False) & condition
