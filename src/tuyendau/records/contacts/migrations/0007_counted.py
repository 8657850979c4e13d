"""How many rows the tables of contacts have can be counted for the planner by the program, which owns no table.

In the transaction of a large file the planner still thinks them empty, and joins them row by row.
"""

from django.db import migrations

COUNTED = """
CREATE FUNCTION contacts_counted() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE cases_case (id, person_id);
    ANALYZE contacts_contact (id, case_id, person_id);
    ANALYZE contacts_exposure (contact_id, evidence);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_late_presence"), ("cases", "0003_samples")]

    operations = [migrations.RunSQL(COUNTED, "DROP FUNCTION contacts_counted()")]
