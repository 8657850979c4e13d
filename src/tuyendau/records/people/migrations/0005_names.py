"""Names apart from people, kept by a trigger: what is searched by words is a tenth of the people."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

# In the order of the names, so that two writers of many people cannot wait for each other in a circle. The function
# acts as the owner: whoever writes people need not be let at the names.
KEEP = """
CREATE FUNCTION people_note_names() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO people_name (folded)
    SELECT DISTINCT r.folded FROM new_rows r
    WHERE NOT EXISTS (SELECT FROM people_name n WHERE n.folded = r.folded)
    ORDER BY r.folded
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER people_named AFTER INSERT ON people_person REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people_note_names();
CREATE TRIGGER people_renamed AFTER UPDATE ON people_person REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people_note_names();
INSERT INTO people_name (folded) SELECT DISTINCT folded FROM people_person;
"""
LEAVE = """
DROP TRIGGER people_named ON people_person;
DROP TRIGGER people_renamed ON people_person;
DROP FUNCTION people_note_names();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_identity_and_shifts")]

    operations = [
        migrations.CreateModel(
            name="Name",
            fields=[
                ("folded", models.CharField(db_collation="C", max_length=120, primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.AddIndex(
            model_name="name",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("folded", config="simple"), name="name_by_words"
            ),
        ),
        migrations.RemoveIndex(model_name="person", name="person_by_words"),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["birth_year", "folded", "id"],
                include=["birth_date", "unit", "merged_into"],
                name="person_by_birth",
            ),
        ),
        migrations.AddIndex(
            model_name="person", index=models.Index(fields=["birth_date"], name="person_by_day")
        ),
    ]
