"""What the chain of events costs: events a second from many writers, and the delay of one commit.

Run as `python benchmarks/audit_chain.py`. It starts a PostgreSQL of its own that waits for the disk at each commit, as
in life, measures with the chain's triggers and without, and writes the table into `benchmarks/RESULTS.md`.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from datetime import UTC, datetime

import click
import psycopg
from measuring import keep, own_server

INSERT = """INSERT INTO audit_event (at, kind, subject, data, ground)
    VALUES (%s, 'visit.in', 'person_7k3m0q9xv2rt', '{"site": "site_0123456789ab"}', '')"""


def commits(address: str, writers: int, seconds: float) -> tuple[float, list[float]]:
    """Commits a second of `writers` connections that each write one event at a time; the delay of each, in ms."""
    until = time.perf_counter() + seconds
    delays: list[list[float]] = [[] for _ in range(writers)]

    def write(mine: list[float]) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            while (begun := time.perf_counter()) < until:
                connection.execute(INSERT, [datetime.now(UTC)])
                mine.append((time.perf_counter() - begun) * 1000)

    threads = [threading.Thread(target=write, args=[mine]) for mine in delays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flat = sorted(delay for mine in delays for delay in mine)
    return len(flat) / seconds, flat


def measured(address: str, seconds: float) -> list[str]:
    rows = []
    for writers in (1, 8):
        found = {}
        for chained in (False, True, False, True):
            with psycopg.connect(address, autocommit=True) as owner:
                act = "ENABLE" if chained else "DISABLE"
                owner.execute(f"ALTER TABLE audit_event {act} TRIGGER audit_event_take_turn")
            rate, delays = commits(address, writers, seconds)
            found.setdefault(chained, []).append((rate, delays))
        cells = []
        for chained in (False, True):
            rate = statistics.median(rate for rate, _ in found[chained])
            delays = sorted(d for _, each in found[chained] for d in each)
            middle, late = delays[len(delays) // 2], delays[int(len(delays) * 0.95)]
            cells.append(f"{rate:,.0f}/s, median {middle:.2f} ms, p95 {late:.2f} ms")
        rows.append(f"| {writers} | {cells[0]} | {cells[1]} |")
    return rows


@click.command()
@click.option("--seconds", default=8.0, show_default=True, help="How long each of the eight runs lasts.")
def main(seconds: float) -> None:
    load = os.getloadavg()[0]
    with own_server("audit-chain"):
        rows = measured(os.environ["DATABASE_URL"], seconds)
    told = [
        "## The chain of events", "",
        "Events a second, each in a transaction of its own, from writers that do nothing else; PostgreSQL 18 that",
        f"waits for the disk, {os.cpu_count()} cores, writers on the same machine. {datetime.now(UTC):%Y-%m-%d},",
        f"`python benchmarks/audit_chain.py`; load average before it {load:.1f}.", "",
        "| writers | without the chain | with it |", "|---|---|---|", *rows,
    ]  # fmt: skip
    click.echo("\n".join(told))
    keep("audit-chain", "\n".join(told))


if __name__ == "__main__":
    main()
