"""The situation room at the size of a province, for each who may see it: the whole page, and each read that it makes.

    python benchmarks/situation.py                  1.8 million persons, 10,000 cases, 60,000 contacts and more
    python benchmarks/situation.py --scale 0.02     a quick run
    python benchmarks/situation.py --keep /tmp/room keep the database there, and use it if it is there already

Records are those of `lists.py`, written as if it were 28 May 2021, in the units of that day, with results of samples,
20,000 orders, and a day's changes of cases, so that there are versions that stand no more.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lists
from measuring import cpu, keep

AT = datetime(2021, 5, 28, 0, tzinfo=UTC)
BUDGET = 1_000.0
RUNS = 7
ROLES = ("epidemiologist", "district_officer", "commune_officer")
MORE = """
INSERT INTO cases_testresult (public_id, sample_id, test, result, resulted_at, recorded_at, reason, effect)
SELECT 'result_' || id, id, 'rt_pcr', CASE WHEN id %% 9 = 0 THEN 'positive' ELSE 'negative' END,
       taken_at + id %% 40 * interval '1 hour', taken_at + id %% 40 * interval '1 hour', '', ''
FROM cases_sample WHERE resulted_at IS NOT NULL;
INSERT INTO orders_series (unit_id, year, suffix, first, last)
SELECT id, 2021, 'QĐ-UBND', 1, 20000 FROM places_unit WHERE level = 1 AND code = '24' AND valid_from < '2021-01-01';
INSERT INTO orders_order (public_id, kind, state, person_id, disease, ground, grounds, regime, place_kind, site_id,
    address, starts_on, ends_on, over_from, drafted_at, series_id, number, signed_by_id, signed_name, signed_office,
    signed_at, document, digest, lift_ground)
SELECT 'order_' || n, 'quarantine', 'signed', person_id, 'covid19', '', '{}', '',
    CASE WHEN n %% 3 = 0 THEN 'facility' ELSE 'home' END, CASE WHEN n %% 3 = 0 THEN 100001 + n %% 40 END, '',
    DATE '2021-05-20', DATE '2021-06-10', DATE '2021-06-11', TIMESTAMPTZ '2021-05-20',
    (SELECT max(id) FROM orders_series), n, (SELECT min(id) FROM accounts_user),
    '', 'chair', TIMESTAMPTZ '2021-05-20', '{}', '', ''
FROM (SELECT person_id, row_number() OVER (ORDER BY id) AS n FROM followup_followup) f WHERE n <= %(orders)s
"""


def load(scale: float) -> None:
    """The records, some of them changed an hour before the moment."""
    from django.db import connection

    from tuyendau.core import acting

    lists.load(scale, AT - timedelta(days=3))
    with acting.as_owner(), connection.cursor() as cursor:
        for statement in MORE.split(";\n"):
            cursor.execute(statement, {"orders": int(20_000 * scale)})
        moment = (AT - timedelta(hours=1)).isoformat()
        cursor.execute("SELECT set_config('tuyendau.moment', %s, false)", [moment])
        cursor.execute("UPDATE cases_case SET onset_on = onset_on - 1 WHERE id % 10 = 0")
        cursor.execute("UPDATE followup_followup SET last_day = last_day + 1 WHERE id % 10 = 0")
        cursor.execute("VACUUM ANALYZE")


def viewer(role: str) -> Any:
    """Who looks."""
    from tuyendau.core.accounts.models import User
    from tuyendau.core.accounts.queries import viewer_of

    return viewer_of(User.objects.get(username=role), on=AT.date())


def reads(role: str) -> dict[str, Callable[[], Any]]:
    """The parts of the page by name, each of a scope that has read nothing yet."""
    from tuyendau.insight.situation import queries
    from tuyendau.insight.situation.rules import Basis, By

    def scope() -> Any:
        return queries.scope_of(viewer(role), AT)

    return {
        "numbers": lambda: queries.numbers(scope()),
        "curve by setting": lambda: queries.curve(scope(), Basis.ONSET, By.SETTING),
        "curve by how found": lambda: queries.curve(scope(), Basis.ONSET, By.FOUND),
        "growth": lambda: queries.growth(scope(), Basis.ONSET),
        "follow-up and quarantine": lambda: queries.apart(scope()),
        "testing": lambda: queries.laboratory(scope()),
        "places": lambda: queries.places(scope()),
    }


def rows() -> list[list[str]]:
    """A line for each page and each read: median and longest by role."""
    from django.conf import settings
    from django.test import Client

    from tuyendau.core.accounts.models import User

    settings.ALLOWED_HOSTS = ["*"]
    clients = {role: Client() for role in ROLES}
    for role, client in clients.items():
        client.force_login(User.objects.get(username=role))
    pages = {
        "the page": "/situation/",
        "the page, by onset and setting": "/situation/?basis=onset&by=setting",
        "the page, by how they were found": "/situation/?by=found",
        "the page as of three days ago": "/situation/?at=2021-05-25",
        "the wall screen": "/situation/wall/",
        "indicators of the week, afterwards": "/situation/last-week/",
    }
    table = [["", *ROLES]]
    for name, address in pages.items():
        table.append(
            [name, *(_told(lists.measure(lambda c=c, a=address: c.get(a), RUNS)) for c in clients.values())]
        )
        print(*table[-1], sep=" | ", flush=True)
    for name in reads("epidemiologist"):
        table.append([f"read: {name}", *(_told(_timed(reads(role)[name])) for role in ROLES)])
        print(*table[-1], sep=" | ", flush=True)
    return table


def _timed(asked: Callable[[], Any]) -> list[float]:
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        asked()
        times.append((time.perf_counter() - begin) * 1000)
    return sorted(times)


def _told(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} / {times[-1]:.0f} ms"


def text(table: list[list[str]], scale: float) -> str:
    """The section of RESULTS.md."""
    lines = [
        "## The situation room",
        "",
        f"{int(lists.PERSONS * scale):,} persons, {int(lists.CASES * scale):,} cases, "
        f"{int(lists.CONTACTS * scale):,} contacts, {int(20_000 * scale):,} orders, as of 28/05/2021; the district is "
        f"one of the province's ten. Median / longest of {RUNS}, the first left out. Budget {BUDGET:.0f} ms for the "
        f"page. {cpu()}. {datetime.now(UTC):%d/%m/%Y}, `python benchmarks/situation.py`, load average "
        f"{os.getloadavg()[0]:.1f}. In one process, without the network.",
        "",
        "| " + " | ".join(table[0]) + " |",
        "|" + "---|" * len(table[0]),
        *("| " + " | ".join(line) + " |" for line in table[1:]),
        "",
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
        from tuyendau.lib import clock

        if empty:
            load(arguments.scale)
        scenario = Path(os.environ["TUYENDAU_VAR"]) / "clock.json"
        scenario.write_text(clock.Scenario(datetime.now(UTC), AT).to_text())
        clock.follow(scenario)
        section = text(rows(), arguments.scale)
    print(section)
    if arguments.scale == 1.0:
        keep("situation", section)


if __name__ == "__main__":
    main()
