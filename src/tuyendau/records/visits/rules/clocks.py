"""How far a sender's clock may be off."""

from __future__ import annotations

from datetime import datetime, timedelta

CLOCK_SKEW = timedelta(minutes=10)
"""How far a sender's clock may be from the server's, and how far ahead of it a scan may lie."""


def skew_of(sent_at: datetime, at: datetime) -> timedelta | None:
    """How far a sender's clock, which says `sent_at`, is ahead of the server's; None where that is bearable.

    Moments are never shifted by it: what a request took on its way counts as skew as well, and the same scan sent
    twice must stay one scan.
    """
    skew = sent_at - at
    return skew if abs(skew) > CLOCK_SKEW else None
