"""The two roles of the database under which everything runs once it is migrated."""

from __future__ import annotations

from django.db import ProgrammingError, connection, transaction

PROGRAM = "tuyendau_program"
"""Reads and writes every record, and owns no table: it passes no rule of the database by."""

VIEWER = "tuyendau_viewer"
"""Reads the rows in the reach of whoever is asking, and writes none of them."""

# Roles belong to the whole server: another database of it may have made them, perhaps at this very moment.
_CREATE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        BEGIN
            CREATE ROLE {role} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT pg_has_role(session_user, '{role}', 'MEMBER') THEN
        EXECUTE format('GRANT {role} TO %I', session_user);
    END IF;
END $$
"""


class RolesMissing(Exception):
    """The roles are not there, and whoever migrates may not make them; the text says what to run."""


def ensure_roles() -> None:
    """Make both roles where they are missing, and let the role that signed in act as them. Raises `RolesMissing`."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for role in (PROGRAM, VIEWER):
                cursor.execute(_CREATE.format(role=role))
    except ProgrammingError as error:
        raise RolesMissing(
            "the database needs two roles that the user of DATABASE_URL may not make. An administrator of the server "
            f"runs once: CREATE ROLE {PROGRAM} NOLOGIN; CREATE ROLE {VIEWER} NOLOGIN; "
            f"GRANT {PROGRAM}, {VIEWER} TO <the user of DATABASE_URL>;"
        ) from error
