"""Presence of two people who turned out to be one, and who turned out not to be."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from tuyendau.core.audit.queries import Event
from tuyendau.records.people.actions import moving

_UNIQUE = ("start", "site_id", "end")
# A visit that both had goes back only where its day is still kept.
_KEPT_DAY = (
    "to_regclass('visits_visit_' || to_char(r.start AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYYMMDD')) IS NOT NULL"
)
_KIND = "encounter"
_OF_MERGED = """
DELETE FROM visits_encounter WHERE a_id = %(merged)s OR b_id = %(merged)s
RETURNING CASE WHEN a_id = %(merged)s THEN b_id ELSE a_id END, start::text, seconds, recorded_at::text
"""
# That the two who are one were near each other says nothing; of a day that is not kept any more nothing comes back.
_GIVE = """
INSERT INTO visits_encounter AS e (a_id, b_id, start, seconds, recorded_at)
SELECT least(r.other, %(person)s), greatest(r.other, %(person)s), r.start, r.seconds, r.recorded_at
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS r (other integer, start timestamptz, seconds integer, recorded_at timestamptz)
WHERE r.other <> %(person)s
  AND to_regclass('visits_encounter_' || to_char(r.start AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYYMMDD')) IS NOT NULL
ON CONFLICT (a_id, b_id, start) DO UPDATE SET seconds = excluded.seconds, xid = pg_current_xact_id()
WHERE excluded.seconds > e.seconds
"""
_SAME = """
SELECT r.other, e.start::text, e.seconds, e.recorded_at::text
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (other integer, start timestamptz)
JOIN visits_encounter e ON e.a_id = least(r.other, %(person)s) AND e.b_id = greatest(r.other, %(person)s)
    AND e.start = r.start
"""
_TAKE = """
DELETE FROM visits_encounter e
USING jsonb_to_recordset(%(rows)s::jsonb) AS r (other integer, start timestamptz)
WHERE e.a_id = least(r.other, %(person)s) AND e.b_id = greatest(r.other, %(person)s) AND e.start = r.start
"""


def on_merged(event: Event) -> None:
    """Give the visits and encounters of the merged person to the survivor, in the transaction of the merge."""
    merge = moving.merge_of(event)
    moving.move(merge, "visit", table="visits_visit", unique=_UNIQUE)
    moving.move(merge, "statement", table="visits_statement")
    moving.move(merge, "excused", table="visits_excused", unique=("site_id", "day"))
    rows = _rows(_OF_MERGED, {"merged": merge.merged_id})
    if not rows:
        return
    values = {"rows": json.dumps(rows), "person": merge.survivor_id}
    moving.keep(merge, _KIND, {"rows": rows, "same": _rows(_SAME, values)})
    _run(_GIVE, values)


def on_unmerged(event: Event) -> None:
    """Give back what was the merged person's; what was recorded of the survivor since stays with the survivor."""
    merge = moving.merge_of(event)
    moving.bring_back(merge, "visit", table="visits_visit", where=_KEPT_DAY)
    moving.bring_back(merge, "statement", table="visits_statement")
    moving.bring_back(merge, "excused", table="visits_excused")
    data = moving.kept(merge, _KIND)
    if data is None:
        return
    holder = moving.survivor_of(merge.survivor_id)
    _run(_TAKE, {"rows": json.dumps(data["rows"]), "person": holder})
    _run(_GIVE, {"rows": json.dumps(data["same"]), "person": holder})
    _run(_GIVE, {"rows": json.dumps(data["rows"]), "person": merge.merged_id})


def _rows(query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        names = ("other", "start", "seconds", "recorded_at")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _run(query: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
