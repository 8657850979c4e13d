"""The communes that the scenario's world stands on, from the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tuyendau.core.places.models import UnitLevel
from tuyendau.core.places.queries import units_on
from tuyendau.science.sim import Communes


@dataclass(frozen=True, eq=False)
class Ground:
    """The communes that the world stands on: row numbers and names, in the order of `communes`."""

    communes: Communes
    units: NDArray[np.int32]
    names: tuple[str, ...]


def ground(day: date) -> Ground:
    """The communes of the province on `day`, from the records."""
    found = list(
        units_on(day, level=UnitLevel.COMMUNE)
        .filter(lon__isnull=False)
        .select_related("parent")
        .order_by("code")
    )
    communes = Communes.of(
        [unit.code for unit in found],
        [unit.parent.code if unit.parent else "" for unit in found],
        [unit.lon or 0.0 for unit in found],
        [unit.lat or 0.0 for unit in found],
    )
    return Ground(
        communes, np.array([unit.pk for unit in found], np.int32), tuple(unit.name for unit in found)
    )
