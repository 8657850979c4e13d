"""The stream that an open page holds, as an ASGI application beside Django."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie
from django.views.decorators.http import require_GET

from tuyendau.core.live import rules
from tuyendau.core.live.queries.hub import Hub, Page, TooMany

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BEAT_SECONDS = 15
STALLED_SECONDS = 30
PAUSE_SECONDS = 0.2
"""Between two messages to one page: what happens meanwhile comes in one."""
RETRY_MS = (1_000, 3_000)
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


@require_GET
def no_stream(request: HttpRequest) -> HttpResponse:
    """Where the server runs only the pages, there is no stream: 204 tells a browser not to come back."""
    return HttpResponse(status=204)


class Stream:
    """Server-sent events to one page after another: `open`, `change`, `beat`, `reload`, `ended`; see docs/live.md."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            return await _refuse(send, 405, "GET only")
        headers = dict(scope["headers"])
        fields = parse_qs(scope["query_string"].decode("latin-1"))
        last = headers.get(b"last-event-id", b"").decode("latin-1") or fields.get("after", [""])[-1]
        try:
            asked = rules.asked(fields.get("topic", ()), last)
            page = await self._hub.open(_session_key(headers.get(b"cookie", b"")), asked)
        except rules.Unclear as error:
            return await _refuse(send, 400, str(error))
        except TooMany:
            return await _refuse(send, 429, "this session has too many streams open")
        except Error:
            return await _refuse(send, 503, "the database does not answer")
        if page is None:
            return await _refuse(send, 401, "sign in first")
        leaving = asyncio.create_task(_leave(receive, page))
        try:
            await self._tell(page, send)
        finally:
            leaving.cancel()
            self._hub.leave(page)

    async def _tell(self, page: Page, send: Send) -> None:
        """Send until the page leaves, loses its right, or the program stops."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        hello = rules.message("open", data={"seq": page.cursor}, retry=random.randint(*RETRY_MS))  # noqa: S311
        await _write(send, hello)
        while not self._hub.stopping and not page.left:
            quiet = False
            try:
                await asyncio.wait_for(page.wake.wait(), BEAT_SECONDS)
            except TimeoutError:
                quiet = True
            sent = await self._write_news(page, send, quiet)
            if page.ended:
                await _write(send, rules.message("ended", data={"why": page.ended}))
                break
            await asyncio.sleep(PAUSE_SECONDS if sent else 0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write_news(self, page: Page, send: Send, quiet: bool) -> bool:
        """Write what is new to the page, else a sign of life where it was `quiet` for long; whether there was news."""
        try:
            changes = await self._hub.news(page)
        except rules.Gap:
            await _write(send, rules.message("reload", seq=page.cursor))
            return True
        if page.ended or page.left or self._hub.stopping:
            return False
        if changes:
            await _write(send, rules.message("change", seq=page.cursor, data=changes))
        elif quiet:
            await _write(send, rules.message("beat", seq=page.cursor))
        return bool(changes)


async def _write(send: Send, text: bytes) -> None:
    """Raises `TimeoutError` where the reader takes nothing any more."""
    await asyncio.wait_for(
        send({"type": "http.response.body", "body": text, "more_body": True}), STALLED_SECONDS
    )


async def _leave(receive: Receive, page: Page) -> None:
    """Note that the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    page.left = True
    page.wake.set()


async def _refuse(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode(), "more_body": False})


def _session_key(cookies: bytes) -> str:
    """The key in the session's cookie; empty where there is none."""
    return parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")
