"""What every test stands on: the name of the test database, and the fixed cast."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Let several runs share one server, each in a database of its own name."""
    from django.conf import settings

    name = os.environ.get("TUYENDAU_TEST_DB", "tuyendau")
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_{name}"
