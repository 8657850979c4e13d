"""How long it takes to count who lives, works and was in an area: a house's surroundings, a commune, a province.

    python benchmarks/selection.py            prints
    python benchmarks/selection.py --keep     puts the table into RESULTS.md, too

Measures the province of DATABASE_URL and TUYENDAU_VAR (`tuyendau demo --scale 1`), beside PostgreSQL's own answer to
"who was there" over the table of visits.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from measuring import cpu, keep, median, timed

RUNS = 2
BY_SQL = """
SELECT count(DISTINCT v.person_id) FROM visits_visit v
WHERE v.start >= %(start)s::timestamptz - interval '62 days' AND v.start < %(end)s AND v."end" > %(start)s
  AND v.site_id = ANY(%(sites)s)
"""
AREAS = (
    ("500 m around a point", "round:106.19,21.28,500"),
    ("3 km around a point", "round:106.19,21.28,3000"),
    ("a commune with an industrial park", "unit:07807"),
    ("the whole province", "box:105.5,20.9,107.2,21.8"),
)


@click.command()
@click.option("--keep", "keeps", is_flag=True)
def main(keeps: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuyendau.config.settings")
    import django

    django.setup()
    from tuyendau.lib import clock

    clock.follow(Path(os.environ["TUYENDAU_VAR"]) / "clock.json")
    table = "\n".join(_lines())
    print(table)
    if keeps:
        keep("areas", table)


def _lines() -> list[str]:
    from tuyendau.core.accounts.models import User
    from tuyendau.core.accounts.queries import viewer_of
    from tuyendau.insight.map.queries.selection import Selection, counts, people_in
    from tuyendau.lib import areas, clock
    from tuyendau.records.people.models import Person

    now = clock.now()
    viewer = viewer_of(User.objects.get(username="dichte"), on=clock.local_day(now))
    load = os.getloadavg()[0]
    lines = [
        "## Areas of the map",
        "",
        "Who lives, works and was in an area within 14 days, with cases and follow-ups; "
        f"{Person.objects.count():,} people; {cpu()}; {datetime.now(UTC):%Y-%m-%d}, "
        f"`python benchmarks/selection.py --keep`; load average before it {load:.1f}.",
        "",
        "| area | people | ms | processor of the program, ms | who was there by SQL over visits, ms |",
        "|---|---|---|---|---|",
    ]
    for name, text in AREAS:
        asked = Selection(areas.read(text), now - timedelta(days=14), now)
        begun = time.process_time()
        spent, found = timed(lambda asked=asked: counts(viewer, asked), RUNS)
        own = (time.process_time() - begun) / (RUNS + 1) * 1_000
        there = people_in(viewer, asked)
        sql, was = _by_sql(asked, there)
        if was != len(there.was):
            raise click.ClickException(f"{name}: {len(there.was)} were there, by SQL {was}")
        ms = median(spent)
        people = found.together.people
        lines.append(f"| {name} | {people:,} | {ms:,.0f} | {own:,.0f} | {sql:,.0f} ({sql / ms:.1f}x) |")
    return lines


def _by_sql(asked: Any, there: Any) -> tuple[float, int]:
    import numpy as np
    from django.db import connection

    values = {
        "start": asked.start,
        "end": asked.end,
        "sites": np.flatnonzero(there.inside.sites).tolist(),
    }
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(BY_SQL, values)
        (number,) = cursor.fetchone()
    return (time.perf_counter() - begun) * 1_000, number


if __name__ == "__main__":
    main()
