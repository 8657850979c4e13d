"""The program as it is started, with its own PostgreSQL: streams outlive the database's end, and the web process's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import httpx
import psycopg

from tests.integration.config.test_up import Up, folder, port  # noqa: F401
from tests.integration.live.server import Listener, eventually
from tuyendau.config import postgres

PASSWORD = "ruộng lúa chín vàng"


def tuyendau(home: Path, *arguments: str) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    command = [sys.executable, "-m", "tuyendau.config.cli", *arguments]
    subprocess.run(
        command, env=environment | {"TUYENDAU_VAR": str(home)}, check=True, stdout=subprocess.DEVNULL
    )


def signed_in(address: str) -> str:
    """The key of a session got by the form, as a browser gets it."""
    with httpx.Client(base_url=address, timeout=30) as client:
        client.get("/accounts/login/")
        client.post(
            "/accounts/login/",
            data={"login": "dich", "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"]},
        )
        return client.cookies["sessionid"]


def happen(home: Path) -> None:
    """Something that every line list is told of."""
    with psycopg.connect(dbname="tuyendau", user="postgres", host=str(home / "postgres")) as connection:
        connection.execute(
            "INSERT INTO audit_event (at, kind, subject, data) VALUES (now(), 'cases.imported', 'cases', '{}')"
        )


def answers(home: Path) -> bool:
    try:
        psycopg.connect(dbname="tuyendau", user="postgres", host=str(home / "postgres")).close()
    except psycopg.OperationalError:
        return False
    return True


def test_streams_outlive_the_database_and_pages_the_server(folder: Path, port: int) -> None:  # noqa: F811
    up = Up(folder, port).ready()
    try:
        tuyendau(folder, "import-units", "--province", "24")
        tuyendau(folder, "user", "add", "dich", "--name", "Dịch Tễ", "--role", "epidemiologist", "--unit", "24",
                 "--password", PASSWORD)  # fmt: skip
        address = SimpleNamespace(port=port)
        key = signed_in(f"http://127.0.0.1:{port}")
        stream = Listener(address, key, "cases").opened()
        happen(folder)
        eventually(lambda: len(stream.changes()) == 1)
        server = postgres.process(folder / "postgres")
        assert server is not None
        server.kill()
        eventually(lambda: postgres.process(folder / "postgres") not in (None, server) and answers(folder))
        happen(folder)
        eventually(lambda: len(stream.changes()) == 2)
        assert not stream.closed.is_set()
        for child in up.children()["web"].children(recursive=True):
            child.kill()
        assert stream.closed.wait(10)
        happen(folder)
        eventually(lambda: up.status() == 200)
        again = Listener(address, key, "cases", after=stream.last_id).opened()
        eventually(lambda: len(again.changes()) == 1)
        again.close()
    finally:
        up.process.terminate()
        up.process.wait(60)
