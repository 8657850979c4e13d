"""To whom the demonstration's password is shown: a browser on this machine, and nobody behind a proxy."""

from __future__ import annotations

import pytest

from tuyendau.config.cli.up import _is_for_this_machine
from tuyendau.config.signins import asked_from_here

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000", "SERVER_PROTOCOL": "HTTP/1.1"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"HTTP_HOST": "127.0.0.1"},
        {"HTTP_HOST": "[::1]:8000", "REMOTE_ADDR": "::1"},
        {"HTTP_HOST": "[::1]"},
        {"HTTP_HOST": "LOCALHOST", "REMOTE_ADDR": "::ffff:127.0.0.1"},
    ],
)
def test_a_browser_on_this_machine_is_shown(more: dict[str, str]) -> None:
    assert asked_from_here(HERE | more)


@pytest.mark.parametrize(
    "more",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"REMOTE_ADDR": "::ffff:10.0.0.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "dichte.example.vn"},
        {"HTTP_HOST": "localhost.example.vn:80"},
        {"HTTP_HOST": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"SERVER_PROTOCOL": "HTTP/1.0"},
        {"SERVER_PROTOCOL": "HTTP/1"},
        {"HTTP_CONNECTION": "close"},
    ],
)
def test_whoever_may_be_elsewhere_is_not(more: dict[str, str]) -> None:
    assert not asked_from_here(HERE | more)


@pytest.mark.parametrize(
    ("host", "demo", "environment", "shown"),
    [
        ("127.0.0.1", True, {}, True),
        ("::1", True, {}, True),
        ("0.0.0.0", True, {}, False),
        ("127.0.0.1", False, {}, False),
        ("127.0.0.1", True, {"TUYENDAU_HOSTS": "dichte.example.vn"}, False),
        ("127.0.0.1", True, {"TUYENDAU_HTTPS": "1"}, False),
    ],
)
def test_a_run_that_serves_others_asks_for_none(
    host: str, demo: bool, environment: dict[str, str], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TUYENDAU_HOSTS", "TUYENDAU_HTTPS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _is_for_this_machine(host, demo) is shown
