"""One process's hub: the feed comes in once, and every open page takes from it what it may know."""

from __future__ import annotations

import asyncio
import dataclasses
import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import connection

from tuyendau.access import Permission, Viewer
from tuyendau.core.audit.queries import Event, events_after, head
from tuyendau.core.live import rules
from tuyendau.core.live.queries.resolving import changes_of
from tuyendau.lib import clock

READ_AT_ONCE = 500
KEPT = 2_000
"""So many events back a page may resume; one that was away longer is told to fetch itself whole."""
CHECK_SECONDS = 30
REACH_SECONDS = 600
"""What the same grants reach changes with the units alone, and events tell of that: this is for what none told of."""
LOOKED_FOR = (Permission.CASE_VIEW, Permission.CONTACT_VIEW, Permission.VISIT_VIEW, Permission.MAP_VIEW)
MOST_OF_A_SESSION = 20
THREADS = 2
STOP_SECONDS = 5
Result = TypeVar("Result")
NEVER = -math.inf


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in: the viewer that they are, until when the session holds, and the subject of their events."""

    viewer: Viewer
    subject: str
    ends: datetime


class TooMany(Exception):
    """A session has as many streams open as one may have."""


@dataclass(eq=False, slots=True)
class Page:
    """One open stream: what it shows, who looks, up to which number it knows all; `ended` says why it must close."""

    key: str
    session: Session
    topics: frozenset[str]
    cursor: int
    checked: float
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    ended: str = ""
    left: bool = False


class Hub:
    """The pages open in this process and the changes of late. All methods but the threads' run in one event loop.

    `session_of` gives the session of a cookie's key, or None; `reach_of` the reach of a viewer for a permission; a
    kind of event in `unsettling` changes what any viewer reaches.
    """

    def __init__(
        self,
        *,
        session_of: Callable[[str], Session | None],
        reach_of: Callable[[Viewer, Permission], rules.Reach],
        unsettling: frozenset[str] = frozenset(),
    ) -> None:
        self._session_of = session_of
        self._reach_of = reach_of
        self._unsettling = unsettling
        self._log: rules.Log | None = None
        self._pages: set[Page] = set()
        self._by_topic: defaultdict[str, set[Page]] = defaultdict(set)
        self._reaches: dict[tuple[Viewer, Permission], tuple[float, rules.Reach]] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self._catching_up = asyncio.Lock()
        self.checking = asyncio.Event()
        self.stopping = False

    # The feed comes in.

    async def catch_up(self, *, thorough: bool = False) -> None:
        """Read what is new in the chain, and wake the pages that it concerns. Raises what the database raises.

        `thorough`: see first whether the chain is still the same, and not an older one that was restored.
        """
        async with self._catching_up:
            last = await self._in_thread(_last) if thorough or self._log is None else None
            if last is not None and (self._log is None or last < self._log.position):
                self._log = rules.Log(max(0, last - KEPT), most_numbers=KEPT)
                _set_position(self._log.position)
                for page in self._pages:
                    page.wake.set()
            while await self._read_some(self._kept):
                pass

    async def _read_some(self, kept: rules.Log) -> bool:
        """Take in the next events; whether more may wait."""
        events, changes = await self._in_thread(lambda: _read(kept.position))
        if not events:
            return False
        if any(event.kind in self._unsettling for _seq, event in events):
            self._reaches.clear()
        watched = [
            (page, notice) for change in changes for notice in change.notices
            for page in self._by_topic.get(notice.topic, ())
        ]  # fmt: skip
        await self._learn({(page.session.viewer, notice.permission) for page, notice in watched})
        self._doubt({event.subject for _seq, event in events})
        kept.extend(changes, events[-1][0])
        _set_position(kept.position)
        for page, _notice in watched:
            page.wake.set()
        return len(events) == READ_AT_ONCE

    def _doubt(self, subjects: set[str]) -> None:
        """Have those whom events tell of looked at again before they are told anything more."""
        for page in self._pages:
            if page.session.subject in subjects:
                page.checked = NEVER
                self.checking.set()

    async def _learn(self, wanted: set[tuple[Viewer, Permission]]) -> None:
        """Know the reach of each of these viewers, not older than `REACH_SECONDS`: one step for all of them."""
        now = time.monotonic()
        stale = [key for key in wanted if now - self._reaches.get(key, _NOTHING)[0] > REACH_SECONDS]
        if stale:
            found = await self._in_thread(lambda: [self._reach_of(*key) for key in stale])
            self._reaches.update(zip(stale, ((now, reach) for reach in found), strict=True))

    # Pages come and go.

    async def open(self, key: str, asked: rules.Asked) -> Page | None:
        """A page of the session of the cookie `key`; None where nobody is signed in with it. Raises `TooMany`."""
        session = await self._in_thread(lambda: self._session_of(key))
        if session is None:
            return None
        if sum(page.key == key for page in self._pages) >= MOST_OF_A_SESSION:
            raise TooMany
        if self._log is None or (asked.after or 0) > self._log.position:
            await self.catch_up()
        known = _shared(session)
        # Learned now, so that the first event does not wait for it.
        await self._learn(
            {(known.viewer, permission) for permission in LOOKED_FOR if known.viewer.may(permission)}
        )
        position = self._kept.position
        after = position if asked.after is None else asked.after
        page = Page(key, known, asked.topics, after, time.monotonic())
        self._pages.add(page)
        for topic in page.topics:
            self._by_topic[topic].add(page)
        if after != position:
            page.wake.set()
        return page

    def leave(self, page: Page) -> None:
        """Forget a page."""
        self._pages.discard(page)
        for topic in page.topics:
            self._by_topic[topic].discard(page)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    async def news(self, page: Page) -> list[dict[str, object]]:
        """What the page does not know yet; afterwards it knows all up to `page.cursor`. Raises `rules.Gap`.

        Whoever was told of by an event is looked at first: `page.ended` may then say that they are told nothing.
        """
        page.wake.clear()
        if page.checked == NEVER:
            await self._check([page])
        if page.ended:
            return []
        position = self._kept.position
        after, page.cursor = page.cursor, position
        changes = list(self._kept.after(after))
        mine = [(c, n) for c in changes for n in c.notices if n.topic in page.topics]
        await self._learn({(page.session.viewer, notice.permission) for _change, notice in mine})
        return rules.told(changes, page.topics, lambda notice: self._sees(page, notice))

    def _sees(self, page: Page, notice: rules.Notice) -> bool:
        viewer = page.session.viewer
        if notice.where is None:
            return viewer.may(notice.permission)
        return self._reaches[viewer, notice.permission][1].holds(notice.where)

    def stop(self) -> None:
        """End every stream; browsers come back by themselves where the program runs again."""
        self.stopping = True
        for page in self._pages:
            page.wake.set()

    def close(self) -> None:
        """Let go of the threads and their connections, after `stop`; nothing works any more then."""
        together = threading.Barrier(THREADS)

        def leave(_number: int) -> None:
            together.wait(STOP_SECONDS)
            connection.close()

        list(self._threads.map(leave, range(THREADS)))
        self._threads.shutdown()

    @property
    def _kept(self) -> rules.Log:
        if self._log is None:
            raise RuntimeError("the chain was not read yet")
        return self._log

    # Whoever looks is looked at again.

    async def check_due(self) -> None:
        """Look again at sessions that were not for `CHECK_SECONDS`, that have run out, or that an event told of."""
        self.checking.clear()
        now, moment = time.monotonic(), clock.real_now()
        await self._check(
            [p for p in self._pages if now - p.checked > CHECK_SECONDS or moment >= p.session.ends]
        )

    async def _check(self, pages: list[Page]) -> None:
        now = time.monotonic()
        keys = {page.key for page in pages}
        found = await self._in_thread(lambda: {key: self._session_of(key) for key in keys}) if keys else {}
        for page in pages:
            _settle(page, found[page.key], now)

    async def _in_thread(self, function: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _with_database, function)


_NOTHING = (NEVER, rules.Reach())
_position: int | None = None


def position() -> int | None:
    """Up to which number this process knows the chain: no page made now is older. None where no hub runs here."""
    return _position


def _set_position(seq: int) -> None:
    global _position
    _position = seq


def _settle(page: Page, found: Session | None, now: float) -> None:
    """Let the page go on as who they are now; if they hold less than when it was made, it shows too much."""
    page.checked = now
    if found is None:
        page.ended = "session"
    elif set(page.session.viewer.grants) - set(found.viewer.grants):
        page.ended = "role"
    else:
        page.session = _shared(found)
        return
    page.wake.set()


def _shared(session: Session) -> Session:
    """The session with a viewer that equals that of everybody who holds the same: what they reach is learned once."""
    viewer = Viewer(None, tuple(sorted(set(session.viewer.grants), key=repr)))
    return dataclasses.replace(session, viewer=viewer)


def _last() -> int:
    return head()[0]


def _read(seq: int) -> tuple[list[tuple[int, Event]], list[rules.Change]]:
    events = events_after(seq, READ_AT_ONCE)
    return events, changes_of(events)


def _with_database(function: Callable[[], Result]) -> Result:
    """Run in a thread, with a connection that works: as at the ends of a request."""
    connection.close_if_unusable_or_obsolete()
    try:
        return function()
    finally:
        connection.close_if_unusable_or_obsolete()
