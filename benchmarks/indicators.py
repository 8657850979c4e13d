"""All indicators of contact tracing at the size of a province: the read, its page, and the lists behind.

    python benchmarks/indicators.py                     1.8 million persons, 10,000 cases, 60,000 contacts
    python benchmarks/indicators.py --scale 0.02        a quick run
    python benchmarks/indicators.py --keep /tmp/lists   keep the database there, and use it if it is there already

Starts a PostgreSQL of its own with the province of `benchmarks/lists.py`, and adds what indicators are counted from:
checks of every follow-up, orders, interviews. In this process, without the network.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lists
from measuring import cpu, keep

RUNS = 7
BUDGET = 500.0

MORE = """
UPDATE cases_case SET reported_on = d, result_on = d, sampled_on = d - 1, onset_on = d - 3
FROM (SELECT id AS n, CURRENT_DATE - (id * 7919 % 60)::int AS d FROM cases_case) s WHERE n = id;
UPDATE contacts_contact k SET listed_at = c.reported_on + interval '9 hours', grade = k.id % 2
FROM cases_case c WHERE c.id = k.case_id;
UPDATE followup_followup SET began_on = last_exposure;
INSERT INTO followup_check (public_id, followup_id, day, at, recorded_at, how, result, symptoms, tested, note)
SELECT 'check_' || f.id || '_' || n, f.id, f.began_on + n, f.began_on + n + interval '9 hours',
    f.began_on + n + interval '9 hours', 'visit', 'well', '{}', false, ''
FROM followup_followup f, generate_series(0, 13) n WHERE (f.id + n) % 10 > 0 AND f.began_on + n <= CURRENT_DATE;
INSERT INTO orders_series (unit_id, year, suffix, first, last)
SELECT id, 2021, 'QĐ-UBND', 1, 100000 FROM places_unit WHERE level = 1 AND valid_to IS NULL LIMIT 1;
INSERT INTO orders_order (public_id, kind, state, person_id, disease, case_id, ground, grounds, regime, place_kind,
    address, starts_on, ends_on, over_from, drafted_at, series_id, number, signed_by_id, signed_name, signed_office,
    signed_at, document, digest, lift_ground)
SELECT 'order_' || f.id, 'quarantine', 'signed', f.person_id, 'covid19', f.case_id, '', '{}', '', 'home', '',
    f.began_on, f.began_on + 14, f.began_on + 15, f.began_on, (SELECT max(id) FROM orders_series), row_number() OVER (),
    u.id, '', 'chair', f.began_on + interval '20 hours', '{}', '', ''
FROM followup_followup f, (SELECT min(id) AS id FROM accounts_user) u WHERE f.id % 3 > 0;
INSERT INTO audit_event (at, kind, subject, data, ground, device)
SELECT c.reported_on + interval '20 hours', 'interview.finished', c.public_id, '{}', '', ''
FROM cases_case c WHERE c.status = 'confirmed' AND c.id % 5 > 0;
ANALYZE;
"""


def add() -> None:
    """What indicators are counted from, beside the lists' own province."""
    from django.db import connection, transaction

    from tuyendau.core import acting

    with acting.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM followup_check")
        if cursor.fetchone()[0]:
            return
        for statement in MORE.split(";\n"):
            if statement.strip():
                cursor.execute(statement)


def rows() -> list[list[str]]:
    """A line for each thing that is asked: medians and slowest for a province and for a district."""
    from django.conf import settings
    from django.test import Client

    from tuyendau.core.accounts.models import User
    from tuyendau.core.accounts.queries import viewer_of
    from tuyendau.insight.situation.queries.indicators import indicators
    from tuyendau.insight.situation.rules import last
    from tuyendau.lib import clock

    settings.ALLOWED_HOSTS = ["*"]
    at = clock.now()
    table = [["what is asked", "province", "district"]]
    asked: dict[str, Callable[[Any, Client], Any]] = {
        f"all indicators, {days} days and the {days} before": lambda viewer, client, days=days: indicators(
            viewer, at, None, last(days, clock.local_day(at))
        )
        for days in (7, 14, 28)
    }
    asked |= {
        f"the page, {path or 'all'}": lambda viewer, client, path=path: client.get(
            f"/situation/indicators/{path}"
        )
        for path in ("", "interviewed/", "quarantined/", "followed/")
    }
    for name, ask in asked.items():
        line = [name]
        for role in ("epidemiologist", "district_officer"):
            user = User.objects.get(username=role)
            viewer, client = viewer_of(user, on=clock.local_day(at)), Client()
            client.force_login(user)
            times, cpu_ms = _timed(lambda ask=ask, viewer=viewer, client=client: ask(viewer, client))
            middle = statistics.median(times)
            line.append(f"{middle:.0f} / {max(times):.0f} ms ({cpu_ms:.0f} of CPU)")
            print(name, role, line[-1], flush=True)
        table.append(line)
    return table


def _timed(ask: Callable[[], Any]) -> tuple[list[float], float]:
    """Milliseconds of each answer, and of CPU for one: of this process and of its server process together."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = int(cursor.fetchone()[0])
        # What a second process of the server did would not be counted.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    began, found = _cpu(server), []
    for _ in range(RUNS):
        begin = time.perf_counter()
        ask()
        found.append((time.perf_counter() - begin) * 1000)
    return found, (_cpu(server) - began) * 1000 / RUNS


def _cpu(process: int) -> float:
    """Seconds of CPU that this process and another one have used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = os.times()
    return own.user + own.system + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def text(table: list[list[str]]) -> str:
    """The section of RESULTS.md."""
    from tuyendau.records.cases.models import Case
    from tuyendau.records.contacts.models import Contact
    from tuyendau.records.followup.models import Check
    from tuyendau.records.people.models import Person

    sizes = [f"{model.objects.count():,}" for model in (Person, Case, Contact, Check)]
    lines = [
        "## Indicators of contact tracing",
        "",
        f"{sizes[0]} persons, {sizes[1]} cases, {sizes[2]} contacts, {sizes[3]} checks. Median / "
        f"slowest of {RUNS}, and the CPU of one. "
        f"Budget {BUDGET:.0f} ms for all indicators of a week. {cpu()}. {datetime.now(UTC):%d/%m/%Y}, "
        f"`python benchmarks/indicators.py`, load average {os.getloadavg()[0]:.1f}. "
        "In one process, without the network.",
        "",
        "| " + " | ".join(table[0]) + " |",
        "|" + "---|" * len(table[0]),
        *("| " + " | ".join(line) + " |" for line in table[1:]),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    with lists.server(arguments.keep) as empty:
        if empty:
            lists.load(arguments.scale)
        add()
        section = text(rows())
    print(section)
    if arguments.scale == 1.0:
        keep("indicators", section)


if __name__ == "__main__":
    main()
