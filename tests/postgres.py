"""A pytest plugin: the tests' own PostgreSQL, started before Django reads its settings and stopped at the end."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import psycopg
import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of several processes that share a run this is: each has a server and a folder of its own."""
VAR = Path(__file__).resolve().parents[1] / "var"
DATA = VAR / f"test-postgres{WORKER and '-' + WORKER}"
OWN = not os.environ.get("TUYENDAU_TEST_DATABASE_URL")

if WORKER:
    os.environ["TUYENDAU_VAR"] = str(VAR / f"test-{WORKER}")
os.environ.setdefault("TUYENDAU_VAR", str(VAR / "test"))
if OWN:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tuyendau.config import postgres

    # The tests' data may be lost with the machine: nothing waits for the disk.
    os.environ["DATABASE_URL"] = postgres.start(DATA, extra="fsync = off\nsynchronous_commit = off\n")
else:
    os.environ["DATABASE_URL"] = os.environ["TUYENDAU_TEST_DATABASE_URL"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server with the last test run that uses it."""
    if OWN and not os.environ.get("TUYENDAU_KEEP_POSTGRES") and not _shared():
        postgres.stop(DATA)


def _shared() -> bool:
    """Whether another run is connected to the server."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    return bool(row and row[0])
