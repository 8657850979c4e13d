"""Samples of the scenario: of each case, and of the tests that close contacts had, with results as far as they are in.

Laid in single statements, as `care` lays checks. Case by case they say what decided: suspected ones had a positive
antigen test and wait for their PCR.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from tuyendau.core.accounts.models import User
from tuyendau.core.places.models import Site
from tuyendau.demo.plan import Plan
from tuyendau.demo.signins import HOSPITAL
from tuyendau.records.cases.models import Sample

_OF_CASES = """
INSERT INTO cases_sample (public_id, person_id, case_id, disease, number, specimen, taken_at, taken_by_id,
    laboratory_id, recorded_at, resulted_at)
SELECT 'sample_' || substr(md5('case ' || c.id), 1, 12), c.person_id, c.id, c.disease,
    to_char(c.sampled_on, 'YYMMDD') || lpad((c.id %% 1000000)::text, 6, '0'), 'nasopharyngeal', t.taken, %(officer)s,
    %(laboratory)s, t.taken, r.resulted
FROM cases_case c
CROSS JOIN LATERAL (SELECT least(%(moment)s - interval '2 hours', (c.sampled_on + interval '7 hours'
    + abs(hashint4(c.id)) %% 480 * interval '1 minute') AT TIME ZONE 'Asia/Ho_Chi_Minh') AS taken) t
CROSS JOIN LATERAL (SELECT CASE WHEN c.result_on IS NOT NULL THEN least(%(moment)s - interval '30 minutes',
    greatest(t.taken + interval '90 minutes', (c.result_on + interval '16 hours') AT TIME ZONE 'Asia/Ho_Chi_Minh'))
    END AS resulted) r
WHERE c.sampled_on IS NOT NULL AND c.status <> 'discarded'
"""
_OF_CONTACTS = """
INSERT INTO cases_sample (public_id, person_id, case_id, disease, number, specimen, taken_at, taken_by_id,
    laboratory_id, recorded_at, resulted_at)
SELECT 'sample_' || substr(md5('check ' || k.id), 1, 12), f.person_id, NULL, f.disease,
    to_char(k.day, 'YYMMDD') || lpad((500000 + k.id %% 500000)::text, 6, '0'), 'nasopharyngeal', k.at, k.by_id,
    %(laboratory)s, k.at, CASE WHEN r.resulted < %(moment)s AND k.id %% 40 > 0 THEN r.resulted END
FROM followup_check k JOIN followup_followup f ON f.id = k.followup_id
CROSS JOIN LATERAL (SELECT k.at + interval '14 hours' + k.id %% 600 * interval '1 minute' AS resulted) r
WHERE k.tested AND f.degree > 0 ON CONFLICT DO NOTHING
"""
_RESULTS = """
INSERT INTO cases_testresult (public_id, sample_id, test, result, ct, resulted_at, laboratory_id, recorded_at,
    recorded_by_id, reason, effect)
SELECT 'result_' || substr(md5('result ' || s.id), 1, 12), s.id,
    CASE WHEN c.status = 'suspected' THEN 'antigen' ELSE 'rt_pcr' END,
    CASE WHEN c.id IS NULL THEN 'negative' ELSE 'positive' END,
    CASE WHEN c.status <> 'suspected' THEN 15 + abs(hashint4(s.id)) %% 160 / 10.0 END,
    s.resulted_at, s.laboratory_id, s.resulted_at, %(technician)s, '',
    CASE c.status WHEN 'confirmed' THEN 'confirmed' WHEN 'probable' THEN 'probable' ELSE '' END
FROM cases_sample s LEFT JOIN cases_case c ON c.id = s.case_id WHERE s.resulted_at IS NOT NULL
"""


def lay(plan: Plan) -> None:
    """Lay the samples and results of the days past. Where there are samples already, nothing is added."""
    if Sample.objects.exists():
        return
    users = {user.username: user.pk for user in User.objects.filter(username__in=("vietyen", "xetnghiem"))}
    values: dict[str, Any] = {
        "moment": plan.moment,
        "officer": users["vietyen"],
        "technician": users["xetnghiem"],
        "laboratory": Site.objects.get(code=HOSPITAL).pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (_OF_CASES, _OF_CONTACTS, _RESULTS):
            cursor.execute(statement, values)
