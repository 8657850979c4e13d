"""Follow-up regimes: how long a contact or a case is followed, how often, and on which days they are tested.

The day of the last exposure is day 0 and the regime's last day is still followed: 14 days from 5 July end with 19 July.
Texts change in the middle of an outbreak, so each regime has the days on which it was in force, its source and how far
that is verified. Pure: no clock of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any


class RegimeError(ValueError):
    """A file of regimes that cannot be used; the message says where and why."""


class Transition(StrEnum):
    """What becomes of those who are in follow-up under an earlier text when a regime comes into force."""

    ADOPT = "adopt"
    """They go over to it, by their own day 0."""
    AS_BEGUN = "as_begun"
    """They end as they began."""


class Where(StrEnum):
    """Where somebody stays during the days of a regime."""

    FACILITY = "facility"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Regime:
    """One text's rule for one degree (0 cases, 1 close contacts, 2 their contacts) of one disease.

    In force on [effective_from, effective_to). `vaccinated` None is for everybody. `days` after day 0 is the last day,
    `monitor_days` further ones of watching oneself at home. `tests` are days after day 0. `optional` regimes are chosen
    by an officer and never by default. Somebody not reached on `lost_after_days` days running is lost; after each of
    `escalate_hours` the next level up answers for them. A last day without an answer is made good within
    `extend_at_most` days.
    """

    id: str
    disease: str
    degree: int
    title: Mapping[str, str]
    source: str
    note: Mapping[str, str]
    verified: str
    effective_from: date
    effective_to: date | None
    vaccinated: bool | None
    where: Where
    days: int
    monitor_days: int
    tests: tuple[int, ...]
    checks_a_day: int
    lost_after_days: int
    escalate_hours: tuple[int, int]
    extend_at_most: int
    transition: Transition
    optional: bool
    until_source_negative: bool

    def in_force(self, day: date) -> bool:
        """Whether the text was in force on `day`."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def last_day(self, day_zero: date) -> date:
        """The last day of follow-up of somebody whose day 0 is given."""
        return day_zero + timedelta(days=self.days)

    def monitor_until(self, day_zero: date) -> date:
        """Until when they watch themselves afterwards; the last day itself where nothing follows."""
        return self.last_day(day_zero) + timedelta(days=self.monitor_days)

    def test_days(self, day_zero: date) -> tuple[date, ...]:
        """The days on which a sample is to be taken."""
        return tuple(day_zero + timedelta(days=day) for day in self.tests)

    def next_test(self, day_zero: date, tested_on: date | None) -> date | None:
        """The first test day that no test made good yet: a test covers every test day up to its own.

        It may have passed already: whoever is found on day 5 has the test of day 1 before them.
        """
        return next((day for day in self.test_days(day_zero) if tested_on is None or day > tested_on), None)


@dataclass(frozen=True, slots=True)
class Ground:
    """A legal text that an order may rest on, as it is cited; in force on [effective_from, effective_to)."""

    text: str
    effective_from: date
    effective_to: date | None
    kinds: frozenset[str]
    verified: str

    def in_force(self, day: date) -> bool:
        """Whether the text was in force on `day`."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


def day_number(day_zero: date, on: date) -> int:
    """Which day of follow-up `on` is: 0 on the day of the last exposure, negative before it."""
    return (on - day_zero).days


def day_index(day_zero: date, on: date) -> int:
    """The same counted from 1, as Go.Data shows it."""
    return day_number(day_zero, on) + 1


@lru_cache(maxsize=1)
def regimes() -> tuple[Regime, ...]:
    """Every regime that comes with the program, by disease and the day on which it came into force."""
    found = [
        _regime(entry, disease, f"{disease}: regime {number}")
        for disease, record in _records()
        for number, entry in enumerate(record["regimes"], start=1)
    ]
    _refuse_twins(found)
    return tuple(sorted(found, key=lambda regime: (regime.disease, regime.effective_from, regime.id)))


def regime(regime_id: str) -> Regime:
    """The regime of that id. Raises LookupError."""
    for known in regimes():
        if known.id == regime_id:
            return known
    raise LookupError(f"no regime {regime_id!r}")


def choices_on(disease: str, degree: int, day: date, *, vaccinated: bool | None = None) -> list[Regime]:
    """The regimes from which an officer may choose on `day`, the one by default first."""
    known = [r for r in regimes() if r.disease == disease and r.degree == degree and r.in_force(day)]
    fitting = [r for r in known if r.vaccinated is None or r.vaccinated is bool(vaccinated)]
    return sorted(fitting, key=lambda r: (r.optional, r.vaccinated is None, -r.effective_from.toordinal()))


def regime_on(disease: str, degree: int, day: date, *, vaccinated: bool | None = None) -> Regime | None:
    """The regime for whoever begins on `day`; None where no text is known.

    Of whom it is not known whether they are vaccinated are treated as not.
    """
    found = [r for r in choices_on(disease, degree, day, vaccinated=vaccinated) if not r.optional]
    return found[0] if found else None


def regime_in_force(begun: Regime, began: date, on: date, *, vaccinated: bool | None = None) -> Regime:
    """The regime that on `on` holds for somebody who began under `begun` on `began`, through all texts between.

    Each later text says itself whether it takes over those who are in follow-up already.
    """
    held = begun
    later = sorted(
        {r.effective_from for r in regimes() if r.disease == begun.disease and r.degree == begun.degree}
    )
    for day in later:
        if not began < day <= on or begun.optional:
            continue
        new = regime_on(begun.disease, begun.degree, day, vaccinated=vaccinated)
        if new is not None and new.effective_from == day and new.transition is Transition.ADOPT:
            held = new
    return held


def grounds_on(disease: str, kind: str, day: date) -> list[Ground]:
    """The legal texts that an order of `kind` ("isolation", "quarantine") rests on by what was in force on `day`."""
    return [g for g in _grounds().get(disease, ()) if g.in_force(day) and kind in g.kinds]


def _records() -> Iterable[tuple[str, dict[str, Any]]]:
    folder = files("tuyendau.science.epi").joinpath("data/regimes")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            record = json.loads(file.read_text(encoding="utf-8"))
            yield str(record["disease"]), record


@lru_cache(maxsize=1)
def _grounds() -> dict[str, tuple[Ground, ...]]:
    return {
        disease: tuple(
            Ground(
                text=str(entry["text"]),
                effective_from=date.fromisoformat(entry["effective_from"]),
                effective_to=_day(entry.get("effective_to")),
                kinds=frozenset(entry.get("kinds", ("isolation", "quarantine"))),
                verified=str(entry["verified"]),
            )
            for entry in record["grounds"]
        )
        for disease, record in _records()
    }


def _regime(entry: dict[str, Any], disease: str, where: str) -> Regime:
    """One regime of a parsed file. Raises `RegimeError` naming `where` and what is wrong."""
    try:
        found = Regime(
            id=str(entry["id"]),
            disease=disease,
            degree=int(entry["degree"]),
            title=dict(entry["title"]),
            source=str(entry["source"]),
            note=dict(entry.get("note", {})),
            verified=str(entry["verified"]),
            effective_from=date.fromisoformat(entry["effective_from"]),
            effective_to=_day(entry.get("effective_to")),
            vaccinated=entry.get("vaccinated"),
            where=Where(entry["where"]),
            days=int(entry["days"]),
            monitor_days=int(entry.get("monitor_days", 0)),
            tests=tuple(int(day) for day in entry.get("tests", ())),
            checks_a_day=int(entry.get("checks_a_day", 1)),
            lost_after_days=int(entry.get("lost_after_days", 2)),
            escalate_hours=_pair(entry.get("escalate_hours", (24, 48))),
            extend_at_most=int(entry.get("extend_at_most", 7)),
            transition=Transition(entry["transition"]),
            optional=bool(entry.get("optional", False)),
            until_source_negative=bool(entry.get("until_source_negative", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RegimeError(f"{where}: {error!r}") from None
    if found.verified not in ("yes", "partial", "memory"):
        raise RegimeError(f"{where}: verified is {found.verified!r}")
    if found.effective_to is not None and found.effective_to <= found.effective_from:
        raise RegimeError(f"{where}: in force to {found.effective_to}, from {found.effective_from}")
    if found.days < 1 or list(found.tests) != sorted(set(found.tests)) or any(t < 0 for t in found.tests):
        raise RegimeError(f"{where}: days are 1 or more, tests days in order, each once")
    return found


def _refuse_twins(found: Iterable[Regime]) -> None:
    seen: set[str] = set()
    for each in found:
        if each.id in seen:
            raise RegimeError(f"the regime {each.id} stands twice")
        seen.add(each.id)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _pair(hours: Iterable[int]) -> tuple[int, int]:
    first, second = hours
    return int(first), int(second)
