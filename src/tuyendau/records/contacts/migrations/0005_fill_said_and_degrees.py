"""What earlier lists hold: when people came into them, what tracing said, who reported them, and the degrees."""

from django.db import migrations

FILL = """
UPDATE contacts_contact k SET
    listed_at = coalesce((SELECT t.at FROM contacts_trace t WHERE t.case_id = k.case_id), k.listed_at),
    traced_grade = CASE WHEN EXISTS (SELECT FROM contacts_exposure x
        WHERE x.contact_id = k.id AND x.evidence <> 'reported') THEN k.grade END;

-- A link a reported exposure, under an id as random as any other.
CREATE TEMPORARY TABLE told ON COMMIT DROP AS
SELECT x.id AS exposure_id, k.case_id, k.person_id, x.note, k.listed_at,
       'link_' || substr(translate(md5(random()::text || x.id), 'ilou', 'wxyz'), 1, 12) AS public_id
FROM contacts_exposure x JOIN contacts_contact k ON k.id = x.contact_id WHERE x.evidence = 'reported';
INSERT INTO contacts_link (public_id, case_id, person_id, place, grade, said_by, reason, at, ended_why)
SELECT public_id, case_id, person_id, '', 0, 'file', note, listed_at, '' FROM told;
UPDATE contacts_exposure x SET link_id = l.id FROM told t JOIN contacts_link l ON l.public_id = t.public_id
WHERE x.id = t.exposure_id;
DROP TABLE told;

INSERT INTO contacts_degree (person_id, disease, degree, case_id, met, stale)
SELECT DISTINCT ON (person_id, disease) person_id, disease, 0, id, '{}', false
FROM cases_case WHERE status = 'confirmed' ORDER BY person_id, disease, id;
INSERT INTO contacts_degree (person_id, disease, degree, case_id, since, until, met, stale)
SELECT k.person_id, c.disease, 1, (array_agg(k.case_id ORDER BY k.grade, k.first NULLS LAST, k.case_id))[1],
       min(coalesce(k.first, t.window_start)),
       max(coalesce(k.last, t.window_end)) + CASE c.disease WHEN 'measles' THEN 21 ELSE 14 END * interval '1 day',
       '{}', true
FROM contacts_contact k JOIN cases_case c ON c.id = k.case_id
LEFT JOIN contacts_trace t ON t.case_id = k.case_id
WHERE c.status = 'confirmed' AND k.grade = 0
GROUP BY k.person_id, c.disease
ON CONFLICT (person_id, disease) DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_said_degrees_changes"), ("cases", "0002_disease")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
