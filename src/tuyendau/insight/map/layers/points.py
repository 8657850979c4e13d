"""What layers of cases and of points share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
import shapely
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext
from numpy.typing import NDArray

from tuyendau.insight.map.layers.base import Note, Words
from tuyendau.insight.map.queries.spots import Spot
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import ALL

STATUSES: tuple[tuple[str, Words], ...] = (
    (CaseStatus.CONFIRMED.value, gettext_lazy("confirmed")),
    (CaseStatus.PROBABLE.value, gettext_lazy("probable")),
    (CaseStatus.SUSPECTED.value, gettext_lazy("suspected")),
    (ALL, gettext_lazy("all not discarded")),
)
"""The choices of an option by which cases are narrowed."""


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


def unplaced(sites: Sequence[Spot]) -> list[Note]:
    """Says of how many sites no place is known, if of any."""
    nowhere = sum(site.point is None for site in sites)
    words = ngettext(
        "Of %(n)s site no place is known: it stands in the table.",
        "Of %(n)s sites no place is known: they stand in the table.",
        nowhere,
    )
    return [Note(words % {"n": number_format(nowhere)})] if nowhere else []
