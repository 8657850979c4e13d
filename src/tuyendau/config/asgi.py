"""What granian serves: pages in threads, the streams that keep open pages at the present, and the public map."""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import suppress

from tuyendau.config.pages import Pages, Receive, Scope, Send
from tuyendau.config.shelf import Shelf
from tuyendau.config.wsgi import application as pages

# Only now are the apps loaded.
from tuyendau.core.accounts.queries import session_of
from tuyendau.core.live.queries import Hub, feed
from tuyendau.core.live.views import Stream
from tuyendau.core.places.queries import reach_of

STREAM = "/live/"
PUBLIC = "/public/"
UNITS_CHANGED = frozenset({"units.loaded", "units.linked", "sites.loaded"})


class Program:
    """The ASGI application: `STREAM` to the hub of this process, `PUBLIC` to what is kept ready, all else to Django."""

    def __init__(self) -> None:
        self._pages = Pages(pages)
        self._shelf = Shelf(self._pages)
        self._hub = Hub(session_of=session_of, reach_of=reach_of, unsettling=UNITS_CHANGED)
        self._stream = Stream(self._hub)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == STREAM:
            await self._stream(scope, receive, send)
        elif scope["path"].startswith(PUBLIC):
            await self._shelf(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """From the start of the process to its end: follow the feed, look at sessions."""
        await receive()
        tasks = [asyncio.create_task(work(self._hub)) for work in (feed.follow, feed.watch)]
        _on_stop(self._hub)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._hub.close()
        await send({"type": "lifespan.shutdown.complete"})


def _on_stop(hub: Hub) -> None:
    """End the streams as soon as the process is asked to stop: the server waits for its connections before the rest.

    The server's own handler sits in the event loop and is told of each signal whatever function is set here.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(hub.stop))
        signal.siginterrupt(number, False)


application = Program()
