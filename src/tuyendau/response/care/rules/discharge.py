"""When a patient may go home by the text in force: shown as guidance beside the decision, which is the doctor's.

The texts are data, in `discharge.json`, each with its source, the days on which it was in force, and how far it is
verified. No Django, no clock of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tuyendau.response.care.rules.severity import Severity


@dataclass(frozen=True, slots=True)
class Guidance:
    """One text's criteria, in force on [effective_from, effective_to).

    `symptoms` None is for everybody, False for who never had any. From the day `days` in a facility on, with so many
    consecutive `samples` that are clear, each `apart_hours` after the one before; a Ct of `ct_least` or more is clear
    too. `well_days` without symptoms. Afterwards `home_days` at home. None where a text does not ask for it.
    """

    id: str
    disease: str
    symptoms: bool | None
    title: Mapping[str, str]
    source: str
    verified: str
    effective_from: date
    effective_to: date | None
    days: int | None
    samples: int
    apart_hours: int
    ct_least: float | None
    well_days: int | None
    home_days: int


class Criterion(StrEnum):
    DAYS = "days"
    WELL = "well"
    SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class Finding:
    """How a patient stands to one criterion: what there is of what is asked for; `met` None where it is not known."""

    criterion: Criterion
    met: bool | None
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Sampled:
    """A sample that was examined by RT-PCR: positive with its Ct, or negative."""

    taken_at: datetime
    positive: bool
    ct: float | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a patient: since when in facilities, the samples and the assessments, in any order."""

    began_at: datetime
    samples: Sequence[Sampled] = ()
    levels: Sequence[tuple[datetime, str]] = ()


@lru_cache(maxsize=1)
def guidance() -> tuple[Guidance, ...]:
    """Every text that comes with the program."""
    record = json.loads(files("tuyendau.response.care.rules").joinpath("discharge.json").read_text("utf-8"))
    return tuple(_read(entry, record["disease"]) for entry in record["guidance"])


def guidance_on(disease: str, day: date, *, symptoms: bool) -> Guidance | None:
    """The text that was in force on `day` for whoever has, or never had, symptoms; None where none is known."""
    for each in guidance():
        in_force = each.effective_from <= day and (each.effective_to is None or day < each.effective_to)
        if each.disease == disease and in_force and each.symptoms in (None, symptoms):
            return each
    return None


def had_symptoms(course: Course, *, onset: bool) -> bool:
    """Whether a patient ever had symptoms: an onset is known, or an assessment says so."""
    return onset or any(level != Severity.ASYMPTOMATIC for _at, level in course.levels)


def findings(text: Guidance, course: Course, now: datetime) -> list[Finding]:
    """How a patient stands at `now` to each criterion of a text."""
    found = []
    if text.days is not None:
        day = (now - course.began_at).days + 1
        found.append(Finding(Criterion.DAYS, day >= text.days, day, text.days))
    if text.well_days is not None:
        well = well_since(course)
        days = (now - well).days if well is not None else 0
        met = days >= text.well_days if course.levels else None
        found.append(Finding(Criterion.WELL, met, days, text.well_days))
    clear = clear_samples(text, course)
    found.append(Finding(Criterion.SAMPLES, clear >= text.samples, clear, text.samples))
    return found


def well_since(course: Course) -> datetime | None:
    """Since which assessment a patient has had no symptoms; None where the latest says that they have."""
    since = None
    for at, level in sorted(course.levels, reverse=True):
        if level != Severity.ASYMPTOMATIC:
            break
        since = at
    return since


def clear_samples(text: Guidance, course: Course) -> int:
    """How many of the latest samples are clear, none other between them; those too soon after another count as one."""
    count = 0
    later: datetime | None = None
    for sample in sorted(course.samples, key=lambda s: s.taken_at, reverse=True):
        if not _clear(text, sample):
            break
        if later is None or later - sample.taken_at >= timedelta(hours=text.apart_hours):
            count, later = count + 1, sample.taken_at
    return count


def _clear(text: Guidance, sample: Sampled) -> bool:
    if not sample.positive:
        return True
    return text.ct_least is not None and sample.ct is not None and sample.ct >= text.ct_least


def _read(entry: Mapping[str, Any], disease: str) -> Guidance:
    until = entry["effective_to"]
    return Guidance(
        id=str(entry["id"]), disease=disease, symptoms=entry["symptoms"], title=dict(entry["title"]),
        source=str(entry["source"]), verified=str(entry["verified"]),
        effective_from=date.fromisoformat(entry["effective_from"]),
        effective_to=date.fromisoformat(until) if until else None,
        days=entry["days"], samples=int(entry["samples"]), apart_hours=int(entry["apart_hours"]),
        ct_least=entry["ct_least"], well_days=entry["well_days"], home_days=int(entry["home_days"]),
    )  # fmt: skip
