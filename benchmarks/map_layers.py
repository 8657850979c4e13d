"""Every layer of the map at the size of a province, for each role, and the numbers by which it is played.

    python benchmarks/map_layers.py                       1.8 million persons, 10,000 cases, 60,000 contacts
    python benchmarks/map_layers.py --scale 0.02          a quick run
    python benchmarks/map_layers.py --keep /tmp/lists     keep the database there, and use it if it is there already

The records are those of `lists.py`. Added to them: what was known when (a case on the day of its report), points of
sites, and the presence of all cases in the last 14 days. Asked is the layer itself, in this process: queries, words,
geometry, without what the page and the network add.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import lists
from measuring import cpu, keep

RUNS, BUDGET = 9, 300.0
ROLES = ("epidemiologist", "leader", "district_officer", "commune_officer")
VISITS_A_DAY = 3

PREPARE = """
UPDATE places_site s SET lon = u.lon + (s.id %% 97) * 0.0004 - 0.02, lat = u.lat + (s.id %% 89) * 0.0004 - 0.02
FROM places_unit u WHERE u.id = s.unit_id AND s.lon IS NULL AND s.kind <> 'line';
UPDATE cases_caseversion SET since = reported_on + interval '9 hours' WHERE until IS NULL;
UPDATE followup_followupversion SET since = began_on + interval '9 hours' WHERE until IS NULL;
INSERT INTO visits_visit (person_id, site_id, start, "end", end_assumed, source, recorded_at)
SELECT c.person_id, s.id, at, at + interval '2 hours', false, 1, at + interval '2 hours'
FROM cases_case c
CROSS JOIN generate_series(0, %(days)s - 1) back
CROSS JOIN generate_series(0, %(times)s - 1) nth
CROSS JOIN LATERAL (
    SELECT date_trunc('day', now()) - back * interval '1 day' + (nth * 4 + c.id %% 3) * interval '1 hour' AS at) t
CROSS JOIN LATERAL (SELECT 1 + (c.id * 31 + nth * 101 + back) %% 300 AS id) s
WHERE at < now() ON CONFLICT DO NOTHING;
ANALYZE visits_visit; ANALYZE cases_caseversion; ANALYZE followup_followupversion; ANALYZE places_site;
"""


def prepare() -> None:
    """What the records of `lists.py` lack for a map. Once."""
    from django.db import connection

    from tuyendau.core import acting
    from tuyendau.core.accounts.models import Membership, User
    from tuyendau.core.places.models import Unit
    from tuyendau.records.visits.actions.partitions import ensure_partitions

    if User.objects.filter(username="leader").exists():
        return
    province = Unit.objects.get(level=1, valid_to__isnull=True, code="24")
    user = User.objects.create(username="leader", full_name="leader")
    Membership.objects.create(user=user, role="leader", unit=province, valid_from=date(2020, 1, 1))
    today = date.today()
    ensure_partitions([today - timedelta(days=back) for back in range(16)])
    with acting.as_owner(), connection.cursor() as cursor:
        for statement in PREPARE.split(";\n"):
            if statement.strip():
                cursor.execute(statement, {"days": 14, "times": VISITS_A_DAY})


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Median and highest of some runs in ms, after one that does not count; the last answer."""
    answer = work()
    spent = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        answer = work()
        spent.append((time.perf_counter() - begin) * 1_000)
    return statistics.median(spent), max(spent), answer


def rows() -> list[list[str]]:
    """A line for each layer with its options: for each role how long, and how many features."""
    from tuyendau.core.accounts.models import User
    from tuyendau.core.accounts.queries import viewer_of
    from tuyendau.insight.map.layers import Asked, layers_for
    from tuyendau.lib import clock

    now = clock.now()
    viewers = {role: viewer_of(User.objects.get(username=role), on=clock.local_day(now)) for role in ROLES}
    asked: list[tuple[str, str, dict[str, str]]] = [
        ("communes", "", {}), ("communes", "districts", {"level": "district", "tree": "districts"}),
        ("communes", "played", {}), ("communes", "played, contacts", {"number": "followup"}),
        ("communes", "played, last case", {"number": "since"}), ("cases", "all", {"shown": "all"}),
        ("cases", "14 days", {"shown": "14"}), ("exposures", "3 days", {"days": "3"}),
        ("exposures", "14 days", {"days": "14"}), ("workplaces", "", {}), ("lodgings", "", {}),
        ("gatherings", "", {}), ("facilities", "", {}), ("posts", "", {}),
    ]  # fmt: skip
    table = [["layer", *ROLES]]
    for code, words, options in asked:
        line = [f"{code}{', ' if words else ''}{words}"]
        for viewer in viewers.values():
            layer: Any = next((each for each in layers_for(viewer) if each.code == code), None)
            if layer is None:
                line.append("–")
                continue
            what = layer.timeline if words.startswith("played") else layer.features
            middle, worst, answer = timed(partial(what, Asked(viewer, now, options)))
            size = len(answer.days) if words.startswith("played") else len(answer)
            line.append(f"{middle:.0f} / {worst:.0f} ms ({size:,})")
        print(" | ".join(line), flush=True)
        table.append(line)
    return table


def text(table: list[list[str]], scale: float) -> str:
    """The section of RESULTS.md."""
    return "\n".join(
        [
            "## Layers of the map",
            "",
            f"{int(lists.PERSONS * scale):,} persons, {int(lists.CASES * scale):,} cases, "
            f"{int(lists.CONTACTS * scale):,} contacts. Median / highest of {RUNS}; in brackets the features, of what "
            f"is played the days. {cpu()}. {datetime.now(UTC):%d/%m/%Y}, `python benchmarks/map_layers.py`, load "
            f"average {os.getloadavg()[0]:.1f}.",
            "",
            "| " + " | ".join(table[0]) + " |",
            "|" + "---|" * len(table[0]),
            *("| " + " | ".join(line) + " |" for line in table[1:]),
            "",
        ]
    )


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
        prepare()
        section = text(rows(), arguments.scale)
    print(section)
    if arguments.scale == 1.0:
        keep("map layers", section)


if __name__ == "__main__":
    main()
