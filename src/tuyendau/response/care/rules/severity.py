"""How ill a patient is: the five levels of the national guidance on treatment. No Django.

After QĐ 3416/QĐ-BYT of 14/7/2021, from memory: to be confirmed by the health department.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Severity(StrEnum):
    """Levels, from the least to the worst."""

    ASYMPTOMATIC = "asymptomatic"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the least, 4 for the worst."""
        return list(Severity).index(self)


SEVERE = frozenset({Severity.SEVERE, Severity.CRITICAL})

ASSESSED_EVERY: dict[Severity | None, timedelta] = {
    None: timedelta(hours=2),
    Severity.CRITICAL: timedelta(hours=12),
    Severity.SEVERE: timedelta(hours=12),
    Severity.MODERATE: timedelta(hours=24),
    Severity.MILD: timedelta(hours=24),
    Severity.ASYMPTOMATIC: timedelta(hours=48),
}
"""How long an assessment holds before another one is due; None: from the admission on, while there is none yet.

No text gives these hours: they are the program's own suggestion.
"""


def assessed_late(level: Severity | None, since: datetime, now: datetime) -> bool:
    """Whether a patient of that level, assessed (or admitted) at `since`, is to be assessed again by `now`."""
    return now - since > ASSESSED_EVERY[level]
