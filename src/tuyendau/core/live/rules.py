"""What a page is told of: topics, who is in reach of what, the changes of late, the words of the stream. Pure."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tuyendau.access import Permission

MOST_TOPICS = 150
MOST_CHANGES = 100
"""Of one topic, in one message: above it the page is told that much has changed."""
MUCH = ""
"""In place of a public id: more changed than is worth naming."""
_TOPIC = re.compile(r"[a-z_]{1,30}(:[a-z0-9_]{1,40})?")
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The places that a thing belongs to: `units` by row number, None for no known one; `sites` by path."""

    units: frozenset[int | None] = frozenset()
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """The places over which a viewer holds one permission: `units` all told, `sites` by the paths at their tops.

    `province`: they hold it over a whole province, and so over what belongs to no known unit.
    """

    units: frozenset[int] = frozenset()
    sites: tuple[str, ...] = ()
    province: bool = False

    def holds(self, where: Whereabouts) -> bool:
        """Whether a thing is in reach by any of its places."""
        return (
            not self.units.isdisjoint(where.units)
            or (self.province and None in where.units)
            or any(path.startswith(self.sites) for path in where.sites)
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """Pages that show `topic` are to know that `id` (a public id) changed: those who hold `permission` over `where`.

    `where` None is wherever they hold it: of a whole list, of which everybody sees their own part.
    """

    topic: str
    id: str
    permission: Permission
    where: Whereabouts | None


@dataclass(frozen=True, slots=True)
class Change:
    """One event of the chain, by its number there, and whom it concerns."""

    seq: int
    kind: str
    notices: tuple[Notice, ...]


class Gap(Exception):
    """Changes between what a page has and what is kept are no longer known: it must be fetched whole."""


class Log:
    """The changes of late, oldest first: of the numbers above `begins` up to `position`, every one that tells anybody.

    Bounded by how many numbers it reaches back, and by how many notices it holds.
    """

    def __init__(self, position: int, *, most_numbers: int = 2_000, most_notices: int = 100_000) -> None:
        self.begins = self.position = position
        self._most_numbers = most_numbers
        self._most_notices = most_notices
        self._changes: deque[Change] = deque()
        self._notices = 0

    def extend(self, changes: Iterable[Change], position: int) -> None:
        """Add what happened after `position` until then, up to the number `position` given now."""
        for change in changes:
            if change.notices:
                self._changes.append(change)
                self._notices += len(change.notices)
        self.position = position
        self.begins = max(self.begins, position - self._most_numbers)
        while self._changes and (self._changes[0].seq <= self.begins or self._notices > self._most_notices):
            dropped = self._changes.popleft()
            self._notices -= len(dropped.notices)
            self.begins = max(self.begins, dropped.seq)

    def after(self, seq: int) -> Iterator[Change]:
        """The changes behind the number `seq`. Raises `Gap` where some of them are no longer kept."""
        if seq < self.begins or seq > self.position:
            raise Gap
        if seq == self.position:
            return iter(())
        # The newest come last, and most pages lack only those.
        held = list(self._changes)
        return iter(held[bisect_right(held, seq, key=lambda change: change.seq) :])


def told(
    changes: Iterable[Change], topics: frozenset[str], sees: Callable[[Notice], bool]
) -> list[dict[str, object]]:
    """What of `changes` a page of these topics is told, a thing that changed twice only once, by its last change."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for change in changes:
        for notice in change.notices:
            if notice.topic in topics and sees(notice):
                key = (notice.topic, notice.id)
                found.pop(key, None)
                found[key] = {
                    "seq": change.seq, "topic": notice.topic, "kind": change.kind, "id": notice.id
                }  # fmt: skip
    return _shortened(list(found.values()))


def _shortened(changes: list[dict[str, object]]) -> list[dict[str, object]]:
    by_topic: dict[object, list[dict[str, object]]] = {}
    for change in changes:
        by_topic.setdefault(change["topic"], []).append(change)
    return [
        change
        for of_topic in by_topic.values()
        for change in (of_topic if len(of_topic) <= MOST_CHANGES else [{**of_topic[-1], "id": MUCH}])
    ]


def message(event: str, *, seq: int | None = None, data: object = None, retry: int | None = None) -> bytes:
    """One message of the stream; `seq` is what the browser names when it comes back after a break."""
    lines = [f"event: {event}"]
    if seq is not None:
        lines.append(f"id: {seq}")
    if retry is not None:
        lines.append(f"retry: {retry}")
    lines.append(f"data: {json.dumps(data, separators=(',', ':'))}")
    return ("\n".join(lines) + "\n\n").encode()


class Unclear(Exception):
    """What the address asks for cannot be understood; the text says what."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks the stream for: its topics, and after which number; None is from now on."""

    topics: frozenset[str]
    after: int | None


def asked(topics: Iterable[str], after: str = "") -> Asked:
    """Of what the address and the header `Last-Event-ID` say. Raises `Unclear`."""
    wanted = frozenset(topics)
    if not wanted:
        raise Unclear("name at least one topic: ?topic=cases")
    if len(wanted) > MOST_TOPICS:
        raise Unclear(f"at most {MOST_TOPICS} topics")
    for topic in wanted:
        if not _TOPIC.fullmatch(topic):
            raise Unclear(f"no topic: {topic[:60]!r}")
    if after and not _NUMBER.fullmatch(after):
        raise Unclear("`after` is the number of an event")
    return Asked(wanted, int(after) if after else None)
