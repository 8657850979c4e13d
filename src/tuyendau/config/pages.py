"""The pages are ordinary functions (WSGI); the server speaks ASGI. Here each request gets a thread of a fixed few.

An answer that is whole goes back to the server's loop in one step, a long one in pieces of `PIECE` bytes, each only
once the one before was taken: what a slow reader has not fetched is not held in memory.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PIECE = 64 * 1024
THREADS = 8


class Pages:
    """An ASGI application that runs `application` (WSGI) in threads that stay, as their database connections do."""

    def __init__(self, application: Application, threads: int = THREADS) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        body = Body(loop, receive) if _has_body(scope) else io.BytesIO()
        answer = Answer(loop, send)
        last = await loop.run_in_executor(self._threads, self._run, environ(scope, body), answer)
        for message in last:
            await send(message)

    def _run(self, environ: dict[str, Any], answer: Answer) -> list[Message]:
        """In a thread: make the answer, sending all of it but its last piece, which is returned with what is left."""
        chunks = self._application(environ, answer.start)
        try:
            last = b""
            for piece in _pieces(chunks):
                if last:
                    answer.send(last)
                last = piece
            return answer.messages(last, more=False)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()


class Answer:
    """What the application says of one answer, on its way from the thread to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop = loop
        self._send = send
        self._head: Message | None = None

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        """WSGI's start_response."""
        self._head = {
            "type": "http.response.start",
            "status": int(status.partition(" ")[0]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }

    def messages(self, piece: bytes, *, more: bool) -> list[Message]:
        """The head, if it was not said yet, and a piece."""
        head, self._head = self._head, None
        body: Message = {"type": "http.response.body", "body": piece, "more_body": more}
        return [body] if head is None else [head, body]

    def send(self, piece: bytes) -> None:
        """Send a piece and wait until the server has taken it."""
        asyncio.run_coroutine_threadsafe(self._all(self.messages(piece, more=True)), self._loop).result()

    async def _all(self, messages: list[Message]) -> None:
        for message in messages:
            await self._send(message)


class Body(io.RawIOBase):
    """A request's body, fetched from the loop piece by piece as the thread reads it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive) -> None:
        self._loop = loop
        self._receive = receive
        self._held = memoryview(b"")
        self._more = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held and self._more:
            message = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
            self._more = message.get("more_body", False)
            self._held = memoryview(message.get("body", b""))
        size = min(len(buffer), len(self._held))
        buffer[:size] = self._held[:size]
        self._held = self._held[size:]
        return size

    async def _next(self) -> Message:
        return await self._receive()


def environ(scope: Scope, body: io.IOBase) -> dict[str, Any]:
    """WSGI's words for an ASGI scope."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    raw = scope.get("raw_path")
    path = unquote_to_bytes(raw.partition(b"?")[0]) if raw else scope["path"].encode()
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BufferedReader(body, PIECE) if isinstance(body, io.RawIOBase) else body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in _headers(scope):
        # Of two cookies, HTTP/2 makes two headers.
        joint = "; " if name == "HTTP_COOKIE" else ","
        found[name] = f"{found[name]}{joint}{value}" if name in found else value
    return found


def _headers(scope: Scope) -> Iterator[tuple[str, str]]:
    """Headers under WSGI's names. One with an underscore could pass for another that a proxy vouches for: left out."""
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1")
        if "_" not in name:
            key = name.upper().replace("-", "_")
            yield key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}", value.decode("latin-1")


def _has_body(scope: Scope) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _value in scope["headers"])


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of about `PIECE`, so that a file read by 4 kB does not cross to the loop as often."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
