"""What is kept ready for everybody: made once, marked by nobody, never older than it may be."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from tuyendau.config import shelf
from tuyendau.config.shelf import Shelf


class Pages:
    """Pages that count how often they are asked, and answer as they are told to."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = 200
        self.cache = b"public, max-age=20"
        self.fails = False
        self.held: asyncio.Event | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope)
        number = len(self.asked)
        if self.held is not None:
            await self.held.wait()
        if self.fails:
            raise RuntimeError("the database is away")
        headers = [
            (b"content-type", b"text/html"), (b"cache-control", self.cache), (b"set-cookie", b"sessionid=x"),
            (b"vary", b"Cookie"), (b"x-frame-options", b"DENY"),
        ]  # fmt: skip
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": f"page {number} ".encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"end" * 200, "more_body": False})


class Moment:
    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


class Answer:
    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def take(self, message: Any) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.messages[1:])

    @property
    def page(self) -> str:
        return self.body.decode().partition(" end")[0]


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    moment = Moment()
    monkeypatch.setattr(shelf, "time", moment)
    return moment


async def get(
    held: Shelf, path: str = "/public/", method: str = "GET", query: bytes = b"", **headers: str
) -> Answer:
    sent = [(b"host", b"localhost")] if "host" not in headers else []
    sent += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    answer = Answer()
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": sent}

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    await held(scope, receive, answer.take)
    return answer


def run(steps: Any) -> None:
    asyncio.run(steps())


def test_it_is_made_once_and_sent_to_all(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        answers = [await get(held) for _ in range(50)]
        assert len(pages.asked) == 1
        assert {answer.page for answer in answers} == {"page 1"}
        assert answers[0].headers[b"x-frame-options"] == b"DENY"
        assert answers[0].headers[b"content-length"] == str(len(answers[0].body)).encode()

    run(steps)


def test_who_asks_at_once_waits_for_one_making(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        pages.held = asyncio.Event()
        asking = [asyncio.create_task(get(held)) for _ in range(20)]
        await asyncio.sleep(0)
        pages.held.set()
        assert {answer.page for answer in await asyncio.gather(*asking)} == {"page 1"}
        assert len(pages.asked) == 1

    run(steps)


def test_whoever_leaves_does_not_end_it_for_the_others(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        pages.held = asyncio.Event()
        leaves, stays = asyncio.create_task(get(held)), asyncio.create_task(get(held))
        await asyncio.sleep(0)
        leaves.cancel()
        await asyncio.sleep(0)
        pages.held.set()
        assert (await stays).status == 200

    run(steps)


def test_nothing_of_the_asker_reaches_the_page_and_no_cookie_comes_back(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        answer = await get(
            held, query=b"who=me", cookie="sessionid=secret", authorization="Basic eA==", accept_language="en"
        )
        (scope,) = pages.asked
        assert scope["query_string"] == b""
        assert {name for name, _value in scope["headers"]} == {b"host"}
        assert b"set-cookie" not in answer.headers
        assert answer.headers[b"vary"] == b"Accept-Encoding"
        await get(held, query=b"other=1", cookie="sessionid=other")
        assert len(pages.asked) == 1

    run(steps)


def test_a_browser_that_knows_it_gets_no_body(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        etag = (await get(held)).headers[b"etag"].decode()
        for known in (etag, f'"x", W/{etag}', "*"):
            answer = await get(held, if_none_match=known)
            assert (answer.status, answer.body) == (304, b"")
        assert (await get(held, if_none_match='"x"')).status == 200

    run(steps)


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
def test_it_is_compressed_for_who_takes_it(pages: Pages, moment: Moment, accepted: str, packed: bool) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        plain, answer = await get(held), await get(held, accept_encoding=accepted)
        assert (answer.headers.get(b"content-encoding") == b"gzip") is packed
        assert (gzip.decompress(answer.body) if packed else answer.body) == plain.body
        assert (answer.headers[b"etag"] == plain.headers[b"etag"]) is not packed

    run(steps)


def test_head_has_the_same_headers_and_no_body(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        whole, head = await get(held), await get(held, method="HEAD")
        assert head.headers == whole.headers
        assert head.body == b""

    run(steps)


def test_it_is_made_anew_beside_the_asking_and_waited_for_when_it_is_old(
    pages: Pages, moment: Moment
) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        await get(held)
        moment.now += shelf.FRESH + 1
        assert (await get(held)).page == "page 1"
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (await get(held)).page == "page 2"
        moment.now += shelf.OLDEST + 1
        assert (await get(held)).page == "page 3"

    run(steps)


def test_what_anybody_sees_is_at_most_a_minute_old() -> None:
    browsers_keep = 20
    assert shelf.OLDEST + browsers_keep <= 60


@pytest.mark.parametrize("how", ["raises", "status"])
def test_the_last_one_is_shown_while_it_cannot_be_made(
    pages: Pages, moment: Moment, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        await get(held)
        pages.fails, pages.status = how == "raises", 200 if how == "raises" else 500
        for _ in range(20):
            moment.now += shelf.OLDEST + 1
            assert (await get(held)).page == "page 1"
        tried = len(pages.asked)
        for _ in range(50):
            assert (await get(held)).page == "page 1"
        assert len(pages.asked) == tried, "it is not tried again for each who asks"
        pages.fails, pages.status = False, 200
        moment.now += shelf.OLDEST + 1
        assert (await get(held)).page == f"page {tried + 1}"

    run(steps)


def test_after_an_hour_the_failure_is_shown(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        await get(held)
        pages.status = 500
        moment.now += shelf.KEPT_WHEN_FAILING + 1
        await get(held)
        moment.now += shelf.AGAIN_AFTER_FAILING + 1
        assert (await get(held)).status == 500

    run(steps)


@pytest.mark.parametrize(
    ("status", "cache"), [(404, b"public"), (200, b"private, no-store"), (302, b"public")]
)
def test_what_is_not_for_everybody_is_passed_on_and_not_kept(
    pages: Pages, moment: Moment, status: int, cache: bytes
) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        pages.status, pages.cache = status, cache
        for _ in range(3):
            assert (await get(held)).status == status
        assert len(pages.asked) == 3

    run(steps)


def test_writing_goes_to_the_pages_as_it_is(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        await get(Shelf(pages), method="POST", cookie="sessionid=1")
        assert pages.asked[0]["method"] == "POST"
        assert (b"cookie", b"sessionid=1") in pages.asked[0]["headers"]

    run(steps)


def test_few_are_kept_whatever_names_are_sent(pages: Pages, moment: Moment) -> None:
    async def steps() -> None:
        held = Shelf(pages)
        for n in range(shelf.MOST * 3):
            await get(held, host=f"name{n}")
        assert len(held._entries) == shelf.MOST
        assert not held._first
        pages.status = 400
        for n in range(100):
            await get(held, host=f"bad{n}")
        assert len(held._entries) == shelf.MOST
        assert not held._first

    run(steps)
