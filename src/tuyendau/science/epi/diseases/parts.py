"""What a disease is made of. Every part that states a figure carries its source and how far it is verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
Words = dict[str, str]
"""A text by language: `vi` and `en`."""


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value in force from a day on, until the next one of its list."""

    effective_from: date
    value: T
    source: str
    verified: str


def in_force(entries: Sequence[Dated[T]], on: date) -> Dated[T]:
    """The entry in force on a day; for a day before the first, the first: an outbreak is older than its rules."""
    begun = [entry for entry in entries if entry.effective_from <= on]
    return begun[-1] if begun else entries[0]


@dataclass(frozen=True, slots=True)
class Named:
    """A word of the disease's own, such as a symptom: its code in the data, its name in both languages."""

    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class Group:
    """The group of the law, A, B or C, and the hours within which a case of it is to be reported."""

    letter: str
    report_within_hours: int


@dataclass(frozen=True, slots=True)
class Reference:
    """From which day the infectious period counts.

    symptom: the symptom whose first day it is, such as the rash of measles; None for the first symptom of any kind.
    after_onset: where that day is not known, it lies from so many to so many days after the first symptom.
    """

    symptom: str | None
    after_onset: tuple[int, int]
    text: Words
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class Incubation:
    """Days from infection to the reference day: the least, the most and the mean."""

    least: int
    most: int
    mean: float
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class SerialInterval:
    """Days from the onset of a case to that of whom it infected: mean and deviation; low and high are other means."""

    mean: float
    sd: float
    low: float
    high: float
    source: str
    verified: str


class Meaning(StrEnum):
    """What a positive result of a kind of test makes of a person."""

    CONFIRMS = "confirms"
    PROBABLE = "probable"
    SUSPECTS = "suspects"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Ct:
    """The cycle threshold of a PCR: what a machine can report, and from what on a person is little infectious."""

    least: float
    most: float
    low: float | None
    text: Words
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class TestKind:
    """A kind of test: on which specimens, what its positive means by date, what a negative does not mean."""

    __test__ = False  # not a test of ours

    code: str
    name: Words
    specimens: tuple[str, ...]
    positive: tuple[Dated[Meaning], ...]
    negative: Words
    ct: Ct | None
    source: str
    verified: str

    def means(self, on: date) -> Meaning:
        """What a positive result means of a sample taken on a day."""
        return in_force(self.positive, on).value


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of a case definition: enough of some symptoms, one of some answers, or a positive test."""

    code: str
    text: Words
    source: str
    verified: str
    symptoms: tuple[str, ...] = ()
    least: int = 1
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    positive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """What makes a case suspected, probable or confirmed: all criteria of any one of the `ways`."""

    status: str
    text: Words
    ways: tuple[tuple[str, ...], ...]
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class Field:
    """A question of the case form. kind: choice, choices, yesno, date, number or text; the rest bounds the answer."""

    code: str
    kind: str
    name: Words
    section: str
    choices: tuple[Named, ...] = ()
    least: int | None = None
    most: int | None = None
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The case form of a disease, beside its symptoms: sections in order, and the questions of each."""

    sections: tuple[Named, ...]
    fields: tuple[Field, ...]

    def field(self, code: str) -> Field | None:
        """The question of a code, if the form asks it."""
        return next((each for each in self.fields if each.code == code), None)
