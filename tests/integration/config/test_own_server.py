"""A province's own server: the role of DATABASE_URL owns its database and is no superuser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tuyendau.core.acting import PROGRAM, VIEWER, ensure_roles


@pytest.fixture
def own_database(db: None) -> Iterator[tuple[str, psycopg.Connection]]:
    """The address of an empty database whose owner may nothing else, and a connection of the server's administrator."""
    ensure_roles()
    name = f"tinh_{uuid4().hex[:8]}"
    admin = os.environ["DATABASE_URL"]
    with psycopg.connect(admin, autocommit=True) as server:
        own = sql.Identifier(name)
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x' NOSUPERUSER NOCREATEROLE").format(own))
        server.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(own, own))
        parts = conninfo_to_dict(admin) | {"dbname": name, "user": name, "password": "x"}
        yield make_conninfo("", **parts), server
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(own))
        server.execute(sql.SQL("DROP ROLE {}").format(own))


def migrate(address: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tuyendau.config.cli", "migrate"],
        env=os.environ | {"DATABASE_URL": address, "TUYENDAU_VAR": str(folder), "LANG": "en_US.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_an_owner_without_further_rights_migrates_once_the_roles_are_granted(own_database, tmp_path):
    address, server = own_database
    refused = migrate(address, tmp_path)
    assert refused.returncode == 1
    assert f"GRANT {PROGRAM}, {VIEWER} TO" in refused.stderr
    owner = conninfo_to_dict(address)["user"]
    server.execute(sql.SQL("GRANT {}, {} TO {}").format(*map(sql.Identifier, (PROGRAM, VIEWER, str(owner)))))
    done = migrate(address, tmp_path)
    assert done.returncode == 0, done.stderr
    assert migrate(address, tmp_path).returncode == 0, "again changes nothing"
    with psycopg.connect(address, autocommit=True) as own:
        own.execute(
            "INSERT INTO people_person (public_id, full_name, folded, sex, phone, address) "
            "VALUES ('person_1', 'Lan', 'lan', '', '', '')"
        )
        counted = {}
        for role in (PROGRAM, VIEWER):
            own.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            counted[role] = own.execute("SELECT count(*) FROM people_person").fetchone()
        assert counted == {PROGRAM: (1,), VIEWER: (0,)}
        own.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(PROGRAM)))
        own.execute("SELECT visits_ensure_partitions(ARRAY['2021-05-15'::date])")
