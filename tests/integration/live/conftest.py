"""One server for these tests; each begins with the chain that its own database has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.integration.live.server import Listener, Server, cut, serving
from tuyendau.core.accounts.models import User


@pytest.fixture(scope="module")
def one_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    # Of the module and not of the run: it reads each new event, while tests elsewhere empty the tables.
    with django_db_blocker.unblock(), serving(tmp_path_factory.mktemp("live")) as server:
        yield server


@pytest.fixture
def server(one_server: Server, transactional_db: None) -> Server:
    """The server, which has noticed that the events of the test before are gone."""
    cut()
    return one_server


@pytest.fixture
def own_server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """A server that the test may end."""
    with serving(tmp_path) as server:
        yield server


@pytest.fixture
def session() -> Callable[[User], str]:
    """`session(user)`: the key of a session in which the user is signed in."""

    def sign_in(user: User) -> str:
        client = Client()
        client.force_login(user)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    return sign_in


@pytest.fixture
def listen(session: Callable[[User], str]) -> Iterator[Callable[..., Listener]]:
    """`listen(server, user, *topics)`: an open stream."""
    opened: list[Listener] = []

    def listen(server: Server, user: User | str, *topics: str, after: int | None = None) -> Listener:
        key = user if isinstance(user, str) else session(user)
        opened.append(Listener(server, key, *topics, after=after))
        return opened[-1].opened()

    yield listen
    for listener in opened:
        listener.close()
