"""The public map: what is told, and what never is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.history.actions import tell_moment
from tuyendau.core.places import actions
from tuyendau.core.places.models import Site, SiteKind, Unit, UnitSuccessor
from tuyendau.insight.public import queries
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Identifier, Person

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 5, 28, tzinfo=UTC)
PAGES = ("/public/", "/public/en/")


class Province:
    def __init__(self) -> None:
        self.root = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Giang")
        self.district = UnitFactory.create(code="222", level=2, name="Huyện Việt Yên", parent=self.root)
        near = {"parent": self.district}
        self.quang_chau = UnitFactory.create(
            code="07807", name="Xã Quang Châu", lon=106.11, lat=21.21, **near
        )
        self.nenh = UnitFactory.create(code="07795", name="Thị trấn Nếnh", lon=106.15, lat=21.24, **near)
        elsewhere = UnitFactory.create(code="01", level=1, name="Thành phố Hà Nội")
        self.far = UnitFactory.create(code="00004", name="Phường Xa", lon=105.8, lat=21.0, parent=elsewhere)
        actions.draw_cells([self.root], by=None, at=NOW)
        make_user("dichte", "epidemiologist", unit=self.root)

    def report(self, unit: Unit, times: int, **fields: Any) -> list[Case]:
        fields = {"status": "confirmed", "reported_on": date(2021, 5, 20)} | fields
        return [
            CaseFactory.create(unit=unit, person=PersonFactory.create(unit=unit), **fields)
            for _ in range(times)
        ]


@pytest.fixture
def province(monkeypatch: pytest.MonkeyPatch) -> Province:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    tell_moment(NOW)
    return Province()


def text_of(path: str = "/public/") -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def bands() -> dict[str, int]:
    return {commune.name: commune.band.place for commune in queries.numbers(at=NOW).communes}


def test_communes_stand_in_bands(province: Province) -> None:
    province.report(province.quang_chau, 12)
    province.report(province.nenh, 5)
    assert bands() == {"Xã Quang Châu": 2, "Thị trấn Nếnh": 1}
    text = text_of()
    assert "<title>Xã Quang Châu, Huyện Việt Yên: 10–29</title>" in text
    assert "Xã Quang Châu, Huyện Việt Yên: 10–29" in text_of("/public/en/").replace("&nbsp;", " ")


def test_only_confirmed_cases_of_the_last_days_count(province: Province) -> None:
    province.report(province.quang_chau, 6, status="suspected")
    province.report(province.quang_chau, 6, reported_on=date(2021, 5, 14))
    province.report(province.nenh, 6, reported_on=date(2021, 5, 15))
    assert bands() == {"Xã Quang Châu": 0, "Thị trấn Nếnh": 1}


def test_a_province_where_nobody_answers_is_not_shown(province: Province) -> None:
    province.report(province.far, 40)
    assert "Phường Xa" not in bands()
    assert queries.numbers(at=NOW).total is None


def test_after_a_reform_the_province_is_the_one_that_it_went_into(province: Province) -> None:
    """Roles are held over units of the tree before; what is shown is the tree of the day."""
    merged = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Ninh", valid_from=date(2021, 5, 1))
    commune = UnitFactory.create(code="07801", name="Xã Mới", parent=merged, valid_from=date(2021, 5, 1))
    Unit.objects.filter(path__startswith=str(province.root.path)).update(valid_to=date(2021, 5, 1))
    for old in (province.quang_chau, province.nenh):
        UnitSuccessor.objects.create(old=old, new=commune)
    province.report(province.quang_chau, 3)
    province.report(province.nenh, 3)
    told = queries.numbers(at=NOW)
    assert list(told.provinces) == ["Tỉnh Bắc Ninh"]
    assert [(each.name, each.band.low) for each in told.communes] == [("Xã Mới", 5)]


@pytest.mark.parametrize("path", PAGES)
def test_small_numbers_are_not_told_from_none(province: Province, path: str) -> None:
    before = text_of(path)
    province.report(province.quang_chau, 2)
    province.report(province.nenh, 2)
    assert text_of(path) == before


def test_one_case_more_within_a_band_changes_no_letter(province: Province) -> None:
    province.report(province.quang_chau, 12)
    before = text_of()
    province.report(province.quang_chau, 1)
    assert text_of() == before


def _people(province: Province) -> list[Person]:
    """People at home, at work and in quarantine, some of them cases, with all that is known of persons."""
    home = SiteFactory.create(
        kind=SiteKind.HOUSEHOLD,
        unit=province.quang_chau,
        name="Nhà ông Phạm Văn Kín",
        lon=106.11111,
        lat=21.22222,
    )
    room = SiteFactory.create(
        kind=SiteKind.ROOM, unit=province.quang_chau, name="Phòng 7 của bà Lục", lon=106.13333, lat=21.23333
    )
    line = SiteFactory.create(unit=province.quang_chau, name="Chuyền Bí Mật", lon=106.14444, lat=21.24444)
    ward = SiteFactory.create(
        kind=SiteKind.QUARANTINE, unit=province.nenh, name="Khu cách ly Kín Đáo", lon=106.15555, lat=21.25555
    )
    found = []
    for n in range(12):
        person = PersonFactory.create(
            full_name=f"Phạm Thị Bí Mật {n}", phone=f"09123456{n:02}", unit=province.quang_chau
        )
        Identifier.objects.create(person=person, kind="cccd", value=f"0241990012{n:02}")
        for site in (home, room, line, ward):
            AssignmentFactory.create(person=person, site=site)
        CaseFactory.create(
            person=person, status="confirmed", reported_on=date(2021, 5, 20), onset_on=date(2021, 5, 17)
        )
        found.append(person)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_anybody_is_on_the_page(province: Province, path: str) -> None:
    people = _people(province)
    text = text_of(path)
    assert "10–29" in text, "they are counted"
    for person in people:
        for told in (person.full_name, person.code, person.public_id, person.phone):
            assert told
            assert told not in text
    for value in Identifier.objects.values_list("value", flat=True):
        assert value not in text
    for case in Case.objects.all():
        assert case.public_id not in text
    for site in Site.objects.all():
        assert site.name not in text
        assert site.public_id not in text
        for degrees in (site.lon, site.lat):
            assert f"{degrees}" not in text
    assert "17/05/2021" not in text
    assert "20/05/2021" not in text


def test_only_places_where_everybody_may_come_are_points(province: Province) -> None:
    for kind in SiteKind:
        SiteFactory.create(kind=kind, name=f"Chỗ {kind}", unit=province.nenh, lon=106.15, lat=21.24)
    shown = {point.name for point in queries.numbers(at=NOW).points}
    assert shown == {"Chỗ test_point", "Chỗ vaccination"}
    text = text_of()
    assert set(re.findall(r"Chỗ (\w+)", text)) == {"test_point", "vaccination"}
    assert 'href="geo:21.24000,106.15000"' in text


def test_a_point_of_unknown_place_or_of_elsewhere(province: Province) -> None:
    SiteFactory.create(kind=SiteKind.TEST_POINT, name="Trạm y tế", unit=province.nenh)
    SiteFactory.create(kind=SiteKind.TEST_POINT, name="Ngoài tỉnh", unit=province.far, lon=105.8, lat=21.0)
    (point,) = queries.numbers(at=NOW).points
    assert (point.name, point.lon) == ("Trạm y tế", None)
    assert "geo:" not in text_of()


def test_the_page_is_the_same_for_everybody(province: Province) -> None:
    signed_in = Client()
    signed_in.force_login(make_user("vietyen", "district_officer", unit=province.district, language="en"))
    signed_in.cookies["django_language"] = "en"
    for path in PAGES:
        assert signed_in.get(path, headers={"Accept-Language": "fr"}).content.decode() == text_of(path)


@pytest.mark.parametrize("path", PAGES)
def test_no_cookie_is_set_and_everybody_may_keep_it_for_a_moment(province: Province, path: str) -> None:
    answer = Client().get(path)
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "public, max-age=20"
    assert answer.headers["Content-Language"] == ("en" if "/en/" in path else "vi")


def test_a_province_may_keep_it_shut(province: Province, settings: Any) -> None:
    settings.PUBLIC_MAP = False
    for path in PAGES:
        assert Client().get(path).status_code == 404


def test_before_anything_is_loaded_the_page_says_what_to_do() -> None:
    assert "Hãy hỏi trạm y tế xã." in text_of()


def test_few_questions_are_asked_however_many_cases(
    province: Province, django_assert_max_num_queries: Any
) -> None:
    province.report(province.quang_chau, 60)
    SiteFactory.create(kind=SiteKind.TEST_POINT, unit=province.nenh, lon=106.15, lat=21.24)
    with django_assert_max_num_queries(20):
        text_of()
