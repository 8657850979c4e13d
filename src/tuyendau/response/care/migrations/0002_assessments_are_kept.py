from django.db import migrations

# What may change of an assessment: that another one stands in its place.
FORWARD = """
CREATE FUNCTION care_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'corrected_by_id') IS DISTINCT FROM (to_jsonb(OLD) - 'corrected_by_id')
       OR (OLD.corrected_by_id IS NOT NULL AND NEW.corrected_by_id IS NOT NULL)
    THEN
        RAISE EXCEPTION 'an assessment is not changed: %', OLD.public_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER care_assessment_is_kept BEFORE UPDATE ON care_assessment FOR EACH ROW
    EXECUTE FUNCTION care_refuse_change();
"""
BACKWARD = """
DROP TRIGGER care_assessment_is_kept ON care_assessment;
DROP FUNCTION care_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
