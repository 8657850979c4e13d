"""What was known at a moment of the confirmed cases that were reported in a window."""

from __future__ import annotations

from typing import Any

from django.db import connection

from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries import last_told, moments_of
from tuyendau.insight.situation.queries.indicators.known import (
    CASES,
    LISTED,
    ORDERS,
    SAME,
    ZONE,
    local_day,
    within,
)
from tuyendau.insight.situation.queries.scope import Scope
from tuyendau.insight.situation.rules import Window
from tuyendau.insight.situation.rules.indicators import CaseFacts
from tuyendau.records.contacts.queries.degrees import counted_grades

# Of two cases one of which is a contact of the other the one that fell ill later may come from the earlier.
_FACTS = f"""
WITH RECURSIVE {SAME}, {CASES}, {LISTED}, {ORDERS},
asked AS MATERIALIZED (
    SELECT e.*, f.entered_at, CASE WHEN {local_day("f.entered_at")} = e.reported_on THEN f.entered_at
        ELSE e.reported_on::timestamp AT TIME ZONE '{ZONE}' END AS told_at
    FROM everybody e
    CROSS JOIN LATERAL (SELECT min(v.since) AS entered_at FROM cases_caseversion v WHERE v."row" = e."row") f
    WHERE e.status = 'confirmed' AND e.reported_on BETWEEN %(first)s AND %(last)s AND {within("e.unit_id")}),
met AS (
    SELECT k.case_id, count(DISTINCT k.person_id) AS people FROM listed k JOIN asked a ON a."row" = k.case_id
    WHERE k.grade <= a.f1 GROUP BY k.case_id),
known AS (
    SELECT DISTINCT a."row" FROM contacts_contactversion k LEFT JOIN same s ON s.origin = k.person_id
    JOIN asked a ON a.person_id = coalesce(s.person, k.person_id)
    JOIN everybody other ON other."row" = k.case_id AND other.disease = a.disease
    WHERE k.case_id <> a."row" AND k.since < a.told_at AND (k.until IS NULL OR k.until >= a.told_at)),
apart AS (
    SELECT DISTINCT a."row" FROM ordered o JOIN asked a ON a.person_id = o.person_id AND a.disease = o.disease
    WHERE o.starts_on <= a.ill_on AND o.over_from > a.ill_on AND {local_day("o.signed_at")} <= a.ill_on),
decided AS MATERIALIZED (
    SELECT d.infectee_id, d.infector_id, d.verdict FROM chains_decision d
    WHERE d.at <= %(at)s AND (d.withdrawn_at IS NULL OR d.withdrawn_at > %(at)s)),
pairs AS (
    SELECT CASE WHEN (one.ill_on, one."row") < (two.ill_on, two."row") THEN two."row" ELSE one."row" END AS later,
        CASE WHEN (one.ill_on, one."row") < (two.ill_on, two."row") THEN one."row" ELSE two."row" END AS earlier
    FROM listed k JOIN everybody one ON one."row" = k.case_id AND one.status IN ('confirmed', 'probable')
    JOIN everybody two ON two.person_id = k.person_id AND two.disease = one.disease
        AND two.status IN ('confirmed', 'probable') AND two."row" <> one."row"),
linked AS (
    SELECT p.later AS "row" FROM pairs p WHERE NOT EXISTS (
        SELECT FROM decided d WHERE d.infectee_id = p.later
        AND (d.verdict = 'not_by' AND d.infector_id = p.earlier
            OR d.verdict = 'infected_by' AND d.infector_id IS NULL))
    UNION SELECT d.infectee_id FROM decided d WHERE d.verdict = 'infected_by' AND d.infector_id IS NOT NULL)
SELECT c.public_id, a."row", a.reported_on, a.onset_on, a.sampled_on, a.result_on, a.entered_at,
    (SELECT min(s.taken_at) FROM cases_sample s WHERE s.case_id = a."row" AND s.recorded_at <= %(at)s
        AND {local_day("s.taken_at")} = a.sampled_on),
    a.isolated_at, coalesce(m.people, 0), known."row" IS NOT NULL, apart."row" IS NOT NULL,
    linked."row" IS NOT NULL
FROM asked a LEFT JOIN cases_case c ON c.id = a."row" LEFT JOIN met m ON m.case_id = a."row"
LEFT JOIN known ON known."row" = a."row" LEFT JOIN apart ON apart."row" = a."row"
LEFT JOIN linked ON linked."row" = a."row"
ORDER BY a.reported_on DESC, a."row" DESC
"""  # noqa: S608


@as_program()
def case_facts(of: Scope, window: Window) -> list[CaseFacts]:
    """The confirmed cases reported in `window`, as the scope knows them, the latest report first."""
    values: dict[str, Any] = {
        "at": of.at,
        "first": window.first,
        "last": window.last,
        "units": list(of.units),
        "nowhere": of.orphans,
        "disease": of.disease,
        "counted": counted_grades(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        rows = cursor.fetchall()
    # An interview that is taken up again is finished anew; the event of the first time stays.
    numbers = [row[0] for row in rows]
    interviewed = moments_of(numbers, ["interview.finished"], until=of.at)
    settings = last_told(numbers, "settings", until=of.at)
    return [CaseFacts(*(*row[1:], interviewed.get(row[0]), settings.get(row[0], {}))) for row in rows]
