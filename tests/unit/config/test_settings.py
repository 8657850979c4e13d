"""What the settings make of the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOLD = """
import json
from tuyendau.config import settings as s
print(json.dumps([s.ALLAUTH_TRUSTED_PROXY_COUNT, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE]))
"""


def python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TUYENDAU_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        env=kept | {"TUYENDAU_VAR": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "made"),
    [
        ({}, [0, False, False]),
        ({"TUYENDAU_HTTPS": "1"}, [1, True, True]),
        ({"TUYENDAU_HTTPS": "1", "TUYENDAU_PROXIES": "2"}, [2, True, True]),
        ({"TUYENDAU_PROXIES": "1"}, [1, False, False]),
    ],
)
def test_proxies_are_counted(tmp_path: Path, environment: dict[str, str], made: list[object]) -> None:
    assert json.loads(python(tmp_path, "-c", TOLD, **environment).stdout) == made


def test_a_wrong_number_of_proxies_is_told(tmp_path: Path) -> None:
    done = python(tmp_path, "-c", TOLD, TUYENDAU_PROXIES="-1")
    assert done.returncode == 1
    assert "TUYENDAU_PROXIES is '-1': write how many" in done.stderr


def test_a_deployment_passes_djangos_own_checks(tmp_path: Path) -> None:
    done = python(
        tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING",
        DJANGO_SETTINGS_MODULE="tuyendau.config.settings", TUYENDAU_HTTPS="1", TUYENDAU_HOSTS="dichte.example.vn",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
