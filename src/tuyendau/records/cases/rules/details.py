"""Answers to the form of a disease: reading what is stored, checking what is entered. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from tuyendau.science.epi.diseases import Disease, Facts, Field

EARLIEST_DOSE = date(1950, 1, 1)
EARLIEST = date(2000, 1, 1)
SYMPTOMS = "symptoms"


class AnswerFault(StrEnum):
    """What may be wrong with an answer."""

    UNKNOWN = "unknown"
    NOT_OFFERED = "not_offered"
    NO_DATE = "no_date"
    NO_NUMBER = "no_number"
    FUTURE = "future"
    TOO_EARLY = "too_early"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Details:
    """The answers of a case: first day by code of symptom (None: not known), answers by code of question."""

    symptoms: dict[str, date | None] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    def facts(self, positive: frozenset[str] = frozenset()) -> Facts:
        """What a case definition is measured against; `positive` are the tests that were positive."""
        return Facts(frozenset(self.symptoms), self.answers, positive)


def read(details: Mapping[str, Any]) -> Details:
    """The answers as a case stores them."""
    symptoms = dict(details.get(SYMPTOMS) or {})
    return Details(
        {code: date.fromisoformat(day) if day else None for code, day in symptoms.items()},
        {code: answer for code, answer in details.items() if code != SYMPTOMS},
    )


def stored(details: Details) -> dict[str, Any]:
    """The answers as JSON: days in ISO, empty answers left out."""
    answers = {
        code: answer.isoformat() if isinstance(answer, date) else answer
        for code, answer in details.answers.items()
        if answer not in (None, "", [])
    }
    symptoms = {code: day.isoformat() if day else None for code, day in details.symptoms.items()}
    return answers | ({SYMPTOMS: symptoms} if symptoms else {})


def faults_of(disease: Disease, details: Details, today: date) -> dict[str, AnswerFault]:
    """What is wrong with answers as given on `today`, by code of question, or "symptom_<code>"."""
    known = {each.code for each in disease.symptoms}
    found: dict[str, AnswerFault] = {}
    for code, day in details.symptoms.items():
        if code not in known:
            found[f"symptom_{code}"] = AnswerFault.UNKNOWN
        elif day is not None and day > today:
            found[f"symptom_{code}"] = AnswerFault.FUTURE
        elif day is not None and day < EARLIEST:
            found[f"symptom_{code}"] = AnswerFault.TOO_EARLY
    for code, answer in details.answers.items():
        question = disease.form.field(code)
        if question is None:
            found[code] = AnswerFault.UNKNOWN
        elif answer not in (None, "", []) and (fault := _fault(question, answer, today)):
            found[code] = fault
    return found


def _fault(question: Field, answer: Any, today: date) -> AnswerFault | None:
    if question.kind in ("choice", "yesno"):
        offered = [c.code for c in question.choices] or ["yes", "no", "unknown"]
        return None if answer in offered else AnswerFault.NOT_OFFERED
    if question.kind == "choices":
        offered = [c.code for c in question.choices]
        fine = isinstance(answer, list) and all(each in offered for each in answer)
        return None if fine else AnswerFault.NOT_OFFERED
    if question.kind == "date":
        return _date_fault(answer, today)
    if question.kind == "number":
        if isinstance(answer, bool) or not isinstance(answer, int):
            return AnswerFault.NO_NUMBER
        inside = (question.least or 0) <= answer <= (10_000 if question.most is None else question.most)
        return None if inside else AnswerFault.OUT_OF_RANGE
    return AnswerFault.TOO_LONG if len(str(answer)) > (question.longest or 200) else None


def _date_fault(answer: Any, today: date) -> AnswerFault | None:
    try:
        day = answer if isinstance(answer, date) else date.fromisoformat(answer)
    except (TypeError, ValueError):
        return AnswerFault.NO_DATE
    if day > today:
        return AnswerFault.FUTURE
    return AnswerFault.TOO_EARLY if day < EARLIEST_DOSE else None
