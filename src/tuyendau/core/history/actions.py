"""The database keeps versions: triggers on the tables that are kept, and one on events that says when it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction

from tuyendau.core.history.models import OWN, Version

_MOMENT = """
CREATE SEQUENCE IF NOT EXISTS history_act;

CREATE OR REPLACE FUNCTION history_moment() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('tuyendau.moment', true), '')::timestamptz, now())
$$;

CREATE OR REPLACE FUNCTION history_current_act(touched text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    act text := nullif(current_setting('tuyendau.act', true), '');
    kept text := coalesce(current_setting('tuyendau.kept', true), '');
BEGIN
    IF act IS NULL THEN
        act := nextval('history_act')::text;
        PERFORM set_config('tuyendau.act', act, true);
        kept := '';
    END IF;
    IF position(touched || ',' IN kept) = 0 THEN
        PERFORM set_config('tuyendau.kept', kept || touched || ',', true);
    END IF;
    RETURN act::bigint;
END $$;

-- An event tells of what was written before it in its transaction, and says when that was.
CREATE OR REPLACE FUNCTION history_settle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := nullif(current_setting('tuyendau.act', true), '')::bigint;
    touched text;
BEGIN
    PERFORM set_config('tuyendau.moment', NEW.at::text, true);
    IF own IS NULL THEN RETURN NULL; END IF;
    FOREACH touched IN ARRAY string_to_array(rtrim(current_setting('tuyendau.kept', true), ','), ',') LOOP
        EXECUTE format('UPDATE %1$I SET since = $1 WHERE act = $2 AND since IS DISTINCT FROM $1', touched)
            USING NEW.at, own;
        EXECUTE format(
            'UPDATE %1$I SET until = greatest($1, since) WHERE ended_act = $2 AND until IS DISTINCT FROM $1', touched
        ) USING NEW.at, own;
    END LOOP;
    PERFORM set_config('tuyendau.act', '', true);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER history_settle AFTER INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION history_settle();
"""

# Changes within one act make one version: what nobody could have known in between was never known.
_WHOLE = """
CREATE OR REPLACE FUNCTION {versions}_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    own bigint;
    moment timestamptz;
BEGIN
    IF TG_OP <> 'INSERT' AND TG_OP <> 'UPDATE' AND TG_OP <> 'DELETE' THEN RETURN NULL; END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM after_rows) THEN RETURN NULL; END IF;
    ELSIF NOT EXISTS (SELECT FROM before_rows) THEN RETURN NULL;
    END IF;
    own := history_current_act('{versions}');
    moment := history_moment();
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {versions} ("row", {columns}, since, act)
            SELECT id, {columns}, moment, own FROM after_rows WHERE {condition};
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM {versions} v USING before_rows b WHERE v."row" = b.id AND v.until IS NULL AND v.act = own;
        UPDATE {versions} v SET until = greatest(moment, v.since), ended_act = own
            FROM before_rows b WHERE v."row" = b.id AND v.until IS NULL;
    ELSE
        DELETE FROM {versions} v USING before_rows b, after_rows a
            WHERE v."row" = b.id AND a.id = b.id AND v.until IS NULL AND v.act = own
            AND (({b_columns}) IS DISTINCT FROM ({a_columns}));
        UPDATE {versions} v SET until = greatest(moment, v.since), ended_act = own
            FROM before_rows b, after_rows a
            WHERE v."row" = b.id AND a.id = b.id AND v.until IS NULL
            AND (({b_columns}) IS DISTINCT FROM ({a_columns}));
        INSERT INTO {versions} ("row", {columns}, since, act)
            SELECT a.id, {a_columns}, moment, own FROM after_rows a JOIN before_rows b ON a.id = b.id
            WHERE (({b_columns}) IS DISTINCT FROM ({a_columns})) AND ({a_condition});
    END IF;
    RETURN NULL;
END $$;
"""

_CHANGES = """
CREATE OR REPLACE FUNCTION {versions}_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    own bigint;
    moment timestamptz;
BEGIN
    IF TG_OP <> 'UPDATE' OR NOT EXISTS (
        SELECT FROM before_rows b JOIN after_rows a ON a.id = b.id
        WHERE ({b_columns}) IS DISTINCT FROM ({a_columns})
    ) THEN RETURN NULL; END IF;
    own := history_current_act('{versions}');
    moment := history_moment();
    INSERT INTO {versions} ("row", {columns}, since, until, ended_act)
        SELECT b.id, {b_columns}, (SELECT max(until) FROM {versions} v WHERE v."row" = b.id), moment, own
        FROM before_rows b JOIN after_rows a ON a.id = b.id
        WHERE ({b_columns}) IS DISTINCT FROM ({a_columns})
        AND NOT EXISTS (SELECT FROM {versions} v WHERE v."row" = b.id AND v.ended_act = own);
    RETURN NULL;
END $$;
"""

_TRIGGERS = """
CREATE OR REPLACE TRIGGER {versions}_inserted AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION {versions}_keep();
CREATE OR REPLACE TRIGGER {versions}_deleted AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION {versions}_keep();
"""
_UPDATED = """
CREATE OR REPLACE TRIGGER {versions}_updated AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION {versions}_keep();
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of which versions are kept, in SQL names."""

    table: str
    versions: str
    columns: tuple[str, ...]
    condition: str
    changes_only: bool

    @classmethod
    def of(cls, model: type[Version]) -> Kept:
        """What a model of versions says. Raises `LookupError` where its table has no such column."""
        source = apps.get_model(model.of)
        columns = tuple(str(f.column) for f in model._meta.concrete_fields if f.name not in OWN)
        missing = set(columns) - {str(f.column) for f in source._meta.concrete_fields}
        if missing:
            raise LookupError(f"{model.of} has no {', '.join(sorted(missing))}")
        return cls(source._meta.db_table, model._meta.db_table, columns, model.condition, model.changes_only)

    def sql(self) -> str:
        """Functions and triggers."""
        names = {
            "table": self.table,
            "versions": self.versions,
            "columns": ", ".join(f'"{c}"' for c in self.columns),
            "a_columns": ", ".join(f'a."{c}"' for c in self.columns),
            "b_columns": ", ".join(f'b."{c}"' for c in self.columns),
            "condition": self.condition,
            "a_condition": self.condition.replace("{row}", "a"),
        }
        names["condition"] = self.condition.replace("{row}", "after_rows")
        if self.changes_only:
            return (_CHANGES + _UPDATED).format(**names)
        return (_WHOLE + _TRIGGERS + _UPDATED).format(**names)


def kept_tables() -> list[Kept]:
    """Every table of which versions are kept."""
    return [
        Kept.of(model)
        for model in apps.get_models()
        if issubclass(model, Version) and not model._meta.abstract
    ]


def tell_moment(at: datetime) -> None:
    """Let what this transaction writes from now on be known from `at`, where no event tells of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tuyendau.moment', %s, true)", [at.isoformat()])


def keep_versions() -> None:
    """Set up the triggers, anew after each migration. Tables that are not there yet are left. The owner runs it."""
    with transaction.atomic(), connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if "audit_event" not in there:
            return
        cursor.execute(_MOMENT)
        for kept in kept_tables():
            if {kept.table, kept.versions} <= there:
                cursor.execute(kept.sql())
