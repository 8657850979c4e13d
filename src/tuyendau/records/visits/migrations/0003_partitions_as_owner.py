"""The parts of the visits' table are made for the program, which owns no table and may make none."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_tables")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION visits_ensure_partitions(date[]) SECURITY DEFINER SET search_path = public, pg_temp",
            "ALTER FUNCTION visits_ensure_partitions(date[]) SECURITY INVOKER RESET search_path",
        )
    ]
