"""The pages of the indicators: every number opens the list that it counts, to whom may see it, on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_user
from tests.integration.situation.chance import DAYS, FIRST, Chance, Places, places
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.models import Event
from tuyendau.insight.situation.queries.indicators import DEFINITIONS, indicators, missed, words_of
from tuyendau.insight.situation.rules import last
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db
AT = clock.midnight(FIRST + timedelta(days=DAYS - 2)) + timedelta(hours=9)
ASKED = {"days": "14", "at": "2021-05-20T09:00"}


@pytest.fixture
def of() -> Places:
    of = places()
    Chance(11, of).write()
    return of


@pytest.fixture(params=["leader", "epidemiologist"])
def client_of(request: Any, of: Places, client: Client) -> tuple[str, Client]:
    client.force_login(make_user("ai", request.param, unit=of.province))
    return request.param, client


def test_every_number_is_that_of_its_list(of: Places) -> None:
    window = last(8, clock.local_day(AT))
    for place in (of.province, of.communes[0]):
        viewer = viewer_of(make_user(f"d{place.pk}", "district_officer", unit=place), on=FIRST)
        for one in indicators(viewer, AT, None, window):
            found = missed(viewer, AT, None, window, one.code)
            assert found.total == one.missed, one.code
            assert len(found.page(0, 500)) == len(found.seen), one.code
            assert all(row.wanting for row in found.page(0, 500))


def test_lists_hold_somebody_and_nobody_out_of_reach(of: Places) -> None:
    window = last(12, clock.local_day(AT))
    district = viewer_of(make_user("huyen", "district_officer", unit=of.districts[0]), on=FIRST)
    listed = {}
    for code in DEFINITIONS:
        found = missed(district, AT, None, window, code)
        assert found.unseen == found.total - len(found.page(0, 500))
        listed |= {row.public_id: row.unit for row in found.page(0, 500)}
    assert listed
    assert set(listed.values()) <= {unit.name for unit in of.communes[:2]}


def test_the_page_shows_all_with_their_definitions(client_of: tuple[str, Client]) -> None:
    _role, client = client_of
    page = client.get("/situation/indicators/", ASKED).content.decode()
    for code in DEFINITIONS:
        assert str(words_of(code).title) in page
        assert str(words_of(code).denominator) in page


def test_queries_do_not_grow_with_people(
    client_of: tuple[str, Client], django_assert_max_num_queries: Any
) -> None:
    _role, client = client_of
    with django_assert_max_num_queries(30):
        client.get("/situation/indicators/", ASKED)
    for code in ("interviewed", "quarantined", "followed"):
        with django_assert_max_num_queries(40):
            client.get(f"/situation/indicators/{code}/", ASKED)


def test_a_list_is_read_on_record_and_a_leader_reads_nobody(client_of: tuple[str, Client]) -> None:
    role, client = client_of
    page = client.get("/situation/indicators/apart/", ASKED).content.decode()
    read = Event.objects.filter(kind="indicator.read")
    if role == "leader":
        assert "Chỉ có số liệu" in page
        assert not read.exists()
        assert "Nguyễn Văn" not in page
    else:
        assert "Nguyễn Văn" in page
        assert read.get().data["indicator"] == "apart"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"at": "2999-01-01T00:00"}, "at"),
        ({"at": "hôm qua"}, "at"),
        ({"days": "5"}, "days"),
        ({"unit": "99999"}, "unit"),
    ],
)
def test_what_cannot_be_asked_is_said(
    client_of: tuple[str, Client], asked: dict[str, str], told: str
) -> None:
    _role, client = client_of
    for path in ("/situation/indicators/", "/situation/indicators/known/"):
        answer = client.get(path, asked)
        assert answer.status_code == 200
        assert "text-danger" in answer.content.decode()
        assert f"id_{told}" in answer.content.decode() or told in answer.content.decode()


def test_a_day_alone_is_its_end(client_of: tuple[str, Client]) -> None:
    _role, client = client_of
    page = client.get("/situation/indicators/", {"at": "2021-05-19"}).content.decode()
    assert "23:59 19/05/2021" in page


def test_an_unknown_indicator_is_not_found(client_of: tuple[str, Client]) -> None:
    _role, client = client_of
    assert client.get("/situation/indicators/nothing/").status_code == 404


def test_a_window_without_anything_says_so(client_of: tuple[str, Client]) -> None:
    _role, client = client_of
    page = client.get("/situation/indicators/", {"at": "2019-01-01T00:00", "days": "7"}).content.decode()
    assert "–" in page
    assert "không sót ai" in page
