"""Visits out of PostgreSQL as arrays, by binary COPY: no row passes through Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, LiteralString

import numpy as np
import psycopg
from numpy.typing import NDArray

from tuyendau.lib import clock
from tuyendau.science.tracing import Encounters, Keys, Visits

Connection = psycopg.Connection[Any]

_HEADER_BYTES = 19
_FEW_KEYS = 50_000
_TRAILER_BYTES = 2

# Engine times count seconds from 2020-01-01 UTC, 1577836800 in Unix time.
_OF_DAY: LiteralString = """
SELECT v.person_id, v.site_id, (date_part('epoch', v.start) - 1577836800)::int4,
       (date_part('epoch', v."end") - 1577836800)::int4, v.end_assumed::int4
FROM visits_visit v
WHERE v.start >= %(begins)s::timestamptz - interval '1 day' AND v.start < %(ends)s AND v."end" > %(begins)s
UNION ALL
SELECT v.person_id, v.site_id, (date_part('epoch', v.start) - 1577836800)::int4,
       (date_part('epoch', v."end") - 1577836800)::int4, v.end_assumed::int4
FROM visits_visit v
WHERE v.start >= %(begins)s::timestamptz - interval '62 days' AND v.start < %(begins)s::timestamptz - interval '1 day'
  AND v."end" - v.start > interval '24 hours' AND v."end" > %(begins)s
"""

# What changed in transactions that the reader's last snapshot did not see: visits that were added, ...
_ADDED: LiteralString = """
SELECT person_id, site_id, day - DATE '2020-01-01', (date_part('epoch', start) - 1577836800)::int4,
       (date_part('epoch', "end") - 1577836800)::int4, end_assumed::int4
FROM visits_pending
WHERE start IS NOT NULL AND xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)
"""
# ... and the keys of which one was changed or removed.
_DAYS_OF_KEYS: LiteralString = """
SELECT DISTINCT day FROM visits_pending
WHERE start IS NULL AND xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)
ORDER BY day
"""
_KEYS: LiteralString = """
SELECT person_id, site_id, day - DATE '2020-01-01' FROM visits_pending
WHERE start IS NULL AND xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)
GROUP BY person_id, site_id, day
"""
# Read day by day, so that each reading is of two partitions and not of all.
_OF_KEYS_OF_DAY: LiteralString = """
WITH keys AS MATERIALIZED (
    SELECT DISTINCT person_id, site_id FROM visits_pending
    WHERE start IS NULL AND xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
      AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot) AND day = %(day)s)
SELECT v.person_id, v.site_id, (date_part('epoch', v.start) - 1577836800)::int4,
       (date_part('epoch', v."end") - 1577836800)::int4, v.end_assumed::int4
FROM keys k JOIN visits_visit v ON v.person_id = k.person_id AND v.site_id = k.site_id
WHERE v.start >= %(begins)s::timestamptz - interval '1 day' AND v.start < %(ends)s AND v."end" > %(begins)s
"""
_LONG_OF_KEYS: LiteralString = """
WITH keys AS MATERIALIZED (
    SELECT DISTINCT person_id, site_id FROM visits_pending
    WHERE start IS NULL AND xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
      AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)),
long AS MATERIALIZED (
    SELECT * FROM visits_visit v
    WHERE v.start >= %(begins)s::timestamptz - interval '62 days' AND v.start < %(ends)s
      AND v."end" - v.start > interval '24 hours' AND v."end" > %(begins)s)
SELECT v.person_id, v.site_id, (date_part('epoch', v.start) - 1577836800)::int4,
       (date_part('epoch', v."end") - 1577836800)::int4, v.end_assumed::int4
FROM keys k JOIN long v ON v.person_id = k.person_id AND v.site_id = k.site_id
"""

_ENCOUNTERS: LiteralString = """
SELECT a_id, b_id, (date_part('epoch', start) - 1577836800)::int4, seconds FROM visits_encounter
WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)
"""


def encounters_since(connection: Connection, seen: str) -> Encounters:
    """The encounters that were added or became longer since the PostgreSQL snapshot `seen`."""
    a, b, start, seconds = _columns(connection, _ENCOUNTERS, 4, {"seen": seen})
    return Encounters.of(a, b, start, seconds)


def visits_of_day(connection: Connection, day: date) -> Visits:
    """Every visit that touches the province's `day`, whole, in any order."""
    begins, ends = clock.day_span(day, day)
    return Visits.of(*_columns(connection, _OF_DAY, 5, {"begins": begins, "ends": ends}))


def added_since(connection: Connection, seen: str) -> tuple[Keys, Visits]:
    """Visits added since the PostgreSQL snapshot `seen`, and the key (person, site, day) of each: one row a day.

    Together with `changed_since` from the same snapshot this is all that changed; of a key in both, that one holds.
    """
    person, site, day, start, end, assumed = _columns(connection, _ADDED, 6, {"seen": seen})
    return Keys.of(person, site, day), Visits.of(person, site, start, end, assumed)


def changed_since(connection: Connection, seen: str) -> tuple[Keys, Visits]:
    """The keys of which a visit was changed or removed since the snapshot `seen`, and all their present visits.

    Visits may reach beyond the keys' days; the overlay leaves what is no key's.
    """
    days = [row[0] for row in connection.execute(_DAYS_OF_KEYS, {"seen": seen})]
    if not days:
        return Keys.of(*_nothing(3)), Visits.none()
    keys = Keys.of(*_columns(connection, _KEYS, 3, {"seen": seen}))
    begins, ends = clock.day_span(days[0], days[-1])
    parts = [_columns(connection, _LONG_OF_KEYS, 5, {"seen": seen, "begins": begins, "ends": ends})]
    if len(keys) < _FEW_KEYS * len(days):
        # Looking up a few keys in the index is far faster than the reading of whole days that the planner may choose.
        connection.execute("SET LOCAL enable_hashjoin = off")
        connection.execute("SET LOCAL enable_mergejoin = off")
    for day in days:
        begins, ends = clock.day_span(day, day)
        asked = {"seen": seen, "day": day, "begins": begins, "ends": ends}
        parts.append(_columns(connection, _OF_KEYS_OF_DAY, 5, asked))
    # A visit may be read for each of its days: the overlay unites what overlaps.
    return keys, Visits.of(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _nothing(width: int) -> Sequence[NDArray[np.int32]]:
    return [np.empty(0, np.int32)] * width


def _columns(
    connection: Connection,
    query: LiteralString,
    width: int,
    parameters: Mapping[str, str | date | datetime],
) -> Sequence[NDArray[np.int32]]:
    """The answer of a query of `width` int4 columns without nulls, a native array a column."""
    copied = psycopg.sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(psycopg.sql.SQL(query))
    with connection.cursor() as cursor, cursor.copy(copied, parameters) as copy:
        data = b"".join(bytes(part) for part in copy)
    row = np.dtype(
        [("fields", ">i2")] + [(f"{kind}{n}", ">i4") for n in range(width) for kind in ("size", "value")]
    )
    rows = np.frombuffer(
        data, row, offset=_HEADER_BYTES, count=(len(data) - _HEADER_BYTES - _TRAILER_BYTES) // row.itemsize
    )
    return [rows[f"value{n}"].astype(np.int32) for n in range(width)]
