"""What the start page puts first, and what a search is for. No Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Urgency(IntEnum):
    """How soon something due must be done; the lower, the sooner."""

    NOW = 0
    TODAY = 1
    SOON = 2


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for the reader: `count` of it, in the words `title`, on the page `url`.

    `hint` says what to do or how late it is; `oldest` since when the oldest waits; `done` how many of the day's were
    done already, None where nothing is counted off. `more`: there are more than were counted.
    """

    key: str
    title: str
    count: int
    url: str
    urgency: Urgency
    icon: str
    hint: str = ""
    oldest: datetime | None = None
    done: int | None = None
    more: bool = False

    @property
    def share_done(self) -> int | None:
        """Per cent of the day's work that is done, None where nothing is counted off."""
        if self.done is None:
            return None
        whole = self.done + self.count
        return 100 * self.done // whole if whole else 100


def in_order(found: Iterable[Due]) -> list[Due]:
    """What waits, soonest first, then longest waiting; what has nothing waiting and nothing done is left out."""
    waiting = [due for due in found if due.count or due.done]
    return sorted(
        waiting,
        key=lambda due: (
            not due.count,
            due.urgency,
            due.oldest is None,
            due.oldest and due.oldest.timestamp(),
        ),
    )
