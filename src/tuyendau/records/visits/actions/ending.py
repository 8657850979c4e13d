"""Visits that scans bear on: those that are known, those that end, those that a roster only supposed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from tuyendau.records.visits import rules

# A stay that the program made of a roster is no scan: it neither opens a visit nor keeps one from opening.
_KNOWN = """
SELECT v.person_id, v.site_id, extract(epoch FROM v.start)::bigint, extract(epoch FROM v."end")::bigint,
       v.end_assumed, v.id
FROM unnest(%(people)s::int[], %(sites)s::int[]) AS asked (person, site)
JOIN visits_visit v ON v.person_id = asked.person AND v.site_id = asked.site
WHERE v.start > %(earliest)s AND v.start < %(latest)s AND NOT (v.source IN (2, 3, 4) AND v.end_assumed)
ORDER BY v.person_id, v.start, v.id FOR UPDATE OF v
"""
# Where another source recorded that very stay, the open one was the same.
_SAME = """
DELETE FROM visits_visit v USING unnest(%(starts)s::timestamptz[], %(ids)s::bigint[], %(ends)s::timestamptz[])
    AS given (start, id, "end")
WHERE v.start = given.start AND v.id = given.id AND v.start >= %(earliest)s AND v.start <= %(latest)s
  AND EXISTS (SELECT FROM visits_visit s WHERE s.person_id = v.person_id AND s.start = v.start
              AND s.site_id = v.site_id AND s."end" = given."end" AND s.id <> v.id
              AND s.start >= %(earliest)s AND s.start <= %(latest)s)
"""
_END = """
UPDATE visits_visit v SET "end" = given."end", end_assumed = false, recorded_at = %(at)s
FROM unnest(%(starts)s::timestamptz[], %(ids)s::bigint[], %(ends)s::timestamptz[]) AS given (start, id, "end")
WHERE v.start = given.start AND v.id = given.id AND v.start >= %(earliest)s AND v.start <= %(latest)s
"""
_ROSTERED = """
DELETE FROM visits_visit v
USING unnest(%(people)s::int[], %(sites)s::int[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
    AS seen (person, site, start, "end")
WHERE v.person_id = seen.person AND v.site_id = seen.site AND v.source IN (2, 3, 4) AND v.end_assumed
  AND v.start < seen."end" AND v."end" > seen.start AND v.start > %(earliest)s AND v.start < %(latest)s
"""


def known_visits(
    places: Collection[tuple[int, int]], span: tuple[datetime, datetime]
) -> dict[tuple[int, int], list[rules.Known]]:
    """The visits of each (person, site) that begin within `span`, held until the transaction ends."""
    pairs = sorted(places)
    found: dict[tuple[int, int], list[rules.Known]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _KNOWN,
            {
                "people": [person for person, _site in pairs],
                "sites": [site for _person, site in pairs],
                "earliest": span[0],
                "latest": span[1],
            },
        )
        for person, site, start, end, assumed, number in cursor.fetchall():
            found.setdefault((person, site), []).append(rules.Known(start, end, assumed, number))
    return found


def end_visits(visits: Sequence[rules.Known], *, at: datetime) -> None:
    """Write the ends, now seen, of visits that are in the table."""
    if not visits:
        return
    starts = [datetime.fromtimestamp(visit.start, UTC) for visit in visits]
    values: dict[str, Any] = {
        "starts": starts,
        "ids": [visit.id for visit in visits],
        "ends": [datetime.fromtimestamp(visit.end, UTC) for visit in visits],
        "earliest": min(starts),
        "latest": max(starts),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAME, values)
        cursor.execute(_END, values)


def replace_rostered(seen: Sequence[tuple[int, int, int, int]]) -> None:
    """Remove what a roster supposed of (person, site) over [start, end), in seconds: now they were seen there."""
    starts = [datetime.fromtimestamp(row[2], UTC) for row in seen]
    ends = [datetime.fromtimestamp(row[3], UTC) for row in seen]
    with connection.cursor() as cursor:
        cursor.execute(
            _ROSTERED,
            {
                "people": [row[0] for row in seen],
                "sites": [row[1] for row in seen],
                "starts": starts,
                "ends": ends,
                "earliest": min(starts) - rules.LONGEST_SHIFT,
                "latest": max(ends),
            },
        )
