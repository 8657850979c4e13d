"""The program's web server as it runs in life, a process of its own, on the tests' database."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

PATIENCE = 30
STARTING = 120


def eventually(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait until `condition` gives something true, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)
    return found


def spare_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Granian with one worker, as `tuyendau up` starts it."""

    def __init__(
        self, folder: Path, application: str = "tuyendau.config.asgi:application", **environment: str
    ) -> None:
        self._application = application
        self.port = spare_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "web.log"
        own = {
            "DATABASE_URL": _address(),
            "TUYENDAU_VAR": str(folder),
            "TUYENDAU_SECRET_KEY": settings.SECRET_KEY,
        }
        self._environment = os.environ | own | environment
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(self.port), "--no-ws",
                    "--workers", "1", "--workers-kill-timeout", "8", "--respawn-failed-workers",
                    self._application,
                ],
                env=self._environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            eventually(self.answers, STARTING)
        except AssertionError:
            self.kill()
            raise

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return httpx.get(f"{self.url}/accounts/login/").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> float:
        """Ask it to stop; how many seconds it took."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(PATIENCE)
        return time.monotonic() - began

    def kill(self) -> None:
        """End it and its worker at once, as a failing machine does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Listener:
    """An open stream, read in a thread: `messages` are (event, id, data) as they came."""

    def __init__(self, server: Server, session: str, *topics: str, after: int | None = None) -> None:
        self.status = 0
        self.messages: list[tuple[str, int | None, Any]] = []
        self.closed = threading.Event()
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        query = [("topic", topic) for topic in topics] + ([] if after is None else [("after", str(after))])
        path = f"/live/?{urlencode(query)}"
        self._thread = threading.Thread(target=self._read, args=(path, session), daemon=True)
        self._thread.start()

    def _read(self, path: str, session: str) -> None:
        try:
            with closing(self._connection):
                self._connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
                with self._connection.getresponse() as answer:
                    self.status = answer.status
                    self._take(answer if answer.status == 200 else ())
        except (OSError, http.client.HTTPException):
            pass
        finally:
            self.closed.set()

    def _take(self, lines: Iterable[bytes]) -> None:
        fields: dict[str, str] = {}
        for line in lines:
            if text := line.decode().rstrip("\n"):
                name, _, value = text.partition(": ")
                fields[name] = value
            elif fields:
                seq = int(fields["id"]) if "id" in fields else None
                self.messages.append((fields["event"], seq, json.loads(fields["data"])))
                fields = {}

    def opened(self) -> Listener:
        eventually(lambda: self.messages or self.closed.is_set())
        assert self.messages, f"status {self.status}"
        return self

    def changes(self) -> list[dict[str, Any]]:
        """Every change told so far, in order."""
        return [change for event, _seq, data in list(self.messages) if event == "change" for change in data]

    def told(self, kind: str, seconds: float = 10) -> dict[str, Any]:
        """The first change of a kind, waited for."""
        found: dict[str, Any] = eventually(
            lambda: next((change for change in self.changes() if change["kind"] == kind), None), seconds
        )
        return found

    def of(self, event: str, seconds: float = 10) -> tuple[str, int | None, Any]:
        """The first message of an event, waited for."""
        found: tuple[str, int | None, Any] = eventually(
            lambda: next((message for message in list(self.messages) if message[0] == event), None), seconds
        )
        return found

    @property
    def last_id(self) -> int:
        return max(seq for _event, seq, _data in self.messages if seq is not None)

    def close(self) -> None:
        """Leave, as a browser does whose page is closed."""
        if (opened := self._connection.sock) is not None:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)


def _address() -> str:
    given = connection.settings_dict
    return make_conninfo(
        host=given["HOST"] or None, port=given["PORT"] or None, user=given["USER"] or None,
        password=given["PASSWORD"] or None, dbname=given["NAME"],
    )  # fmt: skip


def _listening() -> list[int]:
    """The processes of PostgreSQL that serve the listening connections of servers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = 'tuyendau live' AND state = 'idle'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def cut() -> None:
    """Cut the servers' listening connections, and wait until they listen again."""
    before = set(eventually(_listening))
    with connection.cursor() as cursor:
        for pid in before:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    eventually(lambda: len(set(_listening()) - before) >= len(before))


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Server]:
    server = Server(folder, **environment)
    try:
        yield server
    finally:
        server.kill()
