"""Events are not emptied out all at once either."""

from django.db import migrations

CREATE = """
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

DROP = "DROP TRIGGER audit_event_no_truncate ON audit_event"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunSQL(CREATE, DROP)]
