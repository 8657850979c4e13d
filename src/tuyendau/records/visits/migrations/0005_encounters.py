"""Encounters, in parts by day as visits are, and how the days at the end of their keeping are dropped."""

from django.db import migrations, models

CREATE = """
CREATE TABLE visits_encounter (
    a_id integer NOT NULL,
    b_id integer NOT NULL,
    start timestamptz(0) NOT NULL,
    seconds integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- The transaction that wrote the row last: a reader takes in what its last snapshot did not see.
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (a_id, b_id, start),
    CONSTRAINT encounter_of_two CHECK (a_id < b_id),
    CONSTRAINT encounter_within_a_day CHECK (seconds > 0 AND seconds <= 86400),
    CONSTRAINT encounter_in_range CHECK (start >= '2010-01-01 00:00+07' AND start < '2087-12-31 00:00+07')
) PARTITION BY RANGE (start);
CREATE INDEX visits_encounter_other ON visits_encounter (b_id, start);
CREATE INDEX visits_encounter_xid ON visits_encounter (xid);

-- What no longer is: days before `kept_from` are not taken in any more; days were dropped `drops` times, and encounters
-- taken back `removals` times. A reader that finds either count changed reads anew.
CREATE TABLE visits_removal (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    kept_from date NOT NULL DEFAULT '2010-01-01',
    drops bigint NOT NULL DEFAULT 0,
    removals bigint NOT NULL DEFAULT 0
);
INSERT INTO visits_removal DEFAULT VALUES;

CREATE FUNCTION visits_note_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE visits_removal SET removals = removals + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER visits_encounter_removed AFTER DELETE ON visits_encounter
    FOR EACH STATEMENT EXECUTE FUNCTION visits_note_removal();

CREATE FUNCTION visits_ensure_encounter_parts(days date[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day date;
    name text;
BEGIN
    FOREACH day IN ARRAY days LOOP
        name := 'visits_encounter_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        LOCK TABLE visits_encounter IN SHARE UPDATE EXCLUSIVE MODE;
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE visits_encounter INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
        EXECUTE format(
            'ALTER TABLE visits_encounter ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            name, day::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh',
            (day + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh');
    END LOOP;
END $$;

-- The parts of one day go as a whole: no row is looked at. A lock that is not had soon is given up, since whoever asks
-- after it waits behind it.
CREATE FUNCTION visits_drop_day(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SET LOCAL lock_timeout = '300ms';
    EXECUTE format('DROP TABLE IF EXISTS %I', 'visits_visit_' || to_char(day, 'YYYYMMDD'));
    EXECUTE format('DROP TABLE IF EXISTS %I', 'visits_encounter_' || to_char(day, 'YYYYMMDD'));
END $$;

-- Days that have a part in either table.
CREATE FUNCTION visits_days_kept() RETURNS SETOF date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT to_date(right(c.relname, 8), 'YYYYMMDD')
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('visits_visit'::regclass, 'visits_encounter'::regclass)
$$;
"""

DROP = """
DROP FUNCTION visits_days_kept();
DROP FUNCTION visits_drop_day(date);
DROP FUNCTION visits_ensure_encounter_parts(date[]);
DROP TABLE visits_encounter;
DROP FUNCTION visits_note_removal();
DROP TABLE visits_removal;
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0004_batches")]

    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.CreateModel(
            name="Encounter",
            fields=[
                ("pk", models.CompositePrimaryKey("a", "b", "start", blank=True, editable=False, primary_key=True, serialize=False)),
                ("start", models.DateTimeField()),
                ("seconds", models.PositiveIntegerField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={"db_table": "visits_encounter", "managed": False},
        ),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("one", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("kept_from", models.DateField()),
                ("drops", models.BigIntegerField(default=0)),
                ("removals", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "visits_removal", "managed": False},
        ),
    ]
