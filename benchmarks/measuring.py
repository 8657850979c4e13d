"""What every measurement needs: times of several runs, memory, the machine, a server of its own, where results go."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).with_name("RESULTS.md")


def timed(work: Callable[[], Any], repeat: int) -> tuple[list[float], Any]:
    """Milliseconds of each run after a first one that does not count, and the last answer."""
    answer = work()
    spent = []
    for _ in range(repeat):
        begin = time.perf_counter()
        answer = work()
        spent.append((time.perf_counter() - begin) * 1_000)
    return spent, answer


def median(spent: list[float]) -> float:
    return float(np.median(spent))


def memory_mb() -> dict[str, float]:
    """Resident memory of this process and the most that it was, in MB."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    names = {"resident": "VmRSS", "own": "RssAnon", "most": "VmHWM"}
    return {k: int(fields[v].split()[0]) / 1_024 for k, v in names.items()}


def cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    gigabytes = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    return f"{names[0] if names else platform.processor()}, {len(names)} cores, {gigabytes:.0f} GB"


def keep(name: str, text: str) -> None:
    """Put `text` between the marks of a section in RESULTS.md, at the end where there is none yet."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    old = RESULTS.read_text(encoding="utf-8")
    section = f"{begin}\n{text.rstrip()}\n{end}"
    if begin in old:
        head, rest = old.split(begin, 1)
        new = head + section + rest.split(end, 1)[1]
    else:
        new = old.rstrip() + "\n\n" + section + "\n"
    RESULTS.write_text(new, encoding="utf-8")


@contextmanager
def own_server(name: str) -> Iterator[Path]:
    """A migrated PostgreSQL in a temporary folder, which is the program's, too; the environment tells of both."""
    with tempfile.TemporaryDirectory(prefix=f"tuyendau-{name}-") as place:
        folder = Path(place)
        os.environ |= {
            "TUYENDAU_VAR": place,
            "DJANGO_SETTINGS_MODULE": "tuyendau.config.settings",
            "TUYENDAU_SECRET_KEY": "x" * 50,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from tuyendau.config import postgres
        os.environ["DATABASE_URL"] = postgres.start(folder / "postgres")
        try:
            migrate = [sys.executable, "-m", "tuyendau.config.cli", "migrate"]
            subprocess.run(migrate, check=True, stdout=subprocess.DEVNULL)
            yield folder
        finally:
            postgres.stop(folder / "postgres")
