"""The pages beside the stream: what the server that speaks ASGI must keep of what WSGI promised."""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import psutil
import pytest

from tests.factories import UnitFactory, make_user
from tests.integration.live.server import Server, eventually, serving
from tuyendau.core.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
SIGNINS = [{"username": "thu", "password": "mật khẩu bày ra", "vi": "người thử", "en": "somebody to try"}]


@pytest.fixture(scope="module")
def showing(django_db_setup, django_db_blocker, tmp_path_factory):
    """A server that shows the demonstration's password to browsers on this machine."""
    folder = tmp_path_factory.mktemp("showing")
    (folder / "demo-signins.json").write_text(json.dumps(SIGNINS))
    with django_db_blocker.unblock(), serving(folder, TUYENDAU_DEMO_SIGNINS="1") as server:
        yield server


def _raw(server: Server, *lines: str) -> str:
    with closing(socket.create_connection(("127.0.0.1", server.port), 10)) as opened:
        opened.sendall(
            "\r\n".join([*lines, "Connection: close" if "HTTP/1.1" in lines[0] else "X: y", "", ""]).encode()
        )
        answer = b""
        while piece := opened.recv(65536):
            answer += piece
    return answer.decode()


def test_the_password_is_shown_to_a_browser_here_and_through_no_proxy(
    showing: Server, transactional_db: None
) -> None:
    page = f"{showing.url}/accounts/login/"
    shown = SIGNINS[0]["password"]
    assert shown in httpx.get(page).text
    assert shown in httpx.get(f"http://localhost:{showing.port}/accounts/login/").text
    for headers in (
        {"X-Forwarded-For": "127.0.0.1"},
        {"Via": "1.1 x"},
        {"Host": "dichte.example.vn"},
        {"Connection": "close"},
    ):
        assert shown not in httpx.get(page, headers=headers).text
    old = _raw(showing, "GET /accounts/login/ HTTP/1.0", f"Host: localhost:{showing.port}")
    assert "200 OK" in old.splitlines()[0]
    assert shown not in old


@pytest.fixture
def epidemiologist(transactional_db: None) -> User:
    return make_user("dich", "epidemiologist", unit=UnitFactory(level=1))


def _memory(server: Server) -> int:
    """Resident bytes of the worker."""
    return max(
        child.memory_info().rss for child in psutil.Process(server.process.pid).children(recursive=True)
    )


def test_an_upload_of_the_largest_size_arrives_and_one_above_is_refused(
    server: Server, epidemiologist: User, session: Callable[[User], str]
) -> None:
    with httpx.Client(
        base_url=server.url, cookies={"sessionid": session(epidemiologist)}, timeout=60
    ) as client:
        client.get("/imports/")
        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"], "kind": "people"}
        row = "P{0},Nguyễn Văn {0},1990,M,,\n"
        text = "code,full_name,birth_year,sex,phone,unit\n" + "".join(row.format(n) for n in range(400_000))
        for size, wanted in ((19 * 2**20, {200, 302, 422}), (30 * 2**20, {400, 413, 422, 200})):
            body = (text * 3).encode()[:size]
            answer = client.post(
                "/imports/", data=token, files={"file": ("p.csv", io.BytesIO(body), "text/csv")}
            )
            assert answer.status_code in wanted
    assert server.answers()


def test_a_slow_reader_of_a_long_answer_costs_no_memory(tmp_path: Path, transactional_db: None) -> None:
    big = tmp_path / "long.bin"
    size = 200 * 2**20
    with big.open("wb") as out:
        out.truncate(size)
    (tmp_path / "long_answer.py").write_text(
        "from tuyendau.config import asgi\n"
        "def answer(environ, start):\n"
        "    start('200 OK', [('Content-Type', 'application/octet-stream')])\n"
        f"    return iter(lambda f=open({str(big)!r}, 'rb'): f.read(4096), b'')\n"
        "asgi.application._pages._application = answer\n"
        "application = asgi.application\n"
    )
    with serving(
        tmp_path, application="long_answer:application", PYTHONPATH=f"{tmp_path}:{_paths()}"
    ) as server:
        before = _memory(server)
        with closing(socket.create_connection(("127.0.0.1", server.port), 10)) as opened:
            opened.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
            opened.recv(1000)
            time.sleep(2)
            assert _memory(server) - before < 30 * 2**20
            got = 0
            while got < size:
                got += len(opened.recv(1 << 20))
        assert _memory(server) - before < 40 * 2**20


def _paths() -> str:
    import os

    return os.environ.get("PYTHONPATH", "")


def test_pages_answer_while_others_are_slow_and_streams_open(
    server: Server, epidemiologist: User, session: Callable[[User], str]
) -> None:
    key = session(epidemiologist)
    slow = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(5)]
    for opened in slow:
        opened.sendall(
            f"POST /imports/ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={key}\r\nContent-Length: 1000000\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x".encode()
        )
    began = time.monotonic()
    assert httpx.get(f"{server.url}/cases/", cookies={"sessionid": key}).status_code == 200
    assert time.monotonic() - began < 5
    for opened in slow:
        opened.close()
    eventually(server.answers)


def test_headers_that_could_pass_for_a_proxys_are_left_out(server: Server, transactional_db: None) -> None:
    from tuyendau.config.pages import environ

    scope = {
        "method": "GET", "path": "/x y/ạ", "raw_path": b"/x%20y/%E1%BA%A1%FF", "query_string": b"a=%C3%A1&b=\xc3",
        "http_version": "1.1", "client": ("10.1.2.3", 5), "server": ("127.0.0.1", "8000"), "scheme": "http",
        "headers": [
            (b"x_forwarded_for", b"1.2.3.4"), (b"x-forwarded-for", b"5.6.7.8"), (b"x-forwarded-for", b"9.9.9.9"),
            (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"content-type", b"text/plain"), (b"content-length", b"0"),
        ],
    }  # fmt: skip
    found = environ(scope, io.BytesIO())
    assert found["HTTP_X_FORWARDED_FOR"] == "5.6.7.8,9.9.9.9"
    assert found["HTTP_COOKIE"] == "a=1; b=2"
    assert (found["CONTENT_TYPE"], found["CONTENT_LENGTH"]) == ("text/plain", "0")
    assert found["PATH_INFO"] == "/x y/ạ".encode().decode("latin-1") + "\xff"
    assert (found["REMOTE_ADDR"], found["SERVER_PROTOCOL"]) == ("10.1.2.3", "HTTP/1.1")


def test_a_page_that_fails_is_one_answer_with_500_and_the_next_works(
    tmp_path: Path, transactional_db: None
) -> None:
    (tmp_path / "failing.py").write_text(
        "from tuyendau.config import asgi\n"
        "right = asgi.application._pages._application\n"
        "def answer(environ, start):\n"
        "    if environ['PATH_INFO'] == '/fails/': raise RuntimeError('as asked')\n"
        "    return right(environ, start)\n"
        "asgi.application._pages._application = answer\n"
        "application = asgi.application\n"
    )
    with serving(tmp_path, application="failing:application", PYTHONPATH=f"{tmp_path}:{_paths()}") as server:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as opened:
            opened.request("GET", "/fails/")
            assert opened.getresponse().status == 500
        assert server.answers()


def test_many_at_once_are_all_answered(server: Server, transactional_db: None) -> None:
    statuses: list[int] = []

    def ask() -> None:
        for _ in range(10):
            statuses.append(httpx.get(f"{server.url}/accounts/login/", timeout=60).status_code)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 200
