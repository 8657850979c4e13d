"""The public map under many readers: how many a second one worker answers, and how long each waits.

    python benchmarks/public_map.py             about a minute
    python benchmarks/public_map.py --seconds 3 a quick run

Starts a PostgreSQL of its own with the communes of a province and 10,000 cases, serves with granian (one worker, as
`tuyendau up` does), and asks from a process of its own over 50 connections that are kept open. Beside it the same page
without the shelf, where each answer is made by the pages in their threads.
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
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from measuring import cpu, keep, own_server

CONNECTIONS, CASES = 50, 10_000
TARGET = 500


@contextmanager
def served(folder: Path, application: str) -> Iterator[tuple[int, psutil.Process]]:
    """Granian with one worker; its port and the worker's process."""
    import http.client
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--no-ws",
         "--workers-kill-timeout", "8", "--port", str(port), application],
        stdout=(folder / "web.log").open("a"), stderr=subprocess.STDOUT, cwd=Path(__file__).parent,
    )  # fmt: skip
    try:
        for _ in range(240):
            time.sleep(0.5)
            try:
                asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
                asked.request("GET", "/public/")
                if asked.getresponse().status == 200:
                    break
            except OSError:
                continue
        yield port, max(psutil.Process(web.pid).children(), key=lambda child: child.memory_info().rss)
    finally:
        web.terminate()
        web.wait(60)


class Reader(asyncio.Protocol):
    """One connection that asks again as soon as it was answered."""

    def __init__(self, request: bytes, until: float, found: list[float], over: asyncio.Future[None]) -> None:
        self._request, self._until, self._found, self._over = request, until, found, over
        self._held, self._left, self._status, self._asked = b"", -1, b"", 0.0
        self.statuses: set[bytes] = set()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._held += data
        if self._left < 0:
            head, end, rest = self._held.partition(b"\r\n\r\n")
            if not end:
                return
            self.statuses.add(head[9:12])
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self._left, self._held = int(length or 0), rest
        if len(self._held) >= self._left:
            self._held, self._left = b"", -1
            now = time.perf_counter()
            self._found.append((now - self._asked) * 1e3)
            if now < self._until:
                self._ask()
            elif not self._over.done():
                self._over.set_result(None)
                self._transport.close()


async def read(port: int, seconds: float, headers: str) -> dict[str, Any]:
    """Ask over all connections for so long; milliseconds of each answer."""
    request = f"GET /public/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()
    loop = asyncio.get_running_loop()
    found: list[float] = []
    began = time.perf_counter()
    readers = []
    for _ in range(CONNECTIONS):
        over = loop.create_future()
        reader = Reader(request, began + seconds, found, over)
        await loop.create_connection(lambda reader=reader: reader, "127.0.0.1", port)
        readers.append((reader, over))
    await asyncio.gather(*(over for _reader, over in readers))
    passed = time.perf_counter() - began
    statuses = sorted({status.decode() for reader, _over in readers for status in reader.statuses})
    found.sort()
    return {
        "rate": len(found) / passed, "median": found[len(found) // 2], "p99": found[int(len(found) * 0.99)],
        "slowest": found[-1], "statuses": statuses,
    }  # fmt: skip


def asked(port: int, seconds: float, headers: str, worker: psutil.Process) -> dict[str, Any]:
    """Read in a process of its own; what it found, and the worker's CPU meanwhile in per cent of one core."""
    before, began = worker.cpu_times(), time.monotonic()
    told = subprocess.run(
        [sys.executable, __file__, "--read", str(port), str(seconds), headers],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    after, passed = worker.cpu_times(), time.monotonic() - began
    found: dict[str, Any] = json.loads(told)
    found["cpu"] = 100 * (after.user + after.system - before.user - before.system) / passed
    return found


def load() -> None:
    """The province's communes, somebody who answers for it, and cases of the last weeks."""
    from tuyendau.config.cli.import_units import load_vietnam
    from tuyendau.core.accounts.actions import add_user
    from tuyendau.core.places.models import Site, SiteKind, Unit, UnitLevel
    from tuyendau.lib import clock
    from tuyendau.records.cases.models import Case
    from tuyendau.records.people.models import Person

    now = clock.now()
    load_vietnam("24")
    add_user(
        "dichte",
        password="ruộng lúa chín vàng",
        full_name="A",
        role="epidemiologist",
        unit="24",
        by=None,
        at=now,
    )
    units = list(Unit.objects.filter(level=UnitLevel.COMMUNE, valid_to__isnull=True))
    people = Person.objects.bulk_create(
        [Person(code=f"P{n}", full_name=f"Người {n}", unit=units[n % len(units)]) for n in range(CASES)],
        1_000,
    )
    day = clock.local_day(now)
    Case.objects.bulk_create(
        [
            Case(
                person=person,
                unit_id=person.unit_id,
                status="confirmed",
                reported_on=day - timedelta(days=n % 28),
            )
            for n, person in enumerate(people)
        ],
        1_000,
    )
    for n, unit in enumerate(units[:40]):
        kind = SiteKind.TEST_POINT if n % 2 else SiteKind.VACCINATION
        Site.objects.create(
            code=f"T{n}",
            kind=kind,
            setting=1,
            name=f"Điểm {n}",
            unit=unit,
            lon=unit.lon,
            lat=unit.lat,
            path=f"/T{n}/",
        )


def report(rows: list[tuple[str, dict[str, Any]]], size: tuple[int, int]) -> str:
    lines = [
        "## The public map",
        "",
        f"One granian worker, {CONNECTIONS} connections kept open, reader and server on the same machine: {cpu()}. "
        f"{CASES:,} cases; the page has {size[0] / 1000:.0f} kB, {size[1] / 1000:.0f} kB as sent. "
        f"{datetime.now():%d/%m/%Y}, `python benchmarks/public_map.py --keep`; load average at the end "
        f"{os.getloadavg()[0]:.1f}.",
        "",
        "| | answers/s | median | p99 | slowest | CPU of the worker |",
        "|---|---|---|---|---|---|",
    ]
    least = rows[-1][1]["rate"]
    for name, found in rows:
        ratio = "" if found["rate"] == least else f" ({found['rate'] / least:.0f}x)"
        lines.append(
            f"| {name} | {found['rate']:,.0f}{ratio} | {found['median']:.1f} ms | {found['p99']:.1f} ms | "
            f"{found['slowest']:.0f} ms | {found['cpu']:.0f} % |"
        )
    first = rows[0][1]["rate"]
    lines += ["", f"Target: {TARGET} answers/s; reached {first / TARGET:.1f} times."]
    return "\n".join(lines)


def measure(folder: Path, seconds: float) -> str:
    import django

    django.setup()
    load()
    import httpx

    rows = []
    gzip = "Accept-Encoding: gzip\r\n"
    with served(folder, "tuyendau.config.asgi:application") as (port, worker):
        page = httpx.get(f"http://127.0.0.1:{port}/public/")
        size = (len(page.content), int(page.headers["content-length"]))
        known = f"{gzip}If-None-Match: {page.headers['etag']}\r\n"
        rows.append(("the page", asked(port, seconds, gzip, worker)))
        rows.append(("the page, known to the browser", asked(port, seconds, known, worker)))
    with served(folder, "public_bare:application") as (port, worker):
        rows.append(("made anew each time", asked(port, min(seconds, 5), gzip, worker)))
    for name, found in rows:
        assert set(found["statuses"]) <= {"200", "304"}, (name, found["statuses"])
    return report(rows, size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--keep", action="store_true", help="write the result into RESULTS.md")
    options = parser.parse_args()
    with own_server("public") as folder:
        text = measure(folder, options.seconds)
    print(text)
    if options.keep:
        keep("public map", text)


if __name__ == "__main__":
    if "--read" in sys.argv:
        own = sys.argv[sys.argv.index("--read") + 1 :]
        print(json.dumps(asyncio.run(read(int(own[0]), float(own[1]), own[2]))))
    else:
        main()
