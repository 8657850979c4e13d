"""Visits per second in batches, and the time of one scan, through the running program.

    python benchmarks/ingest.py                       20 s of batches, 20 s of scans, beside 3 million visits
    python benchmarks/ingest.py --visits 0 --seconds 5

Starts the program as `tuyendau up` does (PostgreSQL of its own with every commit on the disk, web, worker) in a
folder of its own, and sends as gates do: batches of 5,000 over HTTP under a device's key, then single scans by
8 senders at once. Beside it the same rows by what one would write first: one INSERT a row by the ORM, and bulk_create.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from confirm import copy_visits
from measuring import cpu

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- ingest: begin -->", "<!-- ingest: end -->"
PEOPLE, LINES, ROWS = 100_000, 400, 5_000
SCANNERS = 8
NOW = datetime.now(UTC).replace(microsecond=0)


def load(visits: int) -> list[str]:
    """People, a company with lines, what was recorded before; the keys of devices at the company."""
    from django.db import connection

    from tuyendau.core.accounts.actions import add_device
    from tuyendau.core.accounts.models import Membership, User
    from tuyendau.core.accounts.queries import viewer_of
    from tuyendau.core.acting import as_owner
    from tuyendau.core.places.models import Site, Unit
    from tuyendau.lib import clock
    from tuyendau.records.visits.actions import publish_all
    from tuyendau.records.visits.actions.partitions import ensure_partitions

    today = clock.local_day(NOW)
    province = Unit.objects.create(
        code="24", level=1, name="Tỉnh", folded="tinh", path="/1/", valid_from=date(2020, 1, 1)
    )
    company = Site.objects.create(code="CTY", kind="company", setting=5, name="Công ty", unit=province)
    Site.objects.filter(pk=company.pk).update(path=f"/{company.pk}/")
    company.refresh_from_db()
    user = User.objects.create(username="quan_tri", full_name="Quản trị")
    Membership.objects.create(
        user=user, role="province_administrator", unit=province, valid_from=date(2020, 1, 1)
    )
    viewer = viewer_of(user, on=today)
    keys = [str(add_device(f"Máy {n}", company, viewer=viewer, by=user, at=NOW)[1]) for n in range(SCANNERS)]
    first = company.pk + 1
    with as_owner(), connection.cursor() as cursor:
        with cursor.copy(
            "COPY places_site (id, public_id, code, kind, setting, name, path, unit_id, parent_id, dwell_minutes) "
            "FROM STDIN"
        ) as copy:
            for n in range(LINES):
                pk = first + n
                path = f"{company.path}{pk}/"
                copy.write_row(
                    (pk, f"site_{n}", f"L{n}", "line", 3, f"Chuyền {n}", path, province.pk, company.pk, 480)
                )
        with cursor.copy(
            "COPY people_person (id, public_id, code, full_name, folded, sex, phone, unit_id, address) FROM STDIN"
        ) as copy:
            for n in range(1, PEOPLE + 1):
                copy.write_row(
                    (n, f"person_{n}", f"P{n}", f"Người {n}", f"nguoi {n}", "", "", province.pk, "")
                )
        days = [today - timedelta(days=n) for n in range(15)]
        ensure_partitions(days)
        cursor.execute("ALTER TABLE visits_visit DISABLE TRIGGER USER")
        if visits:
            copy_visits(cursor, before(visits, first, days))
        cursor.execute("ALTER TABLE visits_visit ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
    if visits:
        publish_all(at=NOW)
    return keys


def before(visits: int, first: int, days: list[date]) -> Any:
    """Visits of the two weeks before today."""
    from tuyendau.science.tracing import Visits, date_to_day, day_start

    random = np.random.default_rng(1)
    day = random.integers(date_to_day(days[-1]), date_to_day(days[0]), visits)
    start = day * 86_400 + day_start(0) + random.integers(6 * 3600, 20 * 3600, visits)
    person, site = random.integers(0, PEOPLE, visits), first - 1 + random.integers(0, LINES, visits)
    return Visits.of(person, site, start, start + 1800, np.zeros(visits, bool))


def bodies(count: int) -> list[bytes]:
    """Batches of today's visits, none of which is another's."""
    random = np.random.default_rng(2)
    found = []
    for _n in range(count):
        rows = []
        for person, line, second in zip(
            random.integers(1, PEOPLE, ROWS), random.integers(0, LINES, ROWS),
            random.integers(1800, 6 * 3600, ROWS), strict=True,
        ):  # fmt: skip
            start = NOW - timedelta(seconds=int(second))
            end = start + timedelta(seconds=900)
            rows.append(
                {
                    "person": f"P{person}",
                    "site": f"L{line}",
                    "start": start.isoformat(),
                    "end": end.isoformat(),
                }
            )
        found.append(json.dumps(rows).encode())
    return found


class Sender:
    """One connection with a device's key."""

    def __init__(self, port: int, key: str) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._key = key

    def post(self, path: str, body: bytes, key: str = "") -> dict[str, Any]:
        """The answer; anything but 200 ends the run."""
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Sent-At": datetime.now(UTC).isoformat(),
            "Idempotency-Key": key,
        }
        self._http.request("POST", path, body, headers)
        answer = self._http.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {text.decode()[:500]}")
        return json.loads(text)


class Meter:
    """Processor seconds that the program uses: web, worker and PostgreSQL, without the senders."""

    def __init__(self, program: int, data: Path) -> None:
        self._program, self._data = program, data
        self.start()

    def start(self) -> None:
        """Count from now."""
        self._before = self._seconds()

    def spent(self) -> float:
        """Seconds since then, of all processors together."""
        return self._seconds() - self._before

    def _seconds(self) -> float:
        from tuyendau.config import postgres

        server = postgres.process(self._data)
        family = psutil.Process(self._program).children(recursive=True)
        family += [server, *server.children(recursive=True)] if server is not None else []
        total = 0.0
        for process in {one.pid: one for one in family}.values():
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
        return total


def batches(port: int, keys: list[str], seconds: float, meter: Meter) -> tuple[float, float]:
    """Visits per second and processor seconds per visit, two senders sending one batch after another."""
    prepared = bodies(max(10, int(seconds * 10)))
    meter.start()
    lock, taken, done = threading.Lock(), [0], threading.Event()

    def send(key: str) -> None:
        sender = Sender(port, key)
        while not done.is_set():
            with lock:
                if not prepared:
                    return
                body, number = prepared.pop(), len(prepared)
            answer = sender.post("/api/v1/visits", body, f"{NOW.timestamp()}-{number}")
            with lock:
                taken[0] += answer["accepted"]

    threads = [threading.Thread(target=send, args=(key,)) for key in keys[:2]]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    done.wait(seconds)
    done.set()
    for thread in threads:
        thread.join()
    return taken[0] / (time.perf_counter() - begin), meter.spent() / taken[0]


def scans(port: int, keys: list[str], seconds: float) -> list[float]:
    """Seconds of each single scan, 8 senders at once, each at a gate where somebody comes every tenth of a second."""
    times: list[float] = []
    lock, until = threading.Lock(), time.perf_counter() + seconds

    def scan(number: int, key: str) -> None:
        random, sender = np.random.default_rng(number), Sender(port, key)
        while time.perf_counter() < until:
            who, line = random.integers(1, PEOPLE), random.integers(0, LINES)
            body = json.dumps({"person": f"P{who}", "site": f"L{line}", "direction": "in"}).encode()
            begin = time.perf_counter()
            sender.post("/api/v1/scans", body)
            taken = time.perf_counter() - begin
            with lock:
                times.append(taken)
            time.sleep(max(0.0, 0.1 - taken) * 2 * random.random())

    threads = [threading.Thread(target=scan, args=pair) for pair in enumerate(keys)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def alternatives() -> dict[str, float]:
    """Visits per second of rows that go in one by one, and by bulk_create, on a connection of this process."""
    from django.db import transaction

    from tuyendau.records.people.models import Person
    from tuyendau.records.visits.models import Visit

    first = Person.objects.order_by("pk").first().pk
    random = np.random.default_rng(3)

    def rows(count: int) -> list[Visit]:
        return [
            Visit(
                person_id=first + int(random.integers(PEOPLE)), site_id=2, start=start,
                end=start + timedelta(minutes=9), source=1, recorded_at=NOW, id=int(random.integers(1 << 60)),
            )
            for start in (NOW - timedelta(seconds=int(n)) for n in random.integers(1800, 20_000, count))
        ]  # fmt: skip

    found = {}
    begin, some = time.perf_counter(), rows(500)
    for row in some:
        row.save(force_insert=True)
    found["one INSERT and commit a row, by the ORM"] = 500 / (time.perf_counter() - begin)
    begin = time.perf_counter()
    with transaction.atomic():
        for row in rows(ROWS):
            row.save(force_insert=True)
    found["one INSERT a row, one commit a batch"] = ROWS / (time.perf_counter() - begin)
    begin = time.perf_counter()
    for _n in range(3):
        Visit.objects.bulk_create(rows(ROWS), batch_size=1_000)
    found["INSERT … VALUES of 1,000 rows, by bulk_create"] = 3 * ROWS / (time.perf_counter() - begin)
    return found


def report(
    options: argparse.Namespace,
    rate: float,
    times: list[float],
    others: dict[str, float],
    cost: tuple[float, float],
) -> str:
    """The section of RESULTS.md."""
    p50, p95 = (1000 * float(np.percentile(times, p)) for p in (50, 95))
    lines = [
        BEGIN,
        "## Taking visits in",
        "",
        f"Web and worker of `tuyendau up` with its own PostgreSQL, every commit on the disk (fsync on), beside "
        f"{options.visits:,} visits; the senders run on the same machine: {cpu()}. "
        f"{NOW:%d/%m/%Y}, `python benchmarks/ingest.py`. The load average was {os.getloadavg()[0]:.1f}. Other work on "
        "the machine lengthens all times but those of the processor: with two of them a visit may take 200 µs "
        "at 10,000 a second.",
        "",
        "| work | measured | target |",
        "|---|---|---|",
        f"| visits a second, batches of {ROWS:,} as JSON over HTTP, 2 senders | {rate:,.0f} | 10,000 |",
        f"| processor time of a visit in a batch: web, worker, PostgreSQL | {1e6 * cost[0]:.0f} µs | 200 µs |",
        f"| one scan, median of {len(times):,}, {SCANNERS} senders at once | {p50:.1f} ms |  |",
        f"| one scan, p95 | {p95:.1f} ms | 50 ms |",
        f"| processor time of one scan | {1e3 * cost[1]:.1f} ms |  |",
    ]
    lines += [
        f"| visits a second: {name}, no network, no check | {n:,.0f} |  |" for name, n in others.items()
    ]
    return "\n".join([*lines, END])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=3_000_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--port", type=int, default=8791)
    parser.add_argument("--write", action="store_true", help="put the result into RESULTS.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tuyendau-ingest-") as folder:
        os.chmod(folder, 0o711)
        run(options, Path(folder))


def run(options: argparse.Namespace, folder: Path) -> None:
    os.environ |= {"TUYENDAU_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "tuyendau.config.settings"}
    from tuyendau.config import postgres

    environment = dict(os.environ)
    up = [sys.executable, "-m", "tuyendau.config.cli", "up", "--no-demo", "--port", str(options.port)]
    with (folder / "up.txt").open("wb") as out:
        program = subprocess.Popen(up, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        while "127.0.0.1" not in (folder / "up.txt").read_text():
            if program.poll() is not None:
                raise SystemExit((folder / "up.txt").read_text())
            time.sleep(0.2)
        os.environ["DATABASE_URL"] = postgres.start(folder / "postgres")
        import django

        django.setup()
        keys = load(options.visits)
        meter = Meter(program.pid, folder / "postgres")
        batches(options.port, keys, 2, meter)
        rate, a_visit = batches(options.port, keys, options.seconds, meter)
        meter.start()
        times = scans(options.port, keys, options.seconds)
        text = report(options, rate, times, alternatives(), (a_visit, meter.spent() / len(times)))
        print(text)
        if options.write:
            write(text)
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait()
        postgres.stop(folder / "postgres")


def write(text: str) -> None:
    """Put the section in the place of the last one, or at the end."""
    old = RESULTS.read_text()
    if BEGIN in old:
        old = old[: old.index(BEGIN)] + text + old[old.index(END) + len(END) :]
    else:
        old = old.rstrip("\n") + "\n\n" + text + "\n"
    RESULTS.write_text(old)


if __name__ == "__main__":
    main()
