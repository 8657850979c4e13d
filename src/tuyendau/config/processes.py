"""The program's own processes: started, watched, restarted a few times, stopped in order, and never left behind."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from tuyendau.config.storage import write_private

RESTARTS = 3
WITHIN_SECONDS = 300
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1


class AlreadyRunning(Exception):
    """Another run holds the lock; `state` is what it wrote about itself."""

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__(state)
        self.state = state


class ChildFailed(Exception):
    """A process died more often than it may be restarted; `child` has its log."""

    def __init__(self, child: Child) -> None:
        super().__init__(child.name)
        self.child = child


class Lock:
    """Held by the one run of a folder, and let go by the system even after a kill; beside it, what that run says.

    The state file names the address and the children, so that a second run can say who is there and a later one
    can end what a killed one left.
    """

    def __init__(self, folder: Path) -> None:
        self.state_file = folder / "up.json"
        self._file: IO[str] = (folder / "up.lock").open("a")

    def take(self) -> dict[str, Any]:
        """Take the lock; what the last run wrote is returned. Raises `AlreadyRunning`."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(self._read()) from None
        return self._read()

    def write(self, **state: Any) -> None:
        """Replace the state in one step."""
        write_private(self.state_file, json.dumps(state))

    def _read(self) -> dict[str, Any]:
        try:
            state = json.loads(self.state_file.read_text())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}


@dataclass
class Child:
    """One process: its name, command and log; in a session of its own, so that only its parent tells it to stop."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start the process; its output is added to the log."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent(),
            )

    def died(self) -> bool:
        """Whether the process was started and has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def restart(self, *, now: float) -> None:
        """Start it again, after ending what is left of its session. Raises `ChildFailed` when it dies too often."""
        self._kill_session()
        self.deaths = [moment for moment in self.deaths if now - moment < WITHIN_SECONDS] + [now]
        if len(self.deaths) > RESTARTS:
            raise ChildFailed(self)
        self.start()

    def stop(self) -> None:
        """Ask it to stop, and kill what has not ended after `STOP_SECONDS`."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self._kill_session()
        self.process = None

    def last_lines(self, count: int = 15) -> str:
        """The end of its log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""

    def record(self) -> dict[str, Any]:
        """What a later run needs to find it: its number, which is that of its session too, and its command."""
        return {"name": self.name, "pid": self.process.pid if self.process else None, "command": self.command}

    def _kill_session(self) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def end_leftovers(state: dict[str, Any]) -> list[str]:
    """End the children that a killed run left, and their own children; the names of those that were there.

    A number may have gone to another program since: only a process with the very command that was noted is touched.
    """
    ended = []
    for record in state.get("children", []):
        try:
            process = psutil.Process(record["pid"])
            if process.cmdline() != record["command"]:
                continue
            family = [*process.children(recursive=True), process]
        except (psutil.Error, KeyError, TypeError, ValueError):
            continue
        for member in family:
            _quietly(member.terminate)
        for member in psutil.wait_procs(family, timeout=STOP_SECONDS)[1]:
            _quietly(member.kill)
        ended.append(str(record["name"]))
    return ended


def watch(children: list[Child], *, healthy: Callable[[], None], told: Callable[[Child], None]) -> None:
    """Look after `children` until an exception ends it: `healthy` is called each second, `told` after a restart.

    Raises `ChildFailed`, and whatever `healthy` raises.
    """
    while True:
        time.sleep(0.5)
        healthy()
        for child in children:
            if child.died():
                child.restart(now=time.monotonic())
                told(child)


def run(command: list[str]) -> int:
    """Run a command to its end with this terminal, ending it when this process is stopped; its exit code."""
    process = subprocess.Popen(command, preexec_fn=_die_with_parent())  # noqa: S603
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def python(*arguments: str) -> list[str]:
    """The command line of this Python with `arguments`."""
    return [sys.executable, *arguments]


def _die_with_parent() -> Callable[[], None] | None:
    """What a child does before it becomes its program: ask Linux for a SIGTERM when its parent ends."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _quietly(act: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        act()
