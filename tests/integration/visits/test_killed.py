"""Web, worker and database killed at random points under load: what was acknowledged is there, once.

TUYENDAU_KILLING_SECONDS=600 TUYENDAU_KILLING_SEED=7 pytest tests/integration/visits/test_killed.py
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest

from tests.integration.config import test_up
from tests.integration.visits.killed_world import LINES, PEOPLE, SENDERS
from tuyendau.config import postgres

SECONDS = float(os.environ.get("TUYENDAU_KILLING_SECONDS", "40"))
SEED = int(os.environ.get("TUYENDAU_KILLING_SEED", "14"))
ROWS = 150
PATIENCE = 120
ROOT = Path(__file__).resolve().parents[3]

# A process is started again three times in five minutes; further apart it may be killed again.
PLAN = ("web", "backend", "postgres", "worker", "server", "backend", "postgres", "web", "worker", "server")
PLAN_SECONDS = 310


class Acknowledged:
    """What the program said that it has recorded, from all senders."""

    def __init__(self) -> None:
        self.visits: list[list[Any]] = []
        self.batches: dict[str, int] = {}
        self.tries = self.answers = 0
        self.problems: list[str] = []
        self.lock = threading.Lock()


class Sender(threading.Thread):
    """Sends batches, or single scans, and each again until it is acknowledged, as a gate does."""

    def __init__(self, number: int, address: int, key: str, told: Acknowledged, until: float) -> None:
        super().__init__()
        self.number, self.address, self.key, self.told, self.until = number, address, key, told, until
        self.random = random.Random(SEED * 100 + number)
        self.now = datetime.now(UTC).replace(microsecond=0)

    def run(self) -> None:
        try:
            count = 0
            while time.monotonic() < self.until:
                if self.number % 2:
                    self.scan(count)
                else:
                    self.batch(count)
                count += 1
        except Exception as error:
            self.told.problems.append(repr(error))

    def batch(self, count: int) -> None:
        stays = [self.stay(count * ROWS + n) for n in range(ROWS)]
        body = json.dumps(
            [
                {"person": p, "site": s, "start": _text(start), "end": _text(end)}
                for p, s, start, end, _open in stays
            ]
        ).encode()
        key = f"{self.number}-{count}"
        answer = self.post("/api/v1/visits", body, key)
        assert answer["refused"] == 0, answer["problems"][:3]
        assert answer["accepted"] == ROWS
        with self.told.lock:
            self.told.visits += stays
            self.told.batches[key] = ROWS

    def scan(self, count: int) -> None:
        """In and out of one person; each sender has lines and hours of its own, so no visit is another's."""
        person, site, start, end, _open = self.stay(count)
        for direction, moment in (("in", start), ("out", end)):
            scan = {"person": person, "site": site, "direction": direction, "moment": _text(moment)}
            self.post("/api/v1/scans", json.dumps(scan).encode(), "")
        with self.told.lock:
            self.told.visits.append([person, site, start, end, False])

    def stay(self, count: int) -> list[Any]:
        """The stay of that number: at a line of this sender alone, and over before the same person comes again."""
        line = f"L{self.number + SENDERS * self.random.randrange(LINES // SENDERS)}"
        person, slot = f"W{count % PEOPLE}", count // PEOPLE
        begins = self.now - timedelta(days=20) + timedelta(minutes=20 * slot + 5 * self.number)
        start = int(begins.timestamp()) + self.random.randrange(60)
        return [person, line, start, start + 60 + self.random.randrange(200), False]

    def post(self, path: str, body: bytes, key: str) -> dict[str, Any]:
        """The answer with status 200, after as many tries as it takes."""
        deadline = self.until + PATIENCE
        while time.monotonic() < deadline:
            self.told.tries += 1
            headers = {
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
                "Sent-At": datetime.now(UTC).isoformat(),
                "Idempotency-Key": key,
            }
            connection = http.client.HTTPConnection("127.0.0.1", self.address, timeout=15)
            with suppress(OSError, http.client.HTTPException), closing(connection):
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status == 200:
                    self.told.answers += 1
                    return json.loads(text)
                # Whatever else it says, 4xx is a mistake of this test: the program cannot be to blame by dying.
                assert answer.status >= 500, text
            time.sleep(0.2)
        raise AssertionError(f"{path} was not acknowledged in time")


def _text(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()


def kill(what: str, run: test_up.Up, folder: Path, chance: random.Random) -> bool:
    """Kill -9 one process of that kind; whether there was one."""
    with suppress(psutil.Error, KeyError, IndexError, OSError, ValueError):
        server = postgres.process(folder / "postgres")
        if what == "backend" and server is not None:
            chance.choice([c for c in server.children() if "[local]" in " ".join(c.cmdline())]).kill()
        elif what == "postgres" and server is not None:
            server.kill()
        elif what == "server":
            chance.choice(run.children()["web"].children(recursive=True)).kill()
        elif what in ("web", "worker"):
            run.children()[what].kill()
        else:
            return False
        return True
    return False


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one program; whatever is left running there is ended."""
    with TemporaryDirectory(prefix="tuyendau-killed-") as name:
        yield Path(name)
        for process in psutil.process_iter(["environ"]):
            if (process.info["environ"] or {}).get("TUYENDAU_VAR") == name:
                process.kill()
        postgres.stop(Path(name) / "postgres")


port = test_up.port


def ask(folder: Path, *arguments: str) -> Any:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"TUYENDAU_VAR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.visits.killed_world", *arguments],
        cwd=ROOT, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(folder: Path, port: int) -> None:
    run = test_up.Up(folder, port).ready()
    keys = ask(folder, "make")
    told, chance = Acknowledged(), random.Random(SEED)
    until = time.monotonic() + SECONDS
    senders = [Sender(n, port, key, told, until) for n, key in enumerate(keys)]
    for sender in senders:
        sender.start()
    killed: list[str] = []
    plan = list(PLAN)
    step = min(PLAN_SECONDS / len(PLAN), SECONDS / len(PLAN)) if SECONDS < PLAN_SECONDS else PLAN_SECONDS / 10
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.3, 1.7) * step)
        what = plan.pop(0) if plan else PLAN[len(killed) % len(PLAN)]
        if kill(what, run, folder, chance):
            killed.append(what)
    for sender in senders:
        sender.join(PATIENCE + 60)
        assert not sender.is_alive()
    assert not told.problems
    assert run.process.poll() is None, run.text
    assert {"web", "worker", "postgres"} <= set(killed)
    assert told.tries > told.answers, "nothing was interrupted"
    said = folder / "acknowledged.json"
    said.write_text(json.dumps({"visits": told.visits, "batches": told.batches}))
    assert ask(folder, "check", str(said)) == []
    assert len(told.visits) > 500
    run.process.terminate()
    run.process.wait(PATIENCE)
