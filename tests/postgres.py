"""A pytest plugin: the tests' own PostgreSQL, started before Django reads its settings and stopped at the end."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "var" / "test-postgres"
OWN = not os.environ.get("TUYENDAU_TEST_DATABASE_URL")

os.environ.setdefault("TUYENDAU_VAR", str(DATA.parent / "test"))
if OWN:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tuyendau.config import postgres

    # The tests' data may be lost with the machine: nothing waits for the disk.
    os.environ["DATABASE_URL"] = postgres.start(DATA, extra="fsync = off\nsynchronous_commit = off\n")
else:
    os.environ["DATABASE_URL"] = os.environ["TUYENDAU_TEST_DATABASE_URL"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server with the test run that started it."""
    if OWN and not os.environ.get("TUYENDAU_KEEP_POSTGRES") and not hasattr(config, "workerinput"):
        postgres.stop(DATA)
