"""A real Chromium against a live server on this machine: pages that fail the test on any error in their console."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

from tuyendau.core.accounts.models import User

CHROMIUM = os.environ.get("TUYENDAU_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
SignIn = Callable[[Page, User], None]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; skips where there is none."""
    if not os.path.exists(CHROMIUM):
        pytest.skip(f"no Chromium at {CHROMIUM}; name another with TUYENDAU_CHROMIUM")
    # Playwright's loop runs in this thread, where the tests also use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def expected_errors() -> list[str]:
    """Patterns of console errors that the test brings about on purpose: add to it."""
    return []


@pytest.fixture
def page(browser: Browser, live_server: Any, expected_errors: list[str]) -> Iterator[Page]:
    """A page of 1440 x 900; addresses are relative to the live server."""
    yield from _page(browser, live_server.url, DESKTOP, expected_errors)


@pytest.fixture
def phone(browser: Browser, live_server: Any, expected_errors: list[str]) -> Iterator[Page]:
    """A page of 390 x 844 under fingers."""
    yield from _page(browser, live_server.url, PHONE, expected_errors)


@pytest.fixture
def sign_in(live_server: Any) -> SignIn:
    """`sign_in(page, user)`: the page's browser is signed in as the user, without passing the form."""

    def sign_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}]
        )

    return sign_in


def _page(browser: Browser, url: str, size: ViewportSize, expected: list[str]) -> Iterator[Page]:
    phone = size is PHONE
    context = browser.new_context(
        base_url=url,
        viewport=size,
        has_touch=phone,
        is_mobile=phone,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: _note(message, errors))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    _wait_for_the_server()
    assert [e for e in errors if not any(re.search(pattern, e) for pattern in expected)] == []


def _wait_for_the_server(seconds: float = 10) -> None:
    """Let the server finish what the page had asked for: a request under way would lock what is emptied next."""
    until = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.05)


def _note(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error":
        errors.append(f"{message.text} ({message.location.get('url', '')})")
