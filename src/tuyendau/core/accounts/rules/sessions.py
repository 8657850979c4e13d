"""When a session ends, whatever its cookie says."""

from __future__ import annotations

from typing import Protocol

BEGUN, SEEN = "begun", "seen"
"""Under which names a session keeps when it began and when somebody last did something (Unix time)."""

LONGEST = 12 * 3600
"""Seconds after which everyone signs in again, however busy they were."""

IDLE = 3600
"""Seconds without any act of a person after which a session ends."""

WARNED = 300
"""Seconds before that end at which the page says so."""

KEPT_EVERY = 60
"""Seconds within which acts are not written down anew."""


def left(begun: float, seen: float, now: float) -> float:
    """Seconds until a session ends that began and was last used at those moments (Unix time); 0 or less: it ended."""
    return min(begun + LONGEST, seen + IDLE) - now


class Kept(Protocol):
    """What a session keeps."""

    def get(self, key: str, default: float) -> float:
        """The value kept under a name."""


def left_of(session: Kept, now: float) -> float:
    """Seconds until that session ends; one that says nothing of itself begins now."""
    begun = session.get(BEGUN, now)
    return left(begun, session.get(SEEN, begun), now)


def is_act(mode: str, idle: str) -> bool:
    """Whether a request was somebody's act, and not a page that keeps itself fresh.

    `mode` is the browser's Sec-Fetch-Mode, empty where it sends none. Opening a page is an act. Of what a page
    asks by itself, only that is one during which, as it says in `idle`, a hand was moved within a minute.
    """
    if idle:
        return idle.isdecimal() and int(idle) < KEPT_EVERY
    return mode in ("", "navigate")
