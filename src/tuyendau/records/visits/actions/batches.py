"""Many visits at once, loaded with COPY."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from numpy.typing import NDArray

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.records.visits.actions.partitions import ensure_partitions, written
from tuyendau.records.visits.models import VisitSource

# PostgreSQL's binary timestamps count microseconds from 2000-01-01 UTC.
_PG_EPOCH = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
_COPY_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_TRAILER = b"\xff\xff"
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("person_size", ">i4"),
        ("person", ">i4"),
        ("site_size", ">i4"),
        ("site", ">i4"),
        ("start_size", ">i4"),
        ("start", ">i8"),
        ("end_size", ">i4"),
        ("end", ">i8"),
        ("assumed_size", ">i4"),
        ("assumed", "u1"),
    ]
)
# A seen end takes the place of the assumed one of the same stay; an assumed one adds nothing to a stay that is known.
_CORRECT = """
UPDATE visits_visit v SET "end" = n."end", end_assumed = false, source = %(source)s, recorded_at = %(at)s
FROM visits_incoming n
WHERE NOT n.end_assumed AND v.end_assumed
  AND v.person_id = n.person_id AND v.start = n.start AND v.site_id = n.site_id
  AND v.start >= %(earliest)s AND v.start <= %(latest)s
  AND NOT EXISTS (
    SELECT FROM visits_visit seen WHERE seen.person_id = n.person_id AND seen.start = n.start
      AND seen.site_id = n.site_id AND NOT seen.end_assumed
      AND seen.start >= %(earliest)s AND seen.start <= %(latest)s)
"""
_INSERT = """
INSERT INTO visits_visit (person_id, site_id, start, "end", end_assumed, source, recorded_at)
SELECT DISTINCT ON (person_id, start, site_id, "end")
       person_id, site_id, start, "end", end_assumed, %(source)s, %(at)s
FROM visits_incoming n
WHERE NOT n.end_assumed OR NOT EXISTS (
    SELECT FROM visits_visit v WHERE v.person_id = n.person_id AND v.start = n.start AND v.site_id = n.site_id
      AND v.start >= %(earliest)s AND v.start <= %(latest)s)
ORDER BY person_id, start, site_id, "end", end_assumed
ON CONFLICT DO NOTHING
"""
# For each row a look into the index: a batch is small beside the table, whatever the planner thinks of it.
_BY_INDEX = "SET LOCAL enable_hashjoin = %s; SET LOCAL enable_mergejoin = %s; SET LOCAL enable_seqscan = %s"


@as_program()
def add_visits(
    *,
    person: NDArray[np.int32],
    site: NDArray[np.int32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    assumed: NDArray[np.bool_],
    source: VisitSource,
    by: AbstractBaseUser | None,
    at: datetime,
) -> int:
    """Record presence of `person` at `site` over [start, end), [n] each; the number of visits new or corrected.

    Ids are row ids; times are seconds since 1970 UTC. A visit already there with the same person, site, start and
    end is not doubled; a seen end corrects the assumed one of the same stay. The caller has checked what
    `rules.fault_of` checks; the table refuses what is impossible and then nothing is written.
    """
    if not len(person):
        return 0
    local = np.asarray(start, np.int64) + clock.UTC_OFFSET_SECONDS
    days = [date(1970, 1, 1) + timedelta(days=int(n)) for n in np.unique(local // 86_400)]
    ensure_partitions(days)
    rows = np.empty(len(person), _ROW)
    rows["fields"] = 5
    for name, values, size in (
        ("person", person, 4),
        ("site", site, 4),
        ("start", (np.asarray(start, np.int64) - _PG_EPOCH) * 1_000_000, 8),
        ("end", (np.asarray(end, np.int64) - _PG_EPOCH) * 1_000_000, 8),
        ("assumed", assumed, 1),
    ):
        rows[name] = values
        rows[f"{name}_size"] = size
    added = written(lambda: _load(rows, start, source, at))
    audit.record(
        "visits.added",
        by=by,
        at=at,
        subject="visits",
        data={"rows": len(person), "new": added, "first": days[0].isoformat(), "last": days[-1].isoformat()},
    )
    return added


def _load(rows: NDArray[np.void], start: NDArray[np.int64], source: VisitSource, at: datetime) -> int:
    """Copy the rows in and let them correct and add to the table; how many did."""
    earliest, latest = (datetime.fromtimestamp(int(moment), UTC) for moment in (start.min(), start.max()))
    values: dict[str, int | datetime] = {
        "source": int(source),
        "at": at,
        "earliest": earliest,
        "latest": latest,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            'CREATE TEMPORARY TABLE visits_incoming (person_id integer, site_id integer, start timestamptz, "end" '
            "timestamptz, end_assumed boolean) ON COMMIT DROP"
        )
        with cursor.copy("COPY visits_incoming FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_COPY_HEADER + rows.tobytes() + _COPY_TRAILER)
        cursor.execute("ANALYZE visits_incoming")
        cursor.execute(_BY_INDEX, ["off"] * 3)
        cursor.execute(_CORRECT, values)
        changed = int(cursor.rowcount)
        cursor.execute(_INSERT, values)
        changed += int(cursor.rowcount)
        cursor.execute(_BY_INDEX, ["on"] * 3)
        cursor.execute("DROP TABLE visits_incoming")
    return changed
