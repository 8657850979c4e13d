"""The public map as it is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.factories import UnitFactory, make_user
from tests.integration.live.conftest import session
from tests.integration.live.server import Server, cut, serving
from tuyendau.core.accounts.models import User

__all__ = ["session"]


@pytest.fixture(scope="module")
def one_server(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Server]:
    with django_db_blocker.unblock(), serving(tmp_path_factory.mktemp("public")) as server:
        yield server


@pytest.fixture
def server(one_server: Server, transactional_db: None) -> Server:
    cut()
    return one_server


def test_it_is_served_to_everybody_from_one_making(server: Server, session: Callable[[User], str]) -> None:
    key = session(make_user("dichte", "epidemiologist", unit=UnitFactory.create(level=1, code="24")))
    with httpx.Client(base_url=server.url) as browser:
        first = browser.get("/public/")
        assert first.status_code == 200
        again = browser.get("/public/?x=1", headers={"Cookie": f"sessionid={key}", "Accept-Language": "en"})
        assert again.content == first.content
        assert not browser.cookies
        for answer in (first, again):
            assert "set-cookie" not in answer.headers
            assert answer.headers["vary"] == "Accept-Encoding"
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
        known = browser.get("/public/", headers={"If-None-Match": first.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")
        assert 'lang="en"' in browser.get("/public/en/").text


def test_names_that_the_program_is_not_served_under_are_refused(server: Server) -> None:
    assert httpx.get(f"{server.url}/public/", headers={"Host": "evil.example"}).status_code == 400
