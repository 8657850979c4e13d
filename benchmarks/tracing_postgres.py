"""The same questions of PostgreSQL, with the indexes that a user would make and with one that covers all."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from measuring import median, timed
from tracing_world import MINUTE, cases

from tuyendau.science.tracing import (
    Sources,
    Visits,
)

LEAST = 15 * MINUTE
COLUMNS = ("person", "site", "start", "end")
PAIRS = """
select s.source, v.person, sum(least(v."end", s."end") - greatest(v.start, s.start)), min(greatest(v.start, s.start))
from (select c.source, c.person, v.site, greatest(v.start, c.start) as start, least(v."end", c."end") as "end"
      from cases c join visits v on v.person = c.person and v.start < c."end" and v."end" > c.start) s
join longest l on l.site = s.site
join visits v on v.site = s.site and v.start < s."end" and v.start > s.start - l.stay and v."end" > s.start
where v.person <> s.person
group by 1, 2 having sum(least(v."end", s."end") - greatest(v.start, s.start)) >= %s
"""
SITES = PAIRS.replace("v.person, sum", "v.person, v.site, sum").replace("group by 1, 2", "group by 1, 2, 3")
TUNED = """shared_buffers = '4GB'
work_mem = '256MB'
maintenance_work_mem = '1GB'
effective_cache_size = '12GB'
jit = off
fsync = off
"""


def loaded(connection: psycopg.Connection[Any], visits: Visits) -> float:
    """Put the visits into PostgreSQL as they arrived, with its indexes; seconds that it took."""
    begin = time.perf_counter()
    run = connection.execute
    run('create unlogged table visits (person int, site int, start int, "end" int)')
    kinds = [("columns", ">i2"), *((f"{n}_{k}", ">i4") for n in COLUMNS for k in ("length", "value"))]
    rows = np.zeros(len(visits), dtype=np.dtype(kinds))
    rows["columns"] = 4
    for name in COLUMNS:
        rows[f"{name}_length"], rows[f"{name}_value"] = 4, getattr(visits, name)
    with connection.cursor() as cursor, cursor.copy("copy visits from stdin (format binary)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for low in range(0, len(rows), 1_000_000):
            copy.write(rows[low : low + 1_000_000].tobytes())
        copy.write(b"\xff\xff")
    run("create index visits_site on visits (site, start)")
    run("create index visits_person on visits (person, start)")
    run('create table longest as select site, max("end" - start) as stay from visits group by site')
    run("create unique index on longest (site) include (stay)")
    run('create table cases (source int, person int, start int, "end" int)')
    run("vacuum (analyze) visits")
    run("vacuum (analyze) longest")
    return time.perf_counter() - begin


def covered(connection: psycopg.Connection[Any]) -> None:
    """The best that an index can do: all columns in it, so that the table is never read."""
    connection.execute("drop index visits_site, visits_person")
    connection.execute('create index visits_site on visits (site, start) include (person, "end")')
    connection.execute('create index visits_person on visits (person, start) include (site, "end")')
    connection.execute("vacuum (analyze) visits")


def put(connection: psycopg.Connection[Any], sources: Sources) -> None:
    connection.execute("truncate cases")
    with connection.cursor() as cursor, cursor.copy("copy cases from stdin") as copy:
        for row in zip(range(len(sources)), sources.person, sources.start, sources.end, strict=True):
            copy.write_row([int(v) for v in row])
    connection.execute("analyze cases")


def rows_of(connection: psycopg.Connection[Any], query: str, least: int) -> set[tuple[int, ...]]:
    return {tuple(int(v) for v in row) for row in connection.execute(query, (least,)).fetchall()}


def second_degree(connection: psycopg.Connection[Any], case: Sources) -> set[int]:
    """F2 of one case by two queries: the contacts of each F1 from its first exposure on."""
    put(connection, case)
    first = {row[1]: row[3] for row in rows_of(connection, PAIRS, LEAST)}
    put(connection, Sources.of(list(first), list(first.values()), int(case.end[0])))
    far = {row[1] for row in rows_of(connection, PAIRS, LEAST)}
    return far - first.keys() - {int(case.person[0])}


def beside_postgres(folder: Path, visits: Visits, workers: int) -> dict[str, dict[str, float]]:
    """PostgreSQL's times for the same work, with (site, start) and with covering indexes."""
    from tuyendau.config import postgres

    data = folder / "postgres"
    try:
        with psycopg.connect(postgres.start(data, extra=TUNED), autocommit=True) as connection:
            build = loaded(connection, visits)
            plain = asked_of(connection, folder, workers) | {"build": build, "size": size_mb(connection)}
            covered(connection)
            covering = asked_of(connection, folder, workers) | {"size": size_mb(connection)}
    finally:
        postgres.stop(data)
    return {"plain": plain, "covering": covering}


def size_mb(connection: psycopg.Connection[Any]) -> float:
    row = connection.execute("select pg_total_relation_size('visits')").fetchone()
    return float(row[0]) / 2**20 if row else 0.0


def asked_of(connection: psycopg.Connection[Any], folder: Path, workers: int) -> dict[str, float]:
    """Times of one way of indexing; AssertionError where PostgreSQL's answers differ from the engine's."""
    figures: dict[str, float] = {}
    spent = []
    singles = cases(workers, 1_000, 2)
    for i in range(60):
        put(connection, singles.take(np.array([i])))
        spent.append(timed(partial(rows_of, connection, PAIRS, LEAST), 1)[0][0])
    figures["one"], figures["one_p95"] = median(spent), float(np.percentile(spent, 95))
    put(connection, cases(workers, 200, 3))
    spent, pairs = timed(partial(rows_of, connection, PAIRS, LEAST), 3)
    figures["many"] = median(spent)
    with np.load(folder / "many.npz") as ours:
        found = set(zip(*(ours[n].tolist() for n in ("source", "contact", "seconds")), strict=True))
        names = ("e_source", "e_contact", "e_site", "e_seconds")
        evidence = set(zip(*(ours[n].tolist() for n in names), strict=True))
    assert found == {row[:3] for row in pairs}, "contacts differ from PostgreSQL's"
    assert evidence == {r[:4] for r in rows_of(connection, SITES, 1)}, "exposures differ from PostgreSQL's"
    far: set[int] = set()
    spent = []
    for i in range(12, 15):
        runs, far = timed(partial(second_degree, connection, cases(workers, 1, 100 + i)), 1)
        spent += runs
    figures["f2"], figures["exposures"] = median(spent), len(evidence)
    with np.load(folder / "f2.npz") as ours:
        assert far == set(ours["person"][ours["degree"] == 2].tolist()), "F2 differ from PostgreSQL's"
    return figures
