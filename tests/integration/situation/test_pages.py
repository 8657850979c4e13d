"""The page of the situation room and its wall screen."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, make_user
from tests.integration.situation.world import START, Province, known_from, play
from tuyendau.insight.situation.models import Look
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, Sample, TestResult
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.orders.models import Order, Series

pytestmark = pytest.mark.django_db
NOW = START + timedelta(days=8)
PAGE, WALL = "/situation/", "/situation/wall/"


@pytest.fixture
def province(monkeypatch: pytest.MonkeyPatch) -> Province:
    made = Province()
    play(made, 60, seed=11)
    now = [NOW]
    made.now = now  # type: ignore[attr-defined]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return made


@pytest.fixture
def officer(client: Client, province: Province) -> Client:
    client.force_login(make_user("dichte", "epidemiologist", unit=province.root))
    return client


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def figures(answer: Any) -> dict[str, tuple[int, str]]:
    """Of each figure on a page its value and the address behind it."""
    found = {}
    for tag, code, inside in re.findall(
        r'<(a href="[^"]*"|div) class="figure-card card" data-figure="(\w+)"(.*?)</(?:a|div)>',
        answer.content.decode(),
        re.S,
    ):
        value = re.search(r'figure-value">([\d.]+)<', inside)
        if value:
            url = re.match(r'a href="([^"]*)"', tag)
            found[code] = (int(value[1].replace(".", "")), html.unescape(url[1]) if url else "")
    return found


def listed(client: Client, url: str) -> int:
    """How many rows the list of an address has in all."""
    return int(client.get(url).context["page"].paginator.count)


def followed(province: Province) -> None:
    with known_from(START):
        for n in range(6):
            person = PersonFactory.create(unit=province.communes["07807" if n % 3 else "07681"])
            FollowUp.objects.create(
                person=person, disease="covid19", degree=1 + n % 2, state="lost" if n == 1 else "open", regime="r",
                days=14, began_on=date(2021, 6, 9), last_exposure=date(2021, 6, 8), planned_day=date(2021, 6, 22),
                last_day=date(2021, 6, 22), lost_at=START if n == 1 else None,
            )  # fmt: skip
            _order(province, person, n)


def _order(province: Province, person: Any, n: int) -> None:
    user, _ = type(province.user).objects.get_or_create(pk=province.user.pk)  # type: ignore[attr-defined]
    series, _ = Series.objects.get_or_create(unit=province.root, year=2021, suffix="QĐ-UBND")
    Order.objects.create(
        kind="quarantine", state="draft" if n == 5 else "signed", person=person, disease="covid19",
        place_kind="home" if n % 2 else "facility", starts_on=date(2021, 6, 10),
        ends_on=date(2021, 6, 12 if n == 4 else 24), over_from=date(2021, 6, 13 if n == 4 else 25), drafted_at=START,
        **({} if n == 5 else {"series": series, "number": n + 1, "signed_at": START, "signed_by": user}),
    )  # fmt: skip


@pytest.mark.parametrize("code", ["", "222", "07807"])
@pytest.mark.parametrize("basis", ["reported", "onset"])
@pytest.mark.parametrize("counted", ["confirmed", "all"])
def test_every_figure_opens_the_list_that_it_counts(
    officer: Client, province: Province, code: str, basis: str, counted: str
) -> None:
    province.user = Look.user.field.related_model.objects.get()  # type: ignore[attr-defined]
    followed(province)
    found = figures(officer.get(PAGE, {"unit": code, "basis": basis, "counted": counted}))
    assert len(found) == 15
    assert found["total"][0] > 0
    assert found["f1"][0] > 0
    for name, (value, url) in found.items():
        assert url, name
        assert listed(officer, url) == value, (name, url)


def test_rows_of_the_curve_and_of_ages_open_their_lists(officer: Client, province: Province) -> None:
    for by in ("status", "unit", "found"):
        page = officer.get(PAGE, {"by": by, "counted": "all", "unit": "222"}).content.decode()
        cells = re.findall(r'<td class="text-end" data-value="(\d+)"><a href="([^"]+)">', page)
        assert len(cells) > 4
        for value, url in cells[:: max(1, len(cells) // 12)]:
            assert listed(officer, html.unescape(url)) == int(value), url


def test_places_open_their_lists(officer: Client, province: Province) -> None:
    company = SiteFactory.create(kind="company", name="Hosiden", unit=province.communes["07807"])
    line = SiteFactory.create(parent=company)
    with known_from(START):
        for n in range(5):
            person = PersonFactory.create(unit=province.communes["07807"])
            ended = date(2021, 6, 1) if n == 0 else None
            AssignmentFactory.create(person=person, site=line, valid_to=ended)
            CaseFactory.create(person=person, status="confirmed", reported_on=date(2021, 6, 12))
    page = officer.get(PAGE).content.decode()
    rows = re.findall(r'<tr><td><a href="([^"]+)">[^<]*</a>.*?<td class="text-end">(\d+)</td>', page, re.S)
    assert len(rows) >= 4
    for url, value in rows:
        assert listed(officer, html.unescape(url)) == int(value), url
    assert any("belonged=on" in url and value == "4" for url, value in rows)


def test_testing_is_counted_with_its_lists(officer: Client, province: Province) -> None:
    with known_from(START):
        for n in range(8):
            person = PersonFactory.create(unit=province.communes["07807"])
            taken = NOW - timedelta(days=n % 4, hours=2)
            sample = Sample.objects.create(
                person=person, disease="covid19", number=str(n), specimen="throat", taken_at=taken, recorded_at=taken,
                resulted_at=None if n < 2 else taken + timedelta(hours=1),
            )  # fmt: skip
            if n >= 2:
                TestResult.objects.create(
                    sample=sample, test="rt_pcr", result="positive" if n < 4 else "negative",
                    resulted_at=taken + timedelta(hours=1), recorded_at=taken + timedelta(hours=1),
                )  # fmt: skip
    page = officer.get(PAGE, {"disease": "covid19"}).content.decode()
    facts = re.findall(r'<td><a href="(/samples/[^"]+)">([\d.]+)</a>', page)
    assert [int(value) for _url, value in facts] == [8, 6, 2, 2]
    for url, value in facts:
        assert listed(officer, html.unescape(url)) == int(value), url
    assert "33,3 %" in text(officer.get(PAGE))
    assert "trung vị 1,0 giờ" in text(officer.get(PAGE))


def test_a_leader_sees_numbers_and_no_list(client: Client, province: Province) -> None:
    client.force_login(make_user("lanhdao", "leader", unit=province.root))
    answer = client.get(PAGE)
    found = figures(answer)
    assert found["total"][0] > 0
    assert {url for _value, url in found.values()} == {""}
    room = answer.content.decode().partition('id="room"')[2]
    assert not re.search(r'href="/(cases|samples|orders|followup)/', room)


def test_nobody_sees_more_than_their_own(client: Client, province: Province) -> None:
    client.force_login(make_user("vietyen", "district_officer", unit=province.viet_yen))
    own = figures(client.get(PAGE))
    assert own["total"][0] == sum(
        case.unit_id in (province.communes["07807"].pk, province.communes["07795"].pk)
        for case in Case.objects.filter(status="confirmed")
    )
    answer = client.get(PAGE, {"unit": "221"})
    assert answer.status_code == 400
    assert "Lựa chọn này không có" in text(answer) or "chọn" in text(answer)


def test_the_page_of_a_past_moment_stays_as_it_was(officer: Client, province: Province) -> None:
    asked = {"at": "2021-06-14", "unit": "222"}
    before = officer.get(PAGE, asked)
    assert "Số liệu như đã biết lúc 23:59 14/06/2021" in text(before)
    assert 'data-live="situation"' not in before.content.decode()
    with known_from(NOW):
        Case.objects.update(status="discarded")
    assert figures(officer.get(PAGE, asked)) == figures(before)
    assert figures(officer.get(PAGE, asked | {"at": "2021-06-14T23:59"})) == figures(before)
    assert figures(officer.get(PAGE, {"unit": "222"}))["total"][0] == 0


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"at": "2021-09-01"}, "chưa đến"),
        ({"at": "2021-02-31"}, "Không có ngày này"),
        ({"at": "hôm qua"}, "Không có thời điểm này"),
        ({"basis": "mood"}, "hãy chọn"),
        ({"unit": "99999"}, "hãy chọn"),
        ({"disease": "plague of frogs"}, "hãy chọn"),
    ],
)
def test_what_cannot_be_understood_is_said(officer: Client, asked: dict[str, str], says: str) -> None:
    answer = officer.get(PAGE, asked)
    assert answer.status_code == 400
    assert says in text(answer)
    assert 'id="room"' not in answer.content.decode()


def test_what_changed_since_the_reader_looked(officer: Client, province: Province) -> None:
    officer.get(PAGE)
    province.now[0] = NOW + timedelta(hours=3)  # type: ignore[attr-defined]
    with known_from(NOW + timedelta(hours=1)):
        person = PersonFactory.create(unit=province.communes["07681"])
        case = CaseFactory.create(person=person, status="confirmed", reported_on=date(2021, 6, 18))
    answer = officer.get(PAGE)
    assert "Từ lần xem trước, 08:00 18/06/2021" in text(answer)
    assert "1 ca mới được tính" in text(answer)
    assert f"row={case.public_id}" in answer.content.decode()
    province.now[0] = NOW + timedelta(hours=3, minutes=10)  # type: ignore[attr-defined]
    assert "1 ca mới được tính" in text(officer.get(PAGE)), "still the same sitting"
    province.now[0] = NOW + timedelta(hours=9)  # type: ignore[attr-defined]
    assert "không có gì thay đổi" in text(officer.get(PAGE))
    assert Look.objects.count() == 1


def test_the_wall_shows_every_view_and_marks_no_look(client: Client, province: Province) -> None:
    client.force_login(make_user("lanhdao", "leader", unit=province.root))
    page = client.get(WALL, {"seconds": "10"}).content.decode()
    assert page.count("data-view>") == 7
    assert 'data-seconds="10"' in page
    assert "data-stays" in page
    assert not Look.objects.exists()
    client.force_login(make_user("dichte", "epidemiologist", unit=province.root))
    seen = client.get(WALL, {"seconds": "0"}).content.decode()
    assert 'data-seconds="20"' in seen
    assert "data-stays" not in seen, "whoever sees people is signed out as anywhere"


def test_the_indicators_of_the_week_come_after_the_rest(officer: Client) -> None:
    assert reverse("situation:last_week") in officer.get(PAGE).content.decode()
    part = officer.get(reverse("situation:last_week"), {"unit": "222"})
    assert part.status_code == 200
    assert "Báo cáo trong 24 giờ" in text(part)
    assert officer.get(reverse("situation:last_week"), {"unit": "no"}).status_code == 400


def test_a_part_is_given_to_a_page_that_keeps_itself_fresh(officer: Client) -> None:
    for url in (PAGE, WALL):
        part = officer.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert "data-figure" in part


def test_the_page_asks_few_queries(officer: Client, django_assert_max_num_queries: Any) -> None:
    officer.get(PAGE)
    with django_assert_max_num_queries(105):
        officer.get(PAGE, {"by": "setting", "unit": "222"})


def test_each_menu_leads_there(officer: Client) -> None:
    assert reverse("situation:page") in officer.get("/").content.decode()
