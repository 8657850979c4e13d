"""What the demonstration plays: where, when, how large. Pure: another process works the course out from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from tuyendau.lib import clock

PROVINCE, DISTRICT = "24", "222"
UNITS_FROM = date(2020, 1, 1)
"""The tree of units that the package gives for January to June 2025 stands for that of 2021."""
FOUNDED = datetime.fromisoformat("2021-03-01T08:00:00+07:00")
"""When places, people and users were recorded: before all that the demonstration tells."""
MOMENT = datetime.fromisoformat("2021-05-28T07:00:00+07:00")
DAYS = 24
"""Days of presence before the scenario's own that are loaded: since three days before the first case was found, so that
those of the first week are traced over what they really did."""
DEFAULT_SCALE = 0.05
SEED, COURSE = 2021, 21
"""Of the world, and of the course in it: at the default scale near the published one."""
FULL_FROM, FULL_SEED, FULL_COURSE = 0.5, 2, 2
"""The same for half a province and more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A scenario: `scale` 1 is the whole province; it stands at `moment` when it is loaded."""

    scale: float = DEFAULT_SCALE
    moment: datetime = MOMENT
    seed: int = SEED
    course: int = COURSE

    @classmethod
    def of_scale(cls, scale: float) -> Plan:
        """The scenario at a scale, with seeds whose course lies near the published one there."""
        if scale >= FULL_FROM:
            return cls(scale, seed=FULL_SEED, course=FULL_COURSE)
        return cls(scale)

    @property
    def day(self) -> date:
        """The scenario's own day."""
        return clock.local_day(self.moment)

    def to_data(self) -> dict[str, Any]:
        """As the record of the load keeps it."""
        return asdict(self) | {"moment": self.moment.isoformat()}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Plan:
        """The plan of a load that was begun."""
        moment = datetime.fromisoformat(data["moment"])
        return cls(float(data["scale"]), moment, int(data["seed"]), int(data["course"]))
