"""From "confirm" to the list on screen, through the running program, at the size of a province.

    python benchmarks/confirm.py                 300,000 workers, 14 days, 21 million visits
    python benchmarks/confirm.py --scale 0.02    a quick run

Starts a PostgreSQL of its own in a temporary folder, loads people, sites and visits, publishes every day's segment,
serves with granian, and then, as an officer's browser does, posts "confirm" and follows to the contact list, case by
case: on published presence, and with 100,000 unpublished visits on top.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from measuring import cpu, median
from tracing_world import DAYS, FIRST_DAY, WORKERS, world

from tuyendau.science.epi.settings import Setting
from tuyendau.science.epi.times import EPOCH, day_to_date

RESULTS = Path(__file__).with_name("RESULTS.md")
BEGIN, END = "<!-- confirm: begin -->", "<!-- confirm: end -->"
ZERO = int(EPOCH.timestamp())
KINDS = {
    Setting.GATE: "gate",
    Setting.LINE: "line",
    Setting.CANTEEN: "canteen",
    Setting.BUS: "bus",
    Setting.ROOM: "room",
}
CASES = 30


def load(workers: int) -> dict[str, float]:
    """People, sites and visits; the seconds that loading and publishing took."""
    from django.db import connection

    from tuyendau.core.accounts.models import Membership, User
    from tuyendau.core.acting import as_owner
    from tuyendau.core.places.models import Unit
    from tuyendau.records.visits.actions import publish_day
    from tuyendau.records.visits.actions.partitions import ensure_partitions

    visits, settings = world(workers, 1, False)
    province = Unit.objects.create(
        code="24", level=1, name="Tỉnh", folded="tinh", path="/1/", valid_from=date(2020, 1, 1)
    )
    commune = Unit.objects.create(
        code="07801",
        level=3,
        name="Xã",
        folded="xa",
        path="/1/2/",
        parent=province,
        valid_from=date(2020, 1, 1),
    )
    user = User.objects.create(username="dich_te", full_name="Dịch tễ")
    Membership.objects.create(user=user, role="epidemiologist", unit=province, valid_from=date(2020, 1, 1))
    kinds = [KINDS[Setting(code)] for code in settings.tolist()]
    begin = time.perf_counter()
    # A table whose rows are ruled takes no COPY but from its owner.
    with as_owner(), connection.cursor() as cursor:
        with cursor.copy(
            "COPY places_site (id, public_id, code, kind, setting, name, path, unit_id, dwell_minutes) FROM STDIN"
        ) as copy:
            for n, (code, kind) in enumerate(zip(settings.tolist(), kinds, strict=True), start=1):
                copy.write_row(
                    (n, f"site_{n}", f"S{n}", kind, code, f"{kind} {n}", f"/{n}/", commune.pk, 480)
                )
        with cursor.copy(
            "COPY people_person (id, public_id, code, full_name, folded, sex, phone, unit_id, address) FROM STDIN"
        ) as copy:
            for n in range(1, workers + 1):
                copy.write_row(
                    (n, f"person_{n}", f"P{n}", f"Người {n}", f"nguoi {n}", "", "", commune.pk, "")
                )
        first = day_to_date(FIRST_DAY)
        ensure_partitions(first + timedelta(days=n) for n in range(DAYS + 1))
        # What the triggers note would be read and dropped at once by publishing every day below.
        cursor.execute("ALTER TABLE visits_visit DISABLE TRIGGER USER")
        copy_visits(cursor, visits)
        cursor.execute("ALTER TABLE visits_visit ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
    loaded = time.perf_counter() - begin
    begin = time.perf_counter()
    days = [day_to_date(FIRST_DAY + n) for n in range(DAYS + 1)]
    rows = sum(publish_day(day, at=datetime.now(UTC)) for day in days)
    return {
        "load": loaded,
        "publish": (time.perf_counter() - begin) / len(days),
        "rows": rows,
        "visits": len(visits),
    }


def copy_visits(cursor: Any, visits: Any) -> None:
    """Visits straight into the table, rows of a million, in PostgreSQL's binary form."""
    from tuyendau.records.visits.actions import batches

    kinds = [("fields", ">i2")]
    for name, kind in (
        ("person", ">i4"), ("site", ">i4"), ("start", ">i8"), ("end", ">i8"), ("assumed", "u1"), ("source", ">i2"),
        ("recorded", ">i8"),
    ):  # fmt: skip
        kinds += [(f"{name}_size", ">i4"), (name, kind)]
    columns = (
        'COPY visits_visit (person_id, site_id, start, "end", end_assumed, source, recorded_at) FROM STDIN'
    )
    with cursor.copy(f"{columns} (FORMAT BINARY)") as copy:
        copy.write(batches._COPY_HEADER)
        for low in range(0, len(visits), 1_000_000):
            part = slice(low, low + 1_000_000)
            rows = np.zeros(len(visits.person[part]), np.dtype(kinds))
            rows["fields"] = 7
            shift = (ZERO - batches._PG_EPOCH) * 1_000_000
            values = {
                "person": (visits.person[part] + 1, 4),
                "site": (visits.site[part] + 1, 4),
                "start": (visits.start[part].astype(np.int64) * 1_000_000 + shift, 8),
                "end": (visits.end[part].astype(np.int64) * 1_000_000 + shift, 8),
                "assumed": (visits.assumed[part], 1),
                "source": (2, 2),
                "recorded": (visits.end[part].astype(np.int64) * 1_000_000 + shift, 8),
            }
            for name, (column, size) in values.items():
                rows[name], rows[f"{name}_size"] = column, size
            copy.write(rows.tobytes())
        copy.write(b"\xff\xff")


def suspected(workers: int, count: int, seed: int) -> list[str]:
    """Suspected cases of random workers with onset in the fortnight; their public ids."""
    from tuyendau.records.cases.models import Case

    rng = np.random.default_rng(seed)
    free = np.setdiff1d(
        np.arange(1, workers + 1), np.array(list(Case.objects.values_list("person", flat=True)), int)
    )
    last = day_to_date(FIRST_DAY + DAYS)
    new = [
        Case(
            person_id=int(p), unit_id=2, onset_on=last - timedelta(days=5), sampled_on=last, reported_on=last
        )
        for p in rng.choice(free, count, replace=False)
    ]
    for case in new:
        case.unit_id = case.person.unit_id
        case.isolated_at = datetime.combine(last, datetime.min.time(), UTC)
    return [case.public_id for case in Case.objects.bulk_create(new)]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The program under granian as `tuyendau up` runs it; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1",
         "--port", str(port), "tuyendau.config.asgi:application"],
        stdout=(folder / "web.log").open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/accounts/login/", timeout=5).read()
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        web.terminate()
        web.wait(20)


class Browser:
    """What an officer's browser sends: the session's cookie, the form's token, and it follows redirects."""

    def __init__(self, address: str) -> None:
        from django.conf import settings
        from django.test import Client

        from tuyendau.core.accounts.models import User

        client = Client()
        client.force_login(User.objects.get())
        token = "a" * 32
        self.address, self.token = address, token
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "Referer": address}

    def confirm(self, case: str) -> str:
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token}).encode()
        request = urllib.request.Request(
            f"{self.address}/cases/{case}/classify/confirmed/", data, self.headers
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert "/contacts/case/" in answer.url, answer.url
            return str(answer.read(), "utf-8")


def more_visits(workers: int, count: int) -> float:
    """`count` visits that no segment holds, all over the fortnight; the seconds to record them."""
    from tuyendau.records.visits.actions import add_visits
    from tuyendau.records.visits.models import VisitSource

    rng = np.random.default_rng(9)
    start = (
        ZERO
        + (FIRST_DAY + rng.integers(0, DAYS, count)) * 86_400
        - 7 * 3_600
        + rng.integers(0, 72_000, count)
    )
    begin = time.perf_counter()
    add_visits(
        person=rng.integers(1, workers + 1, count), site=rng.integers(1, workers // 40, count), start=start,
        end=start + 3_600, assumed=np.zeros(count, bool), source=VisitSource.FILE, by=None, at=datetime.now(UTC),
    )  # fmt: skip
    return time.perf_counter() - begin


def measure(workers: int, folder: Path) -> dict[str, Any]:
    figures: dict[str, Any] = load(workers)
    from tuyendau.records.contacts.models import Contact

    with served(folder) as address:
        browser = Browser(address)
        first, *rest = suspected(workers, CASES + 1, 1)
        figures["first"] = timed_once(lambda: browser.confirm(first))
        figures["confirm"] = [timed_once(lambda c=c: browser.confirm(c)) for c in rest]
        figures["contacts"] = Contact.objects.count() / (CASES + 1)
        count = min(100_000, workers // 3)
        figures["newer"], figures["newer_seconds"] = count, more_visits(workers, count)
        first, *rest = suspected(workers, CASES + 1, 2)
        figures["after_first"] = timed_once(lambda: browser.confirm(first))
        figures["after"] = [timed_once(lambda c=c: browser.confirm(c)) for c in rest]
    return figures


def timed_once(work: Any) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1_000


def report(workers: int, f: dict[str, Any]) -> str:
    row = "| {} | {:,.0f} ms | {} |".format
    return "\n".join(
        [
            BEGIN,
            "## From confirm to the list on screen",
            "",
            f"{f['visits']:,} visits of {workers:,} workers in {DAYS} days, {f['contacts']:,.0f} graded contacts a "
            "case; "
            f"one granian worker, PostgreSQL 18 on the same machine: {cpu()}. {datetime.now(UTC):%d/%m/%Y}, "
            f"`python benchmarks/confirm.py`. Each time is the browser's: post, redirect, list.",
            "",
            "| work | time | budget |",
            "|---|---|---|",
            row(f"confirm and list, median of {len(f['confirm'])}", median(f["confirm"]), "1,000 ms"),
            row("the slowest of them", max(f["confirm"]), "1,000 ms"),
            row("the first of a new process", f["first"], ""),
            row(f"the first after {f['newer']:,} visits were added", f["after_first"], ""),
            row("with them unpublished, median", median(f["after"]), "1,000 ms"),
            row("add them", f["newer_seconds"] * 1_000, ""),
            row("publish a day from PostgreSQL", f["publish"] * 1_000, ""),
            END,
        ]
    )


def record(section: str) -> None:
    """Put the section into RESULTS.md in the place of the one before."""
    text = RESULTS.read_text() if RESULTS.exists() else "# Measured\n"
    if BEGIN in text:
        text = text[: text.index(BEGIN)] + section + text[text.index(END) + len(END) :]
    else:
        text = text.rstrip() + "\n\n" + section + "\n"
    RESULTS.write_text(text)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--scale", type=float, default=1.0)
    arguments.add_argument("--record", action="store_true", help="write RESULTS.md at another scale too")
    asked = arguments.parse_args()
    workers = int(WORKERS * asked.scale)
    with tempfile.TemporaryDirectory(prefix="tuyendau-bench-") as name:
        folder = Path(name)
        os.environ["TUYENDAU_VAR"] = str(folder / "var")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from tuyendau.config import postgres
        try:
            from tuyendau.config.cli import open_database
            from tuyendau.config.cli.migrate import migrate

            os.environ.pop("DATABASE_URL", None)
            open_database(migrated=False)
            migrate(verbosity=0)
            section = report(workers, measure(workers, folder))
        finally:
            from django.db import connections

            connections.close_all()
            postgres.stop(folder / "var" / "postgres")
    print(section)
    if asked.scale == 1 or asked.record:
        record(section)


if __name__ == "__main__":
    main()
