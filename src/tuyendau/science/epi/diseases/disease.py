"""A disease, asked by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

from tuyendau.science.epi.diseases.parts import (
    Criterion,
    Dated,
    Definition,
    Form,
    Group,
    Incubation,
    Named,
    Reference,
    SerialInterval,
    TestKind,
    Words,
    in_force,
)
from tuyendau.science.epi.parameters import Parameters
from tuyendau.science.epi.policy import ContactPolicy


@dataclass(frozen=True, eq=False)
class Disease:
    """Everything that the program knows of a disease; see `data/diseases/*.json`, of which `record` is the whole.

    A date before the first rule of a kind falls under that first rule.
    """

    code: str
    name: Words
    icd10: str
    agent: Words
    groups: tuple[Dated[Group], ...]
    reference: Reference
    lookback: tuple[Dated[int], ...]
    infectious_after: tuple[Dated[int | None], ...]
    incubation: Incubation
    serial_interval: SerialInterval
    policies: tuple[Dated[str], ...]
    symptoms: tuple[Named, ...]
    specimens: tuple[Named, ...]
    tests: tuple[TestKind, ...]
    criteria: tuple[Criterion, ...]
    all_definitions: tuple[Dated[tuple[Definition, ...]], ...]
    form: Form
    parameters: Parameters
    record: dict[str, Any]

    def group(self, on: date) -> str:
        """The group of the law on a day: "A", "B" or "C"."""
        return in_force(self.groups, on).value.letter

    def report_within_hours(self, on: date) -> int:
        """Within how many hours a case is to be reported, by the rule in force on a day."""
        return in_force(self.groups, on).value.report_within_hours

    def lookback_days(self, on: date) -> int:
        """Days before the reference day from which a case counts as infectious, by the rule in force on a day."""
        return in_force(self.lookback, on).value

    def infectious_until(self, reference: date) -> date | None:
        """The last infectious day of a case by its reference day; None where only isolation ends it."""
        after = in_force(self.infectious_after, reference).value
        return None if after is None else reference + timedelta(days=after)

    def policy(self, on: date) -> ContactPolicy:
        """The contact policy in force on a day."""
        return ContactPolicy.bundled(in_force(self.policies, on).value)

    def definitions(self, on: date) -> tuple[Definition, ...]:
        """The case definitions in force on a day, by status, from suspected to confirmed."""
        return in_force(self.all_definitions, on).value

    def reference_days(
        self, onset: date | None, symptoms: Mapping[str, date | None]
    ) -> tuple[date, date] | None:
        """The earliest and the latest day that may be the reference day; None without any symptom dated.

        onset: the first symptom of any kind; symptoms: first day by code, None where not known.
        """
        wanted = self.reference.symptom
        if wanted is not None and (known := symptoms.get(wanted)) is not None:
            return known, known
        first = onset or min((day for day in symptoms.values() if day is not None), default=None)
        if first is None:
            return None
        least, most = self.reference.after_onset
        return first + timedelta(days=least), first + timedelta(days=most)

    def test(self, code: str) -> TestKind:
        """The kind of test of a code; KeyError naming the known ones."""
        return _of(self.tests, code)

    def symptom(self, code: str) -> Named:
        """The symptom of a code; KeyError naming the known ones."""
        return _of(self.symptoms, code)

    def specimen(self, code: str) -> Named:
        """The specimen of a code; KeyError naming the known ones."""
        return _of(self.specimens, code)

    def criterion(self, code: str) -> Criterion:
        """The criterion of a code; KeyError naming the known ones."""
        return _of(self.criteria, code)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=_Coded)


def _of(things: tuple[C, ...], code: str) -> C:
    for thing in things:
        if thing.code == code:
            return thing
    raise KeyError(f"{code!r} is none of {', '.join(thing.code for thing in things)}")
