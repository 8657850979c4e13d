"""Reads of what is no longer kept."""

from __future__ import annotations

from datetime import datetime

from tuyendau.lib import clock
from tuyendau.records.visits.models import Removal


def kept_from() -> datetime:
    """The first moment of the days that are kept: what was before it has been dropped and is not taken in again."""
    return clock.midnight(Removal.objects.values_list("kept_from", flat=True).get())
