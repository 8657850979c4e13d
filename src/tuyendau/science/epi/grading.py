"""Grades of contact and the probability of transmission.

A grade is a matter of policy (which setting, how many minutes); the probability orders contacts within a grade.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tuyendau.science.jit import inlined


class Grade(IntEnum):
    """How close a contact was. Lower is closer; CLOSE is what makes an F1."""

    CLOSE = 0
    NEAR = 1
    AROUND = 2
    NONE = 3
    """Met, but below every rule of the policy."""

    @property
    def slug(self) -> str:
        """The lower-case word of this grade, as files and policies write it."""
        return self.name.lower()

    @classmethod
    def from_slug(cls, slug: str) -> Grade:
        """The grade of a slug; ValueError naming the known ones if there is none."""
        try:
            return cls[slug.strip().upper()]
        except KeyError:
            raise ValueError(f"unknown grade {slug!r}; known are {', '.join(g.slug for g in cls)}") from None


@inlined
def closest_grade(thresholds: Any, seconds: float) -> int:
    """The closest grade whose threshold (float64 [3], seconds; inf = no rule) is reached by `seconds`."""
    for grade in range(3):
        if seconds >= thresholds[grade]:
            return grade
    return 3


def grade_minutes(
    thresholds: NDArray[np.float64],
    anywhere: NDArray[np.float64],
    setting_seconds: ArrayLike,
    total_seconds: ArrayLike,
) -> NDArray[np.int8]:
    """Grade contacts from their weighted seconds.

    thresholds: [settings, 3] and anywhere: [3], seconds for close, near, around (inf = no rule).
    setting_seconds: [contacts, settings]; total_seconds: [contacts]. Assumed seconds are already weighted.
    Returns the closest grade that any rule gives, int8 [contacts].
    """
    by_setting = np.asarray(setting_seconds, dtype=np.float64)
    total = np.asarray(total_seconds, dtype=np.float64)
    grades = np.full(len(total), Grade.NONE, dtype=np.int8)
    for grade in (Grade.AROUND, Grade.NEAR, Grade.CLOSE):
        reached = ((by_setting > 0) & (by_setting >= thresholds[:, grade])).any(axis=1)
        grades[reached | ((total > 0) & (total >= anywhere[grade]))] = grade
    return grades


def probability(risk: ArrayLike, prior: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Probability of transmission `prior * (1 - exp(-risk))`.

    risk: the sum of hazard (per hour) x infectiousness (share of the peak) x hours x weight;
    prior: the probability that the source is infected, 1 for a case.
    """
    return np.asarray(prior, dtype=np.float64) * -np.expm1(-np.asarray(risk, dtype=np.float64))
