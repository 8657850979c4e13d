"""Which criteria of a case definition are met, and what a case counts as by them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tuyendau.science.epi.diseases.disease import Disease
from tuyendau.science.epi.diseases.parts import Criterion, Definition


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person: codes of symptoms, answers by code of question, codes of tests that were positive."""

    symptoms: frozenset[str] = frozenset()
    answers: dict[str, Any] = field(default_factory=dict)
    positive: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands against one definition: met or not; the nearest way, what of it is met and what is missing."""

    definition: Definition
    met: bool
    way: tuple[Criterion, ...]
    missing: tuple[Criterion, ...]


def is_met(criterion: Criterion, facts: Facts) -> bool:
    """Whether the facts meet a criterion."""
    if criterion.symptoms and len(facts.symptoms & set(criterion.symptoms)) >= criterion.least:
        return True
    if any(facts.answers.get(code) in wanted for code, wanted in criterion.answers.items()):
        return True
    return bool(facts.positive & set(criterion.positive))


def criteria_met(disease: Disease, facts: Facts) -> frozenset[str]:
    """The codes of the criteria that the facts meet."""
    return frozenset(c.code for c in disease.criteria if is_met(c, facts))


def standing(disease: Disease, facts: Facts, on: date) -> tuple[Standing, ...]:
    """How a case stands against each definition in force on a day, in the order of the definitions."""
    met = criteria_met(disease, facts)
    found = []
    for definition in disease.definitions(on):
        nearest = min(definition.ways, key=lambda way: sum(code not in met for code in way))
        way = tuple(disease.criterion(code) for code in nearest)
        missing = tuple(c for c in way if c.code not in met)
        found.append(Standing(definition, not missing, way, missing))
    return tuple(found)
