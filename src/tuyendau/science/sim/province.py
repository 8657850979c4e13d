"""The province as published figures tell it: districts, parks, workers. Every figure has its source in the file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Park:
    """An industrial park: an invented key, where it lies, its workers at scale 1, whether it was closed on 18 May."""

    key: str
    commune: str
    lon: float
    lat: float
    workers: int
    closed: bool


@dataclass(frozen=True)
class Province:
    """What a world is sized by. people, workers: at scale 1."""

    people: int
    workers: int
    parks: tuple[Park, ...]
    district_population: dict[str, int]
    shape: dict[str, float]
    """Figures of the build: sizes, shares, minutes; see `data/province.json`."""
    record: dict[str, Any]

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Province:
        """The province of a parsed JSON object; KeyError where it is incomplete."""
        parks = tuple(
            Park(p["key"], p["commune"], p["lon"], p["lat"], p["workers"], p["closed"])
            for p in record["parks"]["values"]
        )
        shape = {name: float(entry["value"]) for name, entry in record["shape"].items()}
        return cls(
            int(record["people"]["value"]), int(record["workers"]["value"]), parks,
            {k: int(v) for k, v in record["district_population"]["values"].items()}, shape, record,
        )  # fmt: skip

    @classmethod
    @lru_cache(maxsize=1)
    def bundled(cls) -> Province:
        """The province that comes with the program."""
        text = files("tuyendau.science.sim").joinpath("data/province.json").read_text(encoding="utf-8")
        return cls.from_record(json.loads(text))
