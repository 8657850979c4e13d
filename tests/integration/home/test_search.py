"""One search for everything, each kind only as far as the viewer may see it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.queries import last_event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.insight.home import queries

pytestmark = pytest.mark.django_db
TODAY = date(2021, 5, 28)


class Cast:
    """A district with one commune, a company in it, a case who works there, and the same outside the district."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Thử")
        self.district = UnitFactory(level=UnitLevel.DISTRICT, name="Huyện Việt Yên", parent=self.province)
        self.commune = UnitFactory(name="Xã Quang Châu", parent=self.district)
        self.far = UnitFactory(
            name="Xã Xa", parent=UnitFactory(level=UnitLevel.DISTRICT, name="Huyện Xa", parent=self.province)
        )
        self.company = SiteFactory(kind=SiteKind.COMPANY, name="Công ty Quang Minh", unit=self.commune)
        self.person = PersonFactory(full_name="Nguyễn Thị Quang", unit=self.commune, phone="+84912345678")
        AssignmentFactory(person=self.person, site=self.company)
        self.case = CaseFactory(person=self.person, code="BN4207", unit=self.commune, status="confirmed")
        self.far_person = PersonFactory(full_name="Nguyễn Văn Quang", unit=self.far)
        self.far_case = CaseFactory(person=self.far_person, code="BN4208", unit=self.far, status="suspected")
        self.officer = make_user("huyen", "district_officer", unit=self.district)
        self.manager = make_user("congty", "company_officer", site=self.company)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def found(user: object, written: str) -> dict[str, list[str]]:
    viewer = viewer_of(user, on=TODAY)
    return {group.key: [hit.title for hit in group.hits] for group in queries.search(viewer, written)}


@pytest.mark.parametrize("written", ["quang", "QUANG", "Quảng", " quang "])
def test_one_word_finds_what_is_called_so_of_every_kind(cast: Cast, written: str) -> None:
    assert found(cast.officer, written) == {
        "cases": ["Nguyễn Thị Quang"],
        "people": ["Nguyễn Thị Quang"],
        "companies": ["Công ty Quang Minh"],
        "units": ["Xã Quang Châu"],
    }


@pytest.mark.parametrize("written", ["BN4207", "bn42", "0912 345 678", "thi quang"])
def test_a_number_or_a_name_finds_its_own(cast: Cast, written: str) -> None:
    hits = found(cast.officer, written)
    assert set(hits.get("cases", []) + hits.get("people", [])) == {"Nguyễn Thị Quang"}


def test_who_is_out_of_reach_is_not_found(cast: Cast) -> None:
    assert found(cast.officer, "BN4208") == {}
    assert "Nguyễn Văn Quang" not in str(found(cast.officer, "nguyen van"))
    assert found(cast.manager, "quang")["people"] == ["Nguyễn Thị Quang"]


@pytest.mark.parametrize("written", ["", " ", "q", "!"])
def test_too_little_finds_nothing(cast: Cast, written: str) -> None:
    assert found(cast.officer, written) == {}


def test_where_there_are_more_the_group_leads_to_the_list(cast: Cast) -> None:
    for number in range(8):
        CaseFactory(
            person=PersonFactory(full_name=f"Trần Bảo {number}", unit=cast.commune), unit=cast.commune
        )
    groups = {g.key: g for g in queries.search(viewer_of(cast.officer, on=TODAY), "bao tran")}
    assert len(groups["cases"].hits) == 6
    assert groups["cases"].more_url == "/cases/?q=bao+tran"
    assert groups["people"].more_url == "/people/?q=bao+tran"


def test_the_page_and_its_part_show_the_hits_and_the_search_is_on_record(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    whole = client.get("/home/search/", {"q": "BN4207"})
    part = client.get("/home/search/", {"q": "quang"}, headers={"hx-request": "true"})
    assert f"/cases/{cast.case.public_id}/" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert "Công ty Quang Minh" in part.content.decode()
    event = last_event("people", "people.searched")
    assert event is not None
    assert event.data["words"] == "quang"


def test_an_empty_search_says_what_to_write(client: Client, cast: Cast) -> None:
    client.force_login(cast.officer)
    client.cookies["django_language"] = "en"
    assert "Viết" in client.get("/home/search/").content.decode()
    assert "khôngcóai" in client.get("/home/search/", {"q": "khôngcóai"}).content.decode()


def test_a_search_costs_the_same_queries_however_much_it_finds(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    viewer = viewer_of(cast.officer, on=TODAY)
    counts = []
    for _more in range(2):
        PersonFactory.create_batch(20, full_name="Quang Quý", unit=cast.commune)
        SiteFactory.create_batch(10, name="Quang Quán", unit=cast.commune)
        with django_assert_max_num_queries(45) as asked:  # type: ignore[operator]
            queries.search(viewer, "quang")
        counts.append(len(asked))
    assert counts[0] == counts[1]
