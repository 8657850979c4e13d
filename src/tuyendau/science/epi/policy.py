"""Contact policies: data that say which setting and how many minutes make which grade."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi.grading import Grade
from tuyendau.science.epi.settings import SETTING_COUNT, Setting


class PolicyError(ValueError):
    """A policy file that cannot be used; the message says where and why."""


@dataclass(frozen=True, eq=False)
class ContactPolicy:
    """A policy in force.

    thresholds: float64 [SETTING_COUNT, 3], seconds in one kind of setting for close, near and around; inf = no rule.
    anywhere: float64 [3], the same for all the time together.
    assumed_weight: what a second counts whose end was assumed, 0 to 1.
    linger: seconds for which the air stays infectious after a case has left, 0 where only being there together counts.
    counts: the worst grade that makes an F1 and is traced on, close unless the file says otherwise.
    Seconds in a setting add up over all sites of that kind.
    """

    id: str
    title: dict[str, str]
    source: str
    verified: str
    effective_from: date
    assumed_weight: float
    thresholds: NDArray[np.float64]
    anywhere: NDArray[np.float64]
    linger: float = 0.0
    counts: Grade = Grade.CLOSE

    def grade(self, setting: Setting, minutes: float, assumed_minutes: float = 0.0) -> Grade:
        """Grade of a contact that met in one setting only; `assumed_minutes` are part of `minutes`."""
        seconds = 60.0 * (minutes - (1.0 - self.assumed_weight) * assumed_minutes)
        if seconds <= 0:
            return Grade.NONE
        limits = np.minimum(self.thresholds[setting], self.anywhere)
        reached = [g for g in (Grade.CLOSE, Grade.NEAR, Grade.AROUND) if seconds >= limits[g]]
        return reached[0] if reached else Grade.NONE

    @classmethod
    def from_record(cls, record: dict[str, Any], where: str = "policy") -> ContactPolicy:
        """The policy of a parsed JSON object; PolicyError naming `where` and the entry that is wrong."""
        if not isinstance(record, dict):
            raise PolicyError(f"{where}: a policy is a JSON object")
        try:
            weight = _number(record["assumed_weight"], f"{where}: assumed_weight")
            if weight > 1:
                raise PolicyError(f"{where}: assumed_weight is {weight}, but must lie between 0 and 1")
            return cls(
                id=str(record["id"]),
                title={str(k): str(v) for k, v in dict(record["title"]).items()},
                source=str(record["source"]),
                verified=str(record["verified"]),
                effective_from=date.fromisoformat(record["effective_from"]),
                assumed_weight=weight,
                thresholds=_thresholds(record["rules"], where),
                anywhere=_anywhere(record["anywhere"], where),
                counts=Grade.from_slug(str(record.get("counts", "close"))),
                linger=60.0 * _number(record.get("linger_minutes", 0), f"{where}: linger_minutes"),
            )
        except KeyError as error:
            raise PolicyError(f"{where}: {error.args[0]!r} is missing") from None
        except (TypeError, ValueError) as error:
            if isinstance(error, PolicyError):
                raise
            raise PolicyError(f"{where}: {error}") from None

    @classmethod
    def from_file(cls, path: Path) -> ContactPolicy:
        """The policy in a JSON file; PolicyError if it cannot be read or understood."""
        try:
            record = json.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise PolicyError(f"{path}: {error.strerror or error}") from None
        except ValueError as error:
            raise PolicyError(f"{path}: not JSON: {error}") from None
        return cls.from_record(record, str(path))

    @classmethod
    @lru_cache(maxsize=8)
    def bundled(cls, name: str = "default") -> ContactPolicy:
        """A policy that comes with the program: `default` (graded), `fifteen_minutes`, or that of a disease."""
        folder = files("tuyendau.science.epi").joinpath("data/policies")
        names = sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json"))
        if name not in names:
            raise PolicyError(f"no bundled policy {name!r}; there are {', '.join(names)}")
        return cls.from_record(json.loads(folder.joinpath(f"{name}.json").read_text(encoding="utf-8")), name)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise PolicyError(f"{where} is {value!r}, but must be a number that is not negative")
    return float(value)


def _rule(rule: Any, where: str) -> tuple[Grade, float]:
    try:
        grade = Grade.from_slug(str(rule["grade"]))
        minutes = _number(rule["minutes"], f"{where}: minutes")
    except (KeyError, TypeError) as error:
        raise PolicyError(f"{where}: needs grade and minutes ({error})") from None
    if grade is Grade.NONE:
        raise PolicyError(f"{where}: 'none' is what no rule gives, so no rule may give it")
    return grade, 60.0 * minutes


def _thresholds(rules: Any, where: str) -> NDArray[np.float64]:
    limits = np.full((SETTING_COUNT, 3), np.inf)
    for number, rule in enumerate(rules, start=1):
        place = f"{where}: rule {number}"
        grade, seconds = _rule(rule, place)
        if "setting" not in rule:
            raise PolicyError(f"{place}: needs a setting")
        setting = Setting.from_slug(str(rule["setting"]))
        limits[setting, grade] = min(limits[setting, grade], seconds)
    limits.setflags(write=False)
    return limits


def _anywhere(rules: Any, where: str) -> NDArray[np.float64]:
    limits = np.full(3, np.inf)
    for number, rule in enumerate(rules, start=1):
        grade, seconds = _rule(rule, f"{where}: anywhere {number}")
        limits[grade] = min(limits[grade], seconds)
    limits.setflags(write=False)
    return limits
