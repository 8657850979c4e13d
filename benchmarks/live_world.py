"""The province whose open pages are measured: who looks, who changes what, and what a browser does."""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
import time
from datetime import date, timedelta
from pathlib import Path

USERS, PAGES_EACH, CASES, COMMUNES = 50, 4, 10_000, 50
POLL_SECONDS = 5
WRITERS = 8


def load() -> list[str]:
    """The province, its people who look, its cases; the keys of their sessions."""
    from django.conf import settings
    from django.test import Client

    from tuyendau.core.accounts.models import Membership, User
    from tuyendau.core.places.models import Unit
    from tuyendau.records.cases.models import Case
    from tuyendau.records.people.models import Person

    since = date(2020, 1, 1)
    province = Unit.objects.create(
        code="24", level=1, name="Tỉnh", folded="tinh", path="/1/", valid_from=since
    )
    communes = [
        Unit.objects.create(
            code=f"{n:05d}", level=3, name=f"Xã {n}", folded=f"xa {n}", path=f"/1/{n + 2}/", parent=province,
            valid_from=since,
        )
        for n in range(COMMUNES)
    ]  # fmt: skip
    people = Person.objects.bulk_create(
        [
            Person(
                code=f"P{n}",
                full_name=f"Nguyễn Văn {n}",
                folded=f"nguyen van {n}",
                unit=communes[n % COMMUNES],
            )
            for n in range(CASES)
        ],
        batch_size=2_000,
    )
    today = date.today()
    Case.objects.bulk_create(
        [
            Case(
                person=person,
                unit_id=person.unit_id,
                status="confirmed",
                reported_on=today - timedelta(days=n // 200),
            )
            for n, person in enumerate(people)
        ],
        batch_size=2_000,
    )
    keys = []
    for n in range(USERS):
        user = User.objects.create(username=f"u{n}", full_name=f"Người {n}")
        whole = n % 2 == 0
        role = "epidemiologist" if whole else "commune_officer"
        Membership.objects.create(
            user=user, role=role, unit=province if whole else communes[n], valid_from=since
        )
        client = Client()
        client.force_login(user)
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return keys


def write(rate: float, seconds: float, out: Path) -> None:
    """Commit `rate` changes a second, as eight people do; to `out` the moment after each commit, with its case."""
    import django

    django.setup()
    from tuyendau.records.cases.models import Case

    ids = list(Case.objects.order_by("-reported_on", "-id").values_list("public_id", flat=True))
    lines: list[tuple[str, float]] = []
    (out.parent / "written").touch()
    while not (out.parent / "ready").exists():
        time.sleep(0.02)
    begin, count = time.monotonic(), int(rate * seconds)
    turns = [(n, begin + n / rate) for n in range(count)]
    threads = [
        threading.Thread(target=commit, args=(ids, turns[first::WRITERS], lines)) for first in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.write_text(json.dumps(sorted(lines, key=lambda line: line[1])))


def commit(ids: list[str], turns: list[tuple[int, float]], lines: list[tuple[str, float]]) -> None:
    """One writer's changes, each in its turn: the dates of a case are corrected."""
    from django.db import connection, transaction

    from tuyendau.core.audit import actions as audit
    from tuyendau.lib import clock
    from tuyendau.records.cases.models import Case

    for n, moment in turns:
        chance = random.Random(n)
        case = chance.choice(ids[:200] if chance.random() < 0.5 else ids)
        time.sleep(max(0.0, moment - time.monotonic()))
        with transaction.atomic():
            Case.objects.filter(public_id=case).update(onset_on=date.today() - timedelta(days=n % 9))
            audit.record("case.dates_corrected", by=None, at=clock.now(), subject=case)
        lines.append((case, time.time()))
    connection.close()


class Tab:
    """One open page, as a browser has it: its stream, and its list when that must be fetched."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self.told: list[tuple[str, float]] = []
        self.shown: set[str] = set()
        self.fetched = 0
        self.fetch_ms: list[float] = []
        self._due = asyncio.Event()

    async def ask(self, path: str, **headers: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={self.key}\r\n{more}\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.split(b"\r\n")[0], head
        return reader, writer

    async def listen(self, opened: asyncio.Semaphore) -> None:
        reader, writer = await self.ask("/live/?topic=cases&topic=map")
        opened.release()
        try:
            while line := await reader.readline():
                if line.startswith(b"data: ["):
                    now = time.time()
                    for change in json.loads(line[6:]):
                        if change["topic"] == "cases":
                            self.told.append((change["id"], now))
                            if change["id"] in self.shown or not change["id"]:
                                self._due.set()
        finally:
            writer.close()

    async def fetch(self) -> None:
        began = time.perf_counter()
        headers = {"HX-Request": "true", "HX-Target": "rows", "Connection": "close"}
        reader, writer = await self.ask("/cases/", **headers)
        text = (await reader.read()).decode(errors="replace")
        writer.close()
        self.shown = set(re.findall(r'data-key="(case_\w+)"', text))
        self.fetched += 1
        self.fetch_ms.append((time.perf_counter() - began) * 1e3)

    async def refresh(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            await asyncio.sleep(random.random() * 0.15)
            began = time.monotonic()
            await self.fetch()
            await asyncio.sleep(max(1.0, 3 * (time.monotonic() - began)))

    async def poll(self) -> None:
        await asyncio.sleep(random.random() * POLL_SECONDS)
        while True:
            began = time.monotonic()
            await self.fetch()
            await asyncio.sleep(max(0.0, POLL_SECONDS - (time.monotonic() - began)))


async def warm(port: int, keys: list[str]) -> None:
    """Have every thread of the server answer a list, and their connections to the database stand."""
    for _ in range(3):
        await asyncio.gather(*(Tab(port, key).fetch() for key in keys[:16]))


async def browse(port: int, keys: list[str], way: str, seconds: float, out: Path, ready: Path) -> None:
    """Be the browsers for so long: `live` without and `fetching` with fetches of their lists, or `polling`."""
    tabs = [Tab(port, key) for key in keys for _ in range(PAGES_EACH)]
    opened = asyncio.Semaphore(0)
    tasks = []
    if way != "polling":
        tasks += [asyncio.create_task(tab.listen(opened)) for tab in tabs]
        for _ in tabs:
            await opened.acquire()
    if way == "fetching":
        for tab in tabs:
            await tab.fetch()
            tab.fetched, tab.fetch_ms = 0, []
        tasks += [asyncio.create_task(tab.refresh()) for tab in tabs]
    if way == "polling":
        tasks += [asyncio.create_task(tab.poll()) for tab in tabs]
    ready.touch()
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    ms = sorted(ms for tab in tabs for ms in tab.fetch_ms)
    out.write_text(
        json.dumps({"told": [tab.told for tab in tabs], "fetched": sum(t.fetched for t in tabs), "ms": ms})
    )
