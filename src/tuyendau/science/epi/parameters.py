"""Epidemiological parameters: bundled JSON in which every figure carries its source and how far it is verified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi.settings import SETTING_COUNT, Setting


@dataclass(frozen=True)
class Parameters:
    """What the engine needs of a disease, as arrays: the part `transmission` of `data/diseases/*.json`.

    hazards: float64 [SETTING_COUNT], per hour of co-presence at peak infectiousness.
    infectiousness: float64 [days], share of the peak; the first is for `first_day` relative to the day of onset.
    """

    first_day: int
    infectiousness: NDArray[np.float64]
    hazards: NDArray[np.float64]
    record: dict[str, Any]
    """The whole part, with sources, for pages that show where a figure comes from."""

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Parameters:
        """Parameters of a parsed JSON object; KeyError or ValueError where it is incomplete."""
        hazards = np.full(SETTING_COUNT, np.nan)
        for slug, entry in record["hazard_per_hour"]["values"].items():
            hazards[Setting.from_slug(slug)] = float(entry["hazard"])
        if np.isnan(hazards).any():
            missing = [s.slug for s in Setting if np.isnan(hazards[s])]
            raise ValueError(f"no hazard for {', '.join(missing)}")
        curve = record["infectiousness"]
        infectiousness = np.array(curve["values"], dtype=np.float64)
        hazards.setflags(write=False)
        infectiousness.setflags(write=False)
        return cls(int(curve["first_day"]), infectiousness, hazards, record)


@lru_cache(maxsize=8)
def parameters(disease: str = "covid19") -> Parameters:
    """The bundled parameters of a disease by its code; FileNotFoundError where there is none of that code."""
    file = files("tuyendau.science.epi").joinpath(f"data/diseases/{disease}.json")
    return Parameters.from_record(json.loads(file.read_text(encoding="utf-8"))["transmission"])
