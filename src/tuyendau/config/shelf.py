"""Answers that are the same for everybody, kept ready: made once by the pages, then sent by the server's loop itself.

Who asks for the public map costs no thread, no session and no query: that many may ask at once, also while the
database is away. An answer that is older than `FRESH` seconds is made anew beside the asking; one older than
`OLDEST` is waited for, so that with the seconds for which a browser keeps it everybody sees what is at most a minute
old. Where it cannot be made anew, the last one is shown, which says itself of when it is.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from tuyendau.config.pages import Message, Receive, Scope, Send

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Key = tuple[bytes | str, ...]

FRESH = 15.0
OLDEST = 30.0
KEPT_WHEN_FAILING = 3600.0
AGAIN_AFTER_FAILING = 5.0
WAIT = 3.0
"""Seconds for which somebody waits for a new answer where there is an old one."""
MOST = 32
"""Answers that are kept: pages times the names under which the program is served."""

_LEFT_OUT = frozenset({b"set-cookie", b"vary", b"content-length", b"etag", b"connection"})
_PASSED_ON = frozenset({b"host", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-for"})
_FOR_KEY = (b"host", b"x-forwarded-proto", b"x-forwarded-host")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer in the form in which it is sent."""

    etag: bytes
    headers: Headers
    body: bytes


@dataclass(slots=True)
class Entry:
    """An answer plain and compressed, when it was made, and the making that is under way."""

    plain: Kept | None = None
    packed: Kept | None = None
    made: float = 0.0
    tried: float = 0.0
    making: asyncio.Task[list[Message]] | None = None


class Shelf:
    """An ASGI application before `pages`, for addresses whose answers depend on nothing but the address."""

    def __init__(self, pages: Application) -> None:
        self._pages = pages
        # Those that are made for the first time: a name that the program is not served under is never kept.
        self._first: dict[Key, Entry] = {}
        self._entries: OrderedDict[Key, Entry] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await self._pages(scope, receive, send)
            return
        asked: dict[bytes, bytes] = dict(scope["headers"])
        key = (scope["path"], *(asked.get(name, b"") for name in _FOR_KEY))
        entry = self._entries.get(key) or self._first.setdefault(key, Entry())
        if entry.plain is None or time.monotonic() - entry.made > FRESH:
            refused = await self._renew(key, entry, scope)
            if entry.plain is None:
                for message in refused:
                    await send(message)
                return
        kept = entry.packed if entry.packed is not None and _takes_gzip(asked) else entry.plain
        await _answer(kept, asked.get(b"if-none-match", b""), scope["method"] == "HEAD", send)

    async def _renew(self, key: Key, entry: Entry, scope: Scope) -> list[Message]:
        """Begin to make the answer anew, once for all who ask; wait for it where what is there is too old.

        Returned is what the pages said where it is nothing to keep.
        """
        now = time.monotonic()
        if entry.making is None and (entry.plain is None or now - entry.tried > AGAIN_AFTER_FAILING):
            entry.tried = now
            entry.making = asyncio.create_task(self._make(key, entry, scope))
        if entry.making is None or (entry.plain is not None and now - entry.made <= OLDEST):
            return []
        # Whoever leaves does not end the making for the others.
        making = asyncio.shield(entry.making)
        if entry.plain is None:
            return await making
        with suppress(TimeoutError):
            return await asyncio.wait_for(making, WAIT)
        return []

    async def _make(self, key: Key, entry: Entry, scope: Scope) -> list[Message]:
        messages: list[Message] = []

        async def take(message: Message) -> None:
            messages.append(message)

        try:
            await self._pages(_anybody(scope), _nothing, take)
            if _is_for_all(messages):
                entry.plain, entry.packed = _forms(messages)
                entry.made = time.monotonic()
                self._keep(key, entry)
            elif entry.plain is not None:
                logger.warning("the public page was not made anew: status %s", messages[0].get("status"))
                self._give_up(key, entry)
        except Exception:
            logger.exception("the public page was not made anew")
            if entry.plain is None:
                raise
            self._give_up(key, entry)
        finally:
            entry.making = None
            self._first.pop(key, None)
        return messages

    def _give_up(self, key: Key, entry: Entry) -> None:
        """Keep what there is for an hour at most: then the failure is shown."""
        if time.monotonic() - entry.made > KEPT_WHEN_FAILING:
            entry.plain = entry.packed = None
            self._entries.pop(key, None)

    def _keep(self, key: Key, entry: Entry) -> None:
        self._entries[key] = entry
        self._entries.move_to_end(key)
        while len(self._entries) > MOST:
            self._entries.popitem(last=False)


def _anybody(scope: Scope) -> Scope:
    """The same address as somebody asks for it of whom nothing is known: no cookie, no language, no question mark."""
    headers = [(name, value) for name, value in scope["headers"] if name in _PASSED_ON]
    return {**scope, "method": "GET", "query_string": b"", "headers": headers}


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _is_for_all(messages: list[Message]) -> bool:
    head = messages[0]
    said = dict(head["headers"])
    return bool(head["status"] == 200 and said.get(b"cache-control", b"").startswith(b"public"))


def _forms(messages: list[Message]) -> tuple[Kept, Kept]:
    """The answer plain and compressed. Nothing that would mark whoever gets it is in either."""
    body = b"".join(message.get("body", b"") for message in messages[1:])
    headers = [(name, value) for name, value in messages[0]["headers"] if name not in _LEFT_OUT]
    headers.append((b"vary", b"Accept-Encoding"))
    digest = hashlib.sha256(body).hexdigest()[:24].encode()
    packed = gzip.compress(body, 6, mtime=0)
    return (
        _kept(b'"' + digest + b'"', headers, body),
        _kept(b'"' + digest + b'-gz"', [*headers, (b"content-encoding", b"gzip")], packed),
    )


def _kept(etag: bytes, headers: Headers, body: bytes) -> Kept:
    own = [(b"etag", etag), (b"content-length", str(len(body)).encode())]
    return Kept(etag, [*headers, *own], body)


def _takes_gzip(asked: dict[bytes, bytes]) -> bool:
    """Whether the asker reads gzip; one that says q=0 does not."""
    for part in asked.get(b"accept-encoding", b"").lower().split(b","):
        name, _, quality = part.partition(b";")
        if name.strip() in (b"gzip", b"*"):
            return quality.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False


async def _answer(kept: Kept, known: bytes, head: bool, send: Send) -> None:
    if known and (known.strip() == b"*" or kept.etag in _etags(known)):
        headers = [pair for pair in kept.headers if pair[0] not in (b"content-length", b"content-type")]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": b"" if head else kept.body, "more_body": False})


def _etags(known: bytes) -> list[bytes]:
    return [each.strip().removeprefix(b"W/") for each in known.split(b",")]
