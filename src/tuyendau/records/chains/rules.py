"""What may be said of who infected whom, and what to doubt. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tuyendau.science.chains import Basis

KEPT = 8
"""Likely infectors that are kept of each case; what others weigh together is kept as one number."""

LONGEST_INTERVAL = 28
"""Days between two onsets beyond which one hardly infected the other: twice the longest usual incubation."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a case that its chains rest on, each None where not known."""

    onset: date | None
    sampled: date | None
    result: date | None
    reported: date
    isolated: datetime | None = None


def reference(dates: Dates) -> tuple[date, Basis]:
    """The day that stands for the onset of a case, and which date that is: the first known of four."""
    for day, basis in (
        (dates.onset, Basis.ONSET),
        (dates.sampled, Basis.SAMPLE),
        (dates.result, Basis.RESULT),
    ):
        if day is not None:
            return day, basis
    return dates.reported, Basis.REPORT


class Doubt(StrEnum):
    """What speaks against an infector, by the dates alone. It warns, and refuses nothing: dates may be wrong."""

    LATER = "later"
    """The infector fell ill after the infectee."""
    FAR = "far"
    """More days lie between them than an incubation lasts."""
    ISOLATED = "isolated"
    """The infector was isolated longer before than an incubation lasts."""


def doubts(infector: Dates, infectee: Dates) -> list[Doubt]:
    """What the dates of two cases say against one having infected the other."""
    before, after = reference(infector)[0], reference(infectee)[0]
    days = (after - before).days
    found = []
    if days < 0:
        found.append(Doubt.LATER)
    if days > LONGEST_INTERVAL:
        found.append(Doubt.FAR)
    if infector.isolated is not None and (after - infector.isolated.date()).days > LONGEST_INTERVAL // 2:
        found.append(Doubt.ISOLATED)
    return found


def circle_with(infected_by: Mapping[int, int | None], infectee: int, infector: int) -> list[int]:
    """The circle that would close were `infectee` infected by `infector`, beside what is decided; empty if none does.

    infected_by: decided infectors by infectee. The circle begins and ends with `infector`, each infecting the next.
    """
    way = [infector]
    while (above := infected_by.get(way[-1])) is not None and above not in way:
        way.append(above)
        if above == infectee:
            return [infector, *way[::-1]]
    return []
