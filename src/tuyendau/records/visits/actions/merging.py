"""Visits and encounters follow their person into a merge and out of it again."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from tuyendau.core.audit.queries import Event
from tuyendau.records.people.actions import moving
from tuyendau.records.people.models import Merge

_UNIQUE = ("start", "site_id", "end")
# What was taken away goes back only where its day is still kept.
_KEPT_DAY = "to_regclass('{0}_' || to_char(r.start AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYYMMDD')) IS NOT NULL"

_TAKE = """
DELETE FROM visits_encounter WHERE a_id = %(merged)s OR b_id = %(merged)s
RETURNING jsonb_build_object('a_id', a_id, 'b_id', b_id, 'start', start, 'seconds', seconds, 'recorded_at', recorded_at)
"""
# Nobody meets themselves, and two records of one meeting are one.
_GIVE = f"""
INSERT INTO visits_encounter (a_id, b_id, start, seconds, recorded_at)
SELECT least(r.a, r.b), greatest(r.a, r.b), r.start, r.seconds, r.recorded_at
FROM (SELECT CASE WHEN a_id = %(old)s THEN %(new)s ELSE a_id END AS a,
             CASE WHEN b_id = %(old)s THEN %(new)s ELSE b_id END AS b, start, seconds, recorded_at
      FROM jsonb_to_recordset(%(rows)s::jsonb)
          AS t (a_id integer, b_id integer, start timestamptz, seconds integer, recorded_at timestamptz)) AS r
WHERE r.a <> r.b AND {_KEPT_DAY.format("visits_encounter")}
ON CONFLICT DO NOTHING
RETURNING jsonb_build_object('a_id', a_id, 'b_id', b_id, 'start', start)
"""  # noqa: S608
_TAKE_BACK = """
DELETE FROM visits_encounter e USING (
    SELECT CASE WHEN a_id = %(survivor)s THEN %(holder)s ELSE a_id END AS a,
           CASE WHEN b_id = %(survivor)s THEN %(holder)s ELSE b_id END AS b, start
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS t (a_id integer, b_id integer, start timestamptz)) AS r
WHERE e.a_id = least(r.a, r.b) AND e.b_id = greatest(r.a, r.b) AND e.start = r.start
"""


def on_merged(event: Event) -> None:
    """What was seen of the merged person was seen of the survivor. Triggers note both for tracing."""
    merge = moving.merge_of(event)
    moving.move(merge, "visit", table="visits_visit", unique=_UNIQUE)
    taken = _json(_TAKE, {"merged": merge.merged_id})
    given = _give(taken, merge.merged_id, merge.survivor_id)
    moving.keep(merge, "encounter", {"taken": taken, "given": given})


def on_unmerged(event: Event) -> None:
    """Each has again the visits and encounters that were theirs, with what was corrected since."""
    merge = moving.merge_of(event)
    moving.bring_back(merge, "visit", table="visits_visit", where=_KEPT_DAY.format("visits_visit"))
    data = moving.kept(merge, "encounter")
    if data is not None:
        _take_back(merge, data["given"])
        _give(data["taken"], merge.merged_id, merge.merged_id)


def _give(rows: list[Any], old: int, new: int) -> list[Any]:
    return _json(_GIVE, {"old": old, "new": new, "rows": json.dumps(rows)}) if rows else []


def _take_back(merge: Merge, rows: list[Any]) -> None:
    holder = moving.survivor_of(merge.survivor_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_BACK, {"survivor": merge.survivor_id, "holder": holder, "rows": json.dumps(rows)}
        )


def _json(query: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
