"""Many visits at once, loaded with COPY."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from numpy.typing import NDArray

from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
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
_INSERT = """
INSERT INTO visits_visit (person_id, site_id, start, "end", end_assumed, source, recorded_at)
SELECT DISTINCT ON (person_id, start, site_id, "end") person_id, site_id, start, "end", end_assumed, %s, %s
FROM visits_incoming ORDER BY person_id, start, site_id, "end", end_assumed
ON CONFLICT DO NOTHING
"""


@transaction.atomic
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
    """Record presence of `person` at `site` over [start, end), [n] each; the number of visits that were new.

    Ids are row ids; times are seconds since 1970 UTC. A visit already there with the same person, site, start and
    end is not doubled. The caller has checked what `rules.fault_of` checks; the table refuses what is impossible
    and then nothing is written.
    """
    if not len(person):
        return 0
    first, last = (
        clock.local_day(datetime.fromtimestamp(int(moment), UTC)) for moment in (start.min(), start.max())
    )
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT visits_ensure_partitions(%s, %s)", [first, last])
        cursor.execute(
            'CREATE TEMPORARY TABLE visits_incoming (person_id integer, site_id integer, start timestamptz, "end" '
            "timestamptz, end_assumed boolean) ON COMMIT DROP"
        )
        with cursor.copy("COPY visits_incoming FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_COPY_HEADER + rows.tobytes() + _COPY_TRAILER)
        cursor.execute("ANALYZE visits_incoming")
        cursor.execute(_INSERT, [int(source), at])
        added = int(cursor.rowcount)
        cursor.execute("DROP TABLE visits_incoming")
    audit.record(
        "visits.added",
        by=by,
        at=at,
        subject="visits",
        data={"rows": len(person), "new": added, "first": first.isoformat(), "last": last.isoformat()},
    )
    return added
