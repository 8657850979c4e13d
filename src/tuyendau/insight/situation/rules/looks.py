"""Since when changes are told to somebody who looks again and again."""

from __future__ import annotations

from datetime import datetime, timedelta

SITTING = timedelta(minutes=30)
"""Who looks again within this time still sits at it: they are told of what changed since the sitting before."""
AT_FIRST = timedelta(days=1)
"""Who never looked is told of the last day."""


def told_since(looked: datetime | None, since: datetime | None, now: datetime) -> datetime:
    """Since when changes are told now to somebody who looked last at `looked`, and was told then of those `since`."""
    if looked is None or since is None or looked > now:
        return now - AT_FIRST
    return since if now - looked < SITTING else looked
