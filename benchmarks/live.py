"""Open pages that are kept at the present: 200 streams on one worker, beside pages that ask every five seconds.

    python benchmarks/live.py                all of it, about four minutes
    python benchmarks/live.py --seconds 5    a quick run

Starts a PostgreSQL of its own, loads a province of 50 communes and 10,000 cases, serves with granian (one worker), and
opens four pages of the line list for each of 50 people: 25 who see the province, 25 who see one commune. A process of
its own commits changes of cases, half of them to the 200 latest; another is the browsers and notes when each page was
told. A page fetches its list anew when a case that it shows has changed, at most once a second, as `live.ts` does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from live_world import CASES, PAGES_EACH, POLL_SECONDS, USERS, browse, load, warm, write
from measuring import cpu, keep, own_server

RATES = (1, 10, 50)


def settle(worker: psutil.Process) -> None:
    """Wait until the worker has nothing to do: what browsers that have gone asked for is still answered."""
    worker.cpu_percent()
    for _ in range(120):
        time.sleep(1)
        if worker.cpu_percent() < 10:
            return


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    """Granian with one worker; its port and the worker's process."""
    import http.client
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--no-ws",
         "--workers-kill-timeout", "8", "--port", str(port),
         "tuyendau.config.asgi:application"],
        stdout=(folder / "web.log").open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        for _ in range(120):
            time.sleep(0.5)
            try:
                asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                asked.request("GET", "/accounts/login/")
                if asked.getresponse().status == 200:
                    break
            except OSError:
                continue
        yield port, max(psutil.Process(web.pid).children(), key=lambda child: child.memory_info().rss)
    finally:
        web.terminate()
        web.wait(60)


def busy(worker: psutil.Process, data: Path) -> dict[str, float]:
    """CPU seconds so far, of the web worker and of PostgreSQL with all that it has started."""
    times = worker.cpu_times()
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    spent = postmaster.cpu_times()
    database = spent.user + spent.system + spent.children_user + spent.children_system
    for child in postmaster.children():
        try:
            its = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        database += its.user + its.system
    return {"web": times.user + times.system, "database": database}


def run(
    way: str, rate: float, seconds: float, port: int, worker: psutil.Process, folder: Path
) -> dict[str, Any]:
    """One measurement: browsers of a way, changes at a rate; what was told when, and what it cost."""
    settle(worker)
    told, done, ready = folder / "told.json", folder / "done.json", folder / "ready"
    ready.unlink(missing_ok=True)
    script = [sys.executable, __file__, "--part"]
    tail = 2.0
    written = folder / "written"
    written.unlink(missing_ok=True)
    writer = subprocess.Popen([*script, "write", str(rate), str(seconds), str(folder)]) if rate else None
    while writer and not written.exists():
        time.sleep(0.05)
    browsers = subprocess.Popen([*script, "browse", way, str(port), str(seconds + tail), str(folder)])
    while not ready.exists():
        time.sleep(0.05)
        assert browsers.poll() is None
    memory = worker.memory_info().rss
    before, began = busy(worker, folder / "postgres"), time.monotonic()
    assert browsers.wait() == 0
    passed = time.monotonic() - began
    after = busy(worker, folder / "postgres")
    committed = []
    if writer:
        assert writer.wait() == 0
        committed = json.loads(done.read_text())
    found = json.loads(told.read_text())
    print(f"{way} {rate}/s: {len(committed)} committed, {sum(map(len, found['told']))} told", file=sys.stderr)
    return {
        "delays": delays(committed, found["told"]),
        "achieved": (len(committed) - 1) / (committed[-1][1] - committed[0][1]) if committed else 0.0,
        "requests": found["fetched"] / passed,
        "ms": found["ms"],
        "memory": memory,
        **{name: 100 * (after[name] - before[name]) / passed for name in before},
    }


def delays(committed: list[list[Any]], told: list[list[list[Any]]]) -> list[float]:
    """Milliseconds from each commit to each page that was told of it; a case changed twice is known by the later."""
    found = []
    moments: dict[str, list[float]] = {}
    for case, moment in committed:
        moments.setdefault(case, []).append(moment)
    for page in told:
        for case, arrived in page:
            # The writer notes the moment when it has the answer, which may be after the page was told.
            earlier = [moment for moment in moments.get(case, ()) if moment <= arrived + 0.05]
            if earlier:
                found.append(max(0.0, (arrived - max(earlier)) * 1e3))
    return sorted(found)


def at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def report(streams: dict[str, Any], runs: dict[tuple[str, int], dict[str, Any]], before: int) -> str:
    pages = USERS * PAGES_EACH
    lines = [
        "## Open pages kept at the present",
        "",
        f"{pages} open pages of {USERS} people (25 see the province, 25 one commune) on one granian worker; "
        f"{CASES:,} cases; PostgreSQL 18, the browsers and the writer on the same machine: {cpu()}. "
        f"{datetime.now():%d/%m/%Y}, `python benchmarks/live.py`. CPU is per cent of one core: web and database.",
        "",
        "| changes/s | told: median | p95 | slowest | CPU, telling alone | with fetching: requests/s | CPU |",
        "|---|---|---|---|---|---|---|",
        f"| 0 | | | | {streams['web']:.1f} + {streams['database']:.1f} % | | |",
    ]
    for rate in RATES:
        only, both = runs["live", rate], runs["fetching", rate]
        d = only["delays"]
        lines.append(
            f"| {rate} ({only['achieved']:.0f}, {both['achieved']:.0f} achieved) | {at(d, 0.5):.0f} ms | "
            f"{at(d, 0.95):.0f} ms | {at(d, 1):.0f} ms | {only['web']:.0f} + {only['database']:.0f} % | "
            f"{both['requests']:.1f} | {both['web']:.0f} + {both['database']:.0f} % |"
        )
    polling = runs["polling", 0]
    lines.append(
        f"| any: polling every {POLL_SECONDS} s | {POLL_SECONDS * 500:,} ms | {POLL_SECONDS * 950:,} ms | "
        f"{POLL_SECONDS * 1000:,} ms | | {polling['requests']:.1f} of {pages / POLL_SECONDS:.0f} | "
        f"{polling['web']:.0f} + {polling['database']:.0f} % |"
    )
    return "\n".join([*lines, "", *remarks(streams, runs, before)])


def remarks(streams: dict[str, Any], runs: dict[tuple[str, int], dict[str, Any]], before: int) -> list[str]:
    """What the table does not say."""
    polling, pages = runs["polling", 0], USERS * PAGES_EACH
    told = sum(len(runs["live", rate]["delays"]) for rate in RATES)
    each = (polling["web"] + polling["database"]) / max(polling["requests"], 0.01)
    ratios = "; ".join(
        f"{rate}/s: {pages / POLL_SECONDS / max(runs['fetching', rate]['requests'], 0.01):,.1f}x fewer requests, "
        f"{each * pages / POLL_SECONDS / (runs['fetching', rate]['web'] + runs['fetching', rate]['database']):,.1f}x "
        "less CPU"
        for rate in RATES
    )
    return [
        f"Told {told:,} times, by the moment of the commit and of the arrival at the page. Against polling, "
        f"as it would cost if the worker could answer all of it: {ratios}. Polling was answered "
        f"{polling['requests']:.1f} times a second of the {pages / POLL_SECONDS:.0f} asked, "
        f"in {at(polling['ms'], 0.5):,.0f} ms in the median, {each * 10:.0f} ms of CPU each. A page fetches its list "
        f"when a case that it shows has changed.",
        f"Resident memory of the worker: {before / 2**20:.0f} MB without pages, {streams['memory'] / 2**20:.0f} MB "
        f"with them ({max(0, streams['memory'] - before) / pages / 1024:.0f} kB a page). The load average was "
        f"{os.getloadavg()[0]:.1f} at the end; other work on the machine lengthens all times.",
    ]


def part(arguments: list[str]) -> None:
    """A process of the benchmark's own: the browsers, or the writer."""
    folder = Path(arguments[-1])
    if arguments[0] == "write":
        write(float(arguments[1]), float(arguments[2]), folder / "done.json")
    else:
        keys = json.loads((folder / "keys.json").read_text())
        way, port, seconds = arguments[1], int(arguments[2]), float(arguments[3])
        asyncio.run(browse(port, keys, way, seconds, folder / "told.json", folder / "ready"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--keep", action="store_true", help="write the result into RESULTS.md")
    options = parser.parse_args()
    with own_server("live") as folder:
        text = measure(folder, options.seconds)
    print(text)
    if options.keep:
        keep("live", text)


def measure(folder: Path, seconds: float) -> str:
    import django

    django.setup()
    keys = load()
    (folder / "keys.json").write_text(json.dumps(keys))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()
    with served(folder) as (port, worker):
        # Every thread has answered a page: what it keeps is not counted as the streams'.
        asyncio.run(warm(port, keys))
        before = worker.memory_info().rss
        streams = run("live", 0, seconds / 2, port, worker, folder)
        runs = {
            (way, rate): run(way, rate, seconds, port, worker, folder)
            for way in ("live", "fetching")
            for rate in RATES
        }
        runs["polling", 0] = run("polling", 0, seconds, port, worker, folder)
    return report(streams, runs, before)


if __name__ == "__main__":
    if "--part" in sys.argv:
        part(sys.argv[sys.argv.index("--part") + 1 :])
    else:
        main()
