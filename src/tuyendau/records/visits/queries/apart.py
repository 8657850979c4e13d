"""Who is kept apart and so is not where a roster supposes them; the rooms above know who that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

Apart = Callable[[date], Mapping[int, datetime]]
_known: list[Apart] = []


def register(apart: Apart) -> None:
    """Have `apart` say from when on people (row ids) are kept apart on a day. Call it in AppConfig.ready."""
    _known.append(apart)


def kept_apart(day: date) -> dict[int, datetime]:
    """From when on people are kept apart, the earliest moment that anybody says; of those who are on `day`."""
    found: dict[int, datetime] = {}
    for apart in _known:
        for person, since in apart(day).items():
            found[person] = min(since, found.get(person, since))
    return found
