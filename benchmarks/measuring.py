"""What every measurement needs: times of several runs, memory, the machine."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


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
