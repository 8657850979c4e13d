"""Each event gets its place in a chain of digests as its transaction commits.

Two steps at commit, both deferred. The first notes the event in `audit_turn`; the note's own trigger comes after every
other deferred check of the transaction, and only then takes the lock. Taken earlier, it would be held while a foreign
key waits for a row that somebody else has locked who, committing, waits for the chain.
"""

import django.db.models.deletion
from django.db import migrations, models

CREATE = """
CREATE UNLOGGED TABLE audit_turn (event_id bigint PRIMARY KEY);

CREATE FUNCTION audit_digest(previous bytea, seq bigint, event audit_event) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        seq, event.id, (extract(epoch FROM event.at) * 1000000)::bigint, event.by_id, event.kind, event.subject,
        event.data, event.ground, event.device
    )::text, 'UTF8'))
$$;

CREATE FUNCTION audit_take_turn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_turn (event_id) VALUES (NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    place bigint;
    last bytea;
BEGIN
    -- Held until the transaction is visible to all: the next in line reads this one's link as the head.
    PERFORM pg_advisory_xact_lock(7223372);
    SELECT seq, digest INTO place, last FROM audit_link ORDER BY seq DESC LIMIT 1;
    place := coalesce(place, 0) + 1;
    INSERT INTO audit_link (seq, event_id, digest)
        SELECT place, event.id, audit_digest(coalesce(last, ''), place, event)
        FROM audit_event event WHERE event.id = NEW.event_id;
    DELETE FROM audit_turn WHERE event_id = NEW.event_id;
    PERFORM pg_notify('tuyendau_events', place::text);
    RETURN NULL;
END $$;

DO $$
DECLARE
    each audit_event;
    place bigint := 0;
    last bytea := '';
BEGIN
    FOR each IN SELECT * FROM audit_event ORDER BY id LOOP
        place := place + 1;
        last := audit_digest(last, place, each);
        INSERT INTO audit_link (seq, event_id, digest) VALUES (place, each.id, last);
    END LOOP;
END $$;

CREATE CONSTRAINT TRIGGER audit_event_take_turn AFTER INSERT ON audit_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_take_turn();
CREATE CONSTRAINT TRIGGER audit_turn_chain AFTER INSERT ON audit_turn
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE OR DELETE ON audit_link
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_link_no_truncate BEFORE TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

DROP = """
DROP TRIGGER audit_event_take_turn ON audit_event;
DROP TABLE audit_turn;
DROP TRIGGER audit_link_append_only ON audit_link;
DROP TRIGGER audit_link_no_truncate ON audit_link;
DROP FUNCTION audit_chain();
DROP FUNCTION audit_take_turn();
DROP FUNCTION audit_digest(bytea, bigint, audit_event);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_no_truncate")]

    operations = [
        migrations.AddField("event", "ground", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField(
            "event", "device", models.CharField(blank=True, db_default="", default="", max_length=40)
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField()),
                (
                    "event",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="link",
                        to="audit.event",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
