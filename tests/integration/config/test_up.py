"""`tuyendau up` for real: its own folder, its own PostgreSQL, a spare port."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from tuyendau.config import postgres

PATIENCE = 90


class Up:
    """One run of `tuyendau up` in a folder, with what it has printed so far."""

    def __init__(self, folder: Path, port: int, **environment: str) -> None:
        self.folder = folder
        self.port = port
        self.output = folder / f"output-{time.monotonic_ns()}.txt"
        environment = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
        } | environment
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tuyendau.config.cli", "up", "--no-demo", "--port", str(port)],
                env=environment | {"TUYENDAU_VAR": str(folder), "LANG": "en_US.UTF-8"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def modes(self) -> dict[str, int]:
        """Permissions of what is kept, by name; the folder itself is "."."""
        names = (".", "log", "segments", "up.json", "secret-key")
        return {name: (self.folder / name).stat().st_mode & 0o777 for name in names}

    @property
    def text(self) -> str:
        return self.output.read_text()

    def ready(self) -> Up:
        """Wait until it has printed the address."""
        eventually(lambda: f"http://127.0.0.1:{self.port}" in self.text or self.process.poll() is not None)
        assert self.process.poll() is None, self.text
        return self

    def children(self) -> dict[str, psutil.Process]:
        """Web and worker by name, as the run itself noted them."""
        noted = json.loads((self.folder / "up.json").read_text())["children"]
        return {child["name"]: psutil.Process(child["pid"]) for child in noted}

    def status(self) -> int:
        """Status of the sign-in page; 0 where nothing answers."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            try:
                connection.request("GET", "/accounts/login/")
                return connection.getresponse().status
            except OSError:
                return 0

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def eventually(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until `condition` holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one program; whatever a failed test leaves running there is ended.

    Not pytest's own: run by root, the server is another user's, and each run of pytest closes its folders to others.
    """
    with TemporaryDirectory(prefix="tuyendau-up-") as name:
        yield Path(name)
        for process in psutil.process_iter(["environ"]):
            if (process.info["environ"] or {}).get("TUYENDAU_VAR") == name:
                process.kill()
        postgres.stop(Path(name) / "postgres")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_starts_refuses_a_second_run_and_stops_cleanly(folder: Path, port: int) -> None:
    first = Up(folder, port).ready()
    assert first.status() == 200
    children = [*first.children().values(), postgres.process(folder / "postgres")]
    assert all(child is not None and child.is_running() for child in children)

    # The temporary folder holds a file that is not the program's, so it stays as it is, but for root's server.
    passed = 0o711 if os.geteuid() == 0 else 0o700
    private = {"log": 0o700, "segments": 0o700, "up.json": 0o600, "secret-key": 0o600}
    assert first.modes() == {".": passed, **private}

    second = Up(folder, port)
    assert second.process.wait(PATIENCE) == 1
    assert f"already running at http://127.0.0.1:{port} (process {first.process.pid})" in second.text
    assert first.status() == 200

    assert first.stop(signal.SIGINT) == 0
    assert "Traceback" not in first.text
    assert all(gone(child) for child in children)
    assert first.status() == 0


def test_starts_behind_a_proxy_that_speaks_https(folder: Path, port: int) -> None:
    run = Up(folder, port, TUYENDAU_HTTPS="1", TUYENDAU_HOSTS="dichte.example.vn").ready()
    assert run.status() == 400
    assert run.stop(signal.SIGTERM) == 0


def test_recovers_from_being_killed(folder: Path, port: int) -> None:
    first = Up(folder, port).ready()
    children = first.children()
    server = postgres.process(folder / "postgres")
    assert server is not None
    server.kill()
    first.stop(signal.SIGKILL)

    second = Up(folder, port).ready()
    assert second.status() == 200
    assert all(gone(child) for child in children.values())
    assert second.stop(signal.SIGTERM) == 0
    assert postgres.process(folder / "postgres") is None


def test_starts_again_what_dies(folder: Path, port: int) -> None:
    run = Up(folder, port).ready()
    for name in ("web", "worker"):
        run.children()[name].kill()
        eventually(lambda name=name: f"{name} had stopped and was started again" in run.text)
    eventually(lambda: run.status() == 200)
    server = postgres.process(folder / "postgres")
    assert server is not None
    server.kill()
    eventually(lambda: "PostgreSQL had stopped and is started again" in run.text)
    eventually(lambda: run.status() == 200)
    assert run.stop(signal.SIGTERM) == 0


def test_says_why_postgresql_does_not_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "REFUSED_SECONDS", 0)
    with pytest.raises(postgres.PostgresFailed, match="shared_buffers"):
        postgres.start(folder / "postgres", extra="shared_buffers = 'plenty'\n")


def test_a_folder_whose_making_was_cut_short_is_put_aside(folder: Path) -> None:
    data = folder / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n")
    assert postgres.start(data)
    postgres.stop(data)
    assert [path.name for path in folder.glob("postgres.unfinished-*/*")] == ["PG_VERSION"]


def test_says_that_a_port_is_taken(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        run = Up(folder, port)
        assert run.process.wait(PATIENCE) == 1
    assert f"port {port}" in run.text
    assert f"tuyendau up --port {port + 1}" in run.text
    assert postgres.process(folder / "postgres") is None


def test_a_command_leaves_no_server_behind_but_stops_nobody_elses(folder: Path, port: int) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    environment["TUYENDAU_VAR"] = str(folder)

    def call(name: str) -> None:
        command = [sys.executable, "-m", "tuyendau.config.cli", name]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    call("migrate")
    assert postgres.process(folder / "postgres") is None
    run = Up(folder, port).ready()
    call("publish")
    assert postgres.process(folder / "postgres") is not None
    assert run.status() == 200
    assert run.stop(signal.SIGTERM) == 0
