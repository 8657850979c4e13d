from django.db import migrations

# What may change of an order once it is signed: its end, its state, and which record of a person it hangs on.
FORWARD = """
CREATE FUNCTION orders_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - '{state,over_from,lifted_on,lifted_at,lifted_by_id,lift_ground,person_id}'::text[])
        IS DISTINCT FROM
       (to_jsonb(OLD) - '{state,over_from,lifted_on,lifted_at,lifted_by_id,lift_ground,person_id}'::text[])
       OR NEW.state IN ('draft', 'dropped')
    THEN
        RAISE EXCEPTION 'a signed order is not changed: order %', OLD.public_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_signed_is_kept BEFORE UPDATE ON orders_order FOR EACH ROW
    WHEN (OLD.state IN ('signed', 'lifted', 'superseded')) EXECUTE FUNCTION orders_refuse_change();
CREATE FUNCTION orders_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.over_from > current_date - 180 THEN
        RAISE EXCEPTION 'a signed order is kept: order %', OLD.public_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER orders_signed_stays BEFORE DELETE ON orders_order FOR EACH ROW
    WHEN (OLD.state IN ('signed', 'lifted', 'superseded')) EXECUTE FUNCTION orders_refuse_removal();
"""
BACKWARD = """
DROP TRIGGER orders_signed_is_kept ON orders_order;
DROP TRIGGER orders_signed_stays ON orders_order;
DROP FUNCTION orders_refuse_change();
DROP FUNCTION orders_refuse_removal();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
