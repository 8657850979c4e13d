from django.db import migrations

# A report that is ready is never changed, nor is a file of one.
FORWARD = """
CREATE FUNCTION reports_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a report that was made is not changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reports_ready_is_kept BEFORE UPDATE ON reports_report FOR EACH ROW
    WHEN (OLD.state = 'ready') EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER reports_file_is_kept BEFORE UPDATE ON reports_reportfile FOR EACH ROW
    EXECUTE FUNCTION reports_refuse_change();
CREATE FUNCTION reports_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{current,state,answered_at,answered_by_id,answer,reference,reason,document}'::text[])
        IS DISTINCT FROM
       (to_jsonb(OLD) - '{current,state,answered_at,answered_by_id,answer,reference,reason,document}'::text[])
       OR (NEW.document IS DISTINCT FROM OLD.document AND NEW.document <> '{}'::jsonb)
    THEN
        RAISE EXCEPTION 'a report that was sent is not changed: %', OLD.public_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reports_sent_is_kept BEFORE UPDATE ON reports_notification FOR EACH ROW
    EXECUTE FUNCTION reports_refuse_rewriting();
"""
BACKWARD = """
DROP TRIGGER reports_ready_is_kept ON reports_report;
DROP TRIGGER reports_file_is_kept ON reports_reportfile;
DROP TRIGGER reports_sent_is_kept ON reports_notification;
DROP FUNCTION reports_refuse_change();
DROP FUNCTION reports_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_situation")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
