"""Many visits at once, loaded with COPY."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
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
        ("source_size", ">i4"),
        ("source", ">i2"),
    ]
)
# Sources 2 to 4 with an assumed end are stays that the program made of a roster: whatever else is known replaces them.
# A seen end takes the place of the assumed one of the same stay; an assumed one adds nothing to a stay that is known.
_CORRECT = """
UPDATE visits_visit v SET "end" = n."end", end_assumed = false, source = n.source, recorded_at = %(at)s
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
       person_id, site_id, start, "end", end_assumed, source, %(at)s
FROM visits_incoming n
WHERE NOT n.end_assumed OR NOT EXISTS (
    SELECT FROM visits_visit v WHERE v.person_id = n.person_id AND v.start = n.start AND v.site_id = n.site_id
      AND v.start >= %(earliest)s AND v.start <= %(latest)s AND NOT (v.source IN (2, 3, 4) AND v.end_assumed))
ORDER BY person_id, start, site_id, "end", end_assumed
ON CONFLICT (person_id, start, site_id, "end") DO UPDATE
SET source = excluded.source, recorded_at = excluded.recorded_at, end_assumed = excluded.end_assumed
WHERE visits_visit.source IN (2, 3, 4) AND visits_visit.end_assumed
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
    begins, ends = np.asarray(start, np.int64), np.asarray(end, np.int64)
    added = store(Columns(person, site, begins, ends, assumed, np.full(len(person), source, np.int16)), at=at)
    first, last = (_day_of(int(moment)) for moment in (start.min(), start.max()))
    audit.record(
        "visits.added",
        by=by,
        at=at,
        subject="visits",
        data={"rows": len(person), "new": added, "first": first.isoformat(), "last": last.isoformat()},
    )
    return added


@dataclass(frozen=True, slots=True)
class Columns:
    """Visits as arrays [n]: row ids of person and site, [start, end) in seconds since 1970 UTC, end assumed, source."""

    person: NDArray[np.int32]
    site: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    assumed: NDArray[np.bool_]
    source: NDArray[np.int16]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int, int, bool, int]]) -> Columns:
        """Columns from rows of person, site, start, end, assumed, source."""
        columns = zip(*rows, strict=True)
        kinds = (np.int32, np.int32, np.int64, np.int64, np.bool_, np.int16)
        return cls(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))

    def best_known(self) -> Columns:
        """Without the rows whose end is assumed while another row of the same stay tells it."""
        order = np.lexsort((self.assumed, self.start, self.site, self.person))
        key = [column[order] for column in (self.person, self.site, self.start)]
        first = np.concatenate(([True], np.any([c[1:] != c[:-1] for c in key], axis=0)))
        told = ~self.assumed[order][np.flatnonzero(first)][np.cumsum(first) - 1]
        kept = np.sort(order[~(self.assumed[order] & told)])
        return Columns(*(getattr(self, f.name)[kept] for f in fields(self)))


def store(visits: Columns, *, at: datetime) -> int:
    """Write visits as `add_visits` does, each with its own source, within the caller's transaction and event."""
    visits = visits.best_known()
    local = visits.start + clock.UTC_OFFSET_SECONDS
    ensure_partitions(date(1970, 1, 1) + timedelta(days=int(n)) for n in np.unique(local // 86_400))
    rows = np.empty(len(visits.person), _ROW)
    rows["fields"] = 6
    for name, values, size in (
        ("person", visits.person, 4),
        ("site", visits.site, 4),
        ("start", (visits.start - _PG_EPOCH) * 1_000_000, 8),
        ("end", (visits.end - _PG_EPOCH) * 1_000_000, 8),
        ("assumed", visits.assumed, 1),
        ("source", visits.source, 2),
    ):
        rows[name] = values
        rows[f"{name}_size"] = size
    return written(lambda: _load(rows, visits.start, at))


def _day_of(moment: int) -> date:
    return date(1970, 1, 1) + timedelta(days=(moment + clock.UTC_OFFSET_SECONDS) // 86_400)


def _load(rows: NDArray[np.void], start: NDArray[np.int64], at: datetime) -> int:
    """Copy the rows in and let them correct and add to the table; how many did."""
    earliest, latest = (datetime.fromtimestamp(int(moment), UTC) for moment in (start.min(), start.max()))
    values = {"at": at, "earliest": earliest, "latest": latest}
    with connection.cursor() as cursor:
        cursor.execute(
            'CREATE TEMPORARY TABLE visits_incoming (person_id integer, site_id integer, start timestamptz, "end" '
            "timestamptz, end_assumed boolean, source smallint) ON COMMIT DROP"
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
