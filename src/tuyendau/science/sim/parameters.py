"""Figures of the simulation: bundled JSON in which each has its source and how far it is verified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

_RATES = (
    "shop", "market", "friend", "absent", "forgets", "meal_forgets", "meal_scans", "out_scans", "out_forgets",
    "scans", "roam_scans", "after_work", "colleague",
)  # fmt: skip


def record(name: str) -> dict[str, Any]:
    """The parsed `data/<name>.json`."""
    text = files("tuyendau.science.sim").joinpath(f"data/{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def values(entries: dict[str, Any]) -> dict[str, float]:
    """The bare figures of entries that carry their sources."""
    return {name: float(entry["value"]) for name, entry in entries.items()}


@dataclass(frozen=True, eq=False)
class Habits:
    """How people go about and what gets recorded. rates: float64, in the order that `living` reads them."""

    rates: NDArray[np.float64]

    @classmethod
    def from_record(cls, entries: dict[str, Any]) -> Habits:
        """Habits of a parsed JSON object; KeyError naming what is missing."""
        found = values(entries)
        return cls(np.array([found[name] for name in _RATES]))

    @classmethod
    @lru_cache(maxsize=1)
    def bundled(cls) -> Habits:
        """The habits that come with the program."""
        return cls.from_record(record("habits"))


@dataclass(frozen=True)
class Interviews:
    """Share of what comes out when a case is asked: room-mates, the lodgers of the same house as its landlord lists
    them, calls on others (and of others), shops and markets."""

    rooms: float
    houses: float
    calls: float
    shops: float

    @classmethod
    @lru_cache(maxsize=1)
    def bundled(cls) -> Interviews:
        """The figures that come with the program."""
        return cls(**values(record("interviews")))
