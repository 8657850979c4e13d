"""The steps of an interview in their order, and what each asks beside the calendar and the people named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The steps, in order."""

    IDENTITY = "identity"
    ILLNESS = "illness"
    PLACES = "places"
    PEOPLE = "people"
    SOURCE = "source"
    FINISH = "finish"


class Kind(StrEnum):
    """What an answer is: CHOICE a code, DAY an ISO date, COUNT a number, MANY codes parted by commas."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    DAY = "day"
    COUNT = "count"
    PHONE = "phone"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Question:
    """A question by its stable name, at which step it is asked, and what its answer is."""

    name: str
    step: Step
    kind: Kind


QUESTIONS: dict[str, Question] = {
    name: Question(name, step, kind)
    for name, step, kind in (
        ("told_by", Step.IDENTITY, Kind.CHOICE),
        ("way", Step.IDENTITY, Kind.CHOICE),
        ("identity", Step.IDENTITY, Kind.CHOICE),
        ("identity_words", Step.IDENTITY, Kind.TEXT),
        ("phone", Step.IDENTITY, Kind.PHONE),
        ("address", Step.IDENTITY, Kind.TEXT),
        ("work", Step.IDENTITY, Kind.TEXT),
        ("ill", Step.ILLNESS, Kind.CHOICE),
        ("onset_on", Step.ILLNESS, Kind.DAY),
        ("symptoms", Step.ILLNESS, Kind.MANY),
        ("illness_words", Step.ILLNESS, Kind.LONG),
        ("conditions", Step.ILLNESS, Kind.TEXT),
        ("doses", Step.ILLNESS, Kind.CHOICE),
        ("last_dose_on", Step.ILLNESS, Kind.DAY),
        ("vaccine", Step.ILLNESS, Kind.TEXT),
        ("travelled", Step.PLACES, Kind.CHOICE),
        ("travel_words", Step.PLACES, Kind.LONG),
        ("household", Step.PEOPLE, Kind.COUNT),
        ("people_words", Step.PEOPLE, Kind.LONG),
        ("source_known", Step.SOURCE, Kind.CHOICE),
        ("source_words", Step.SOURCE, Kind.LONG),
        ("remarks", Step.FINISH, Kind.LONG),
    )
}
"""Every question, in the order of asking."""


def questions_of(step: Step) -> list[Question]:
    """The questions of one step, in their order."""
    return [question for question in QUESTIONS.values() if question.step is step]
