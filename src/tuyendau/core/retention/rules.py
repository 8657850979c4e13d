"""What a policy of retention may say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

SHORTEST, LONGEST = 21, 36_500
"""Days. Tracing looks back three weeks: what is younger is needed."""


SUGGESTED = {
    "visits": 90,
    "contacts": 730,
    "followups": 730,
    "chains": 730,
    "interviews": 730,
    "case_words": 1825,
    "samples": 1825,
    "people": 1825,
    "imports": 30,
    "orders": 1825,
    "notifications": 1825,
    "stays": 1825,
}
"""Days by class of data that a policy says nothing of; the program's own suggestion, not law."""


class Act(StrEnum):
    """What becomes of data that was kept long enough."""

    DROP_DAYS = "drop_days"
    DELETE = "delete"
    EMPTY = "empty"
    PSEUDONYMISE = "pseudonymise"


def kept_from(today: date, days: int) -> date:
    """The first day that is kept when data is kept for so many days; what is of earlier days goes."""
    return today - timedelta(days=days)


def unusable(periods: Mapping[str, int], known: set[str]) -> set[str]:
    """The classes of a policy whose period cannot be carried out: not known, too short, too long or missing."""
    wrong = {name for name, days in periods.items() if name not in known or not SHORTEST <= days <= LONGEST}
    return wrong | (known - periods.keys())
