"""How infectors are weighed: parameters as data, each with its source and how far it is verified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Basis(IntEnum):
    """The date that stands for the onset of a case, the surest first."""

    ONSET = 0
    SAMPLE = 1
    RESULT = 2
    REPORT = 3

    @property
    def slug(self) -> str:
        """The word of this basis, as files and pages write it."""
        return self.name.lower()


BASES = tuple(Basis)


@dataclass(frozen=True, eq=False)
class Method:
    """Parameters of one version of the method.

    lag, spread: float64 [4], days by basis: how far the date lies behind onset on average, and the standard deviation.
    minimal_incubation: days. assumed_weight: what a second counts whose end was assumed. reported_hazard: cumulative
    hazard of a contact that people named. reported_floor: share of the likeliest interval that such a contact counts
    for at least. outside: weight of a source that is not in the list; least_weight: pairs below it are left out.
    """

    version: str
    lag: NDArray[np.float64]
    spread: NDArray[np.float64]
    minimal_incubation: float
    assumed_weight: float
    reported_hazard: float
    reported_floor: float
    outside: float
    least_weight: float
    record: dict[str, Any]
    """The whole file, with sources, for pages that show where a figure comes from."""

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Method:
        """The method of a parsed JSON object; KeyError or ValueError where it is incomplete or cannot be."""
        by_basis = record["basis"]["values"]
        lag = np.array([float(by_basis[b.slug]["lag_days"]) for b in BASES])
        spread = np.array([float(by_basis[b.slug]["sd_days"]) for b in BASES])
        names = (
            "minimal_incubation_days", "assumed_weight", "reported_hazard", "reported_floor", "outside", "least_weight",
        )  # fmt: skip
        incubation, assumed, named, floor, outside, least = (float(record[name]["value"]) for name in names)
        if min(incubation, assumed, named, floor, least) < 0 or spread.min() <= 0 or outside <= 0:
            raise ValueError("spreads and the weight of an outside source are more than 0, nothing is less")
        lag.setflags(write=False)
        spread.setflags(write=False)
        return cls(
            str(record["version"]), lag, spread, incubation, assumed, named, floor, outside, least, record
        )

    @classmethod
    @lru_cache(maxsize=1)
    def bundled(cls) -> Method:
        """The method that comes with the program."""
        text = files("tuyendau.science.chains").joinpath("data/method.json").read_text(encoding="utf-8")
        return cls.from_record(json.loads(text))
