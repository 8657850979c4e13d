"""What layers of points share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np
import shapely
from numpy.typing import NDArray

from tuyendau.lib import clock


def points(places: Iterable[tuple[float, float] | None]) -> NDArray[np.object_]:
    """Points of pairs of longitude and latitude; None where there is none."""
    pairs = np.array([pair or (np.nan, np.nan) for pair in places], float).reshape(-1, 2)
    known = np.isfinite(pairs).all(axis=1)
    made = np.empty(len(pairs), object)
    made[known] = shapely.points(pairs[known])
    return made


def hours(start: datetime, end: datetime) -> str:
    """A time in words, in the province's hours: "07:30–19:00 27/05", "22:00 27/05–06:00 28/05"."""
    begins, ends = start.astimezone(clock.ZONE), end.astimezone(clock.ZONE)
    if begins.date() == ends.date():
        return f"{begins:%H:%M}–{ends:%H:%M %d/%m}"
    return f"{begins:%H:%M %d/%m}–{ends:%H:%M %d/%m}"
