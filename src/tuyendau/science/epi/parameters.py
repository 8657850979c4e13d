"""Epidemiological parameters: bundled JSON in which every figure carries its source and how far it is verified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi.settings import SETTING_COUNT, Setting


@dataclass(frozen=True)
class Parameters:
    """What the engine needs of `data/parameters.json`, as arrays.

    hazards: float64 [SETTING_COUNT], per hour of co-presence at peak infectiousness.
    infectiousness: float64 [days], share of the peak; the first is for `first_day` relative to the day of onset.
    """

    lookback: tuple[tuple[date, int], ...]
    first_day: int
    infectiousness: NDArray[np.float64]
    hazards: NDArray[np.float64]
    record: dict[str, Any]
    """The whole file, with sources, for pages that show where a figure comes from."""

    def lookback_days(self, on: date) -> int:
        """Days before onset from which a case counts as infectious, by the rule in force on a date.

        Raises ValueError for a date before the first rule.
        """
        in_force = [days for start, days in self.lookback if start <= on]
        if not in_force:
            raise ValueError(f"no look-back rule was in force on {on.isoformat()}")
        return in_force[-1]

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Parameters:
        """Parameters of a parsed JSON object; KeyError or ValueError where it is incomplete."""
        hazards = np.full(SETTING_COUNT, np.nan)
        for slug, entry in record["hazard_per_hour"]["values"].items():
            hazards[Setting.from_slug(slug)] = float(entry["hazard"])
        if np.isnan(hazards).any():
            missing = [s.slug for s in Setting if np.isnan(hazards[s])]
            raise ValueError(f"no hazard for {', '.join(missing)}")
        lookback = sorted(
            (date.fromisoformat(v["effective_from"]), int(v["days"]))
            for v in record["lookback_days"]["values"]
        )
        curve = record["infectiousness"]
        infectiousness = np.array(curve["values"], dtype=np.float64)
        hazards.setflags(write=False)
        infectiousness.setflags(write=False)
        return cls(tuple(lookback), int(curve["first_day"]), infectiousness, hazards, record)


@lru_cache(maxsize=1)
def parameters() -> Parameters:
    """The bundled parameters."""
    text = files("tuyendau.science.epi").joinpath("data/parameters.json").read_text(encoding="utf-8")
    return Parameters.from_record(json.loads(text))
