"""The pages of a selection: numbers, list, file, follow-up, search; what is refused, and what goes on record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, make_user, stay
from tests.integration.map.test_selection import BOX, Town
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind
from tuyendau.lib import clock
from tuyendau.records.contacts.models import Contact
from tuyendau.records.followup.models import FollowUp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("segments")]


class Village(Town):
    """A town whose box holds a house with three people, and their officer."""

    def __init__(self) -> None:
        super().__init__()
        self.house = self.site(106.12, name="Hộ số 1")
        self.people = [
            PersonFactory(unit=self.here, full_name=name) for name in ("Lê An", "Lê Bình", "Lê Cúc")
        ]
        for person in self.people:
            AssignmentFactory(person=person, site=self.house)
        self.officer = make_user("yte", "commune_officer", unit=self.here)

    def client(self, user: Any = None) -> Client:
        client = Client()
        client.force_login(user or self.officer)
        return client


@pytest.fixture
def village() -> Village:
    return Village()


def test_the_numbers_of_an_area_lead_to_their_lists(village):
    page = village.client().get(reverse("map:selection"), {"area": BOX})
    assert page.status_code == 200
    lives = next(count for count in page.context["counts"].ways if count.way == "lives")
    assert (lives.people, lives.listed) == (3, 3)
    assert f"{reverse('map:selected')}?area=box" in page.content.decode()
    part = village.client().get(reverse("map:selection"), {"area": BOX}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b'id="selection"' in part.content


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"area": "ring:106,21;107,22;107,21;106,22"}, "cắt nhau"),
        ({"area": "box:179,10,-179,11"}, "kinh tuyến 180"),
        ({"area": "box:100,10,110,20"}, "lớn hơn"),
        ({"area": "box:638000,2350000,639000,2351000"}, "WGS 84"),
        ({"area": "unit:99999"}, "Không có"),
        ({"area": BOX, "from": "31/05/2021", "to": "01/05/2021"}, "kết thúc trước"),
        ({"area": BOX, "from": "hôm qua"}, "31/05/2021"),
        ({"area": BOX, "from": "01/01/2021", "to": "01/06/2021"}, "62 ngày"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words_and_stays_written(village, told, words):
    page = village.client().get(reverse("map:selection"), told)
    assert page.status_code == 200
    assert "counts" not in page.context
    text = page.content.decode()
    assert words in text
    assert told.get("from", "") in text


def test_an_empty_area_says_so_and_what_to_do(village):
    page = village.client().get(reverse("map:selection"), {"area": "box:106.4,21.4,106.5,21.5"})
    assert page.context["counts"].nobody
    assert "Vẽ vùng rộng hơn" in page.content.decode()


def test_the_list_shows_who_and_why_and_goes_on_record(village):
    page = village.client().get(reverse("map:selected"), {"area": BOX, "way": "lives"})
    assert [line.person.full_name for line, _cells in page.context["rows"]] == ["Lê An", "Lê Bình", "Lê Cúc"]
    assert all(line.lives and not line.works and line.last is None for line, _cells in page.context["rows"])
    event = Event.objects.get(kind="selection.listed")
    assert event.data["area"] == BOX
    assert event.data["rows"] == 3


def test_who_lives_elsewhere_is_counted_and_not_listed(village):
    guest = PersonFactory(unit=village.beside, full_name="Trần Khách")
    AssignmentFactory(person=guest, site=village.house)
    page = village.client().get(reverse("map:selected"), {"area": BOX})
    assert page.context["others"] == 1
    assert "Trần Khách" not in page.content.decode()
    district = make_user("huyen", "district_officer", unit=village.district)
    assert (
        "Trần Khách" in village.client(district).get(reverse("map:selected"), {"area": BOX}).content.decode()
    )


def test_the_list_is_narrowed_to_cases_and_to_those_nobody_follows(village):
    CaseFactory(person=village.people[0], status="confirmed")
    _follow(village, village.people[1])
    for only, names in (("cases", ["Lê An"]), ("followed", ["Lê Bình"]), ("neither", ["Lê Cúc"])):
        page = village.client().get(reverse("map:selected"), {"area": BOX, "only": only})
        assert [line.person.full_name for line, _cells in page.context["rows"]] == names


def test_a_page_of_the_list_asks_a_fixed_number_of_queries(village, django_assert_max_num_queries):
    client = village.client()
    client.get(reverse("map:selected"), {"area": BOX})
    for n in range(40):
        AssignmentFactory(person=PersonFactory(unit=village.here), site=village.house)
        if n < 10:
            CaseFactory(person=PersonFactory(unit=village.here), status="confirmed")
    with django_assert_max_num_queries(50):
        assert len(client.get(reverse("map:selected"), {"area": BOX}).context["rows"]) == 50


def test_the_file_holds_the_list_and_goes_on_record(village):
    answer = village.client().get(
        reverse("map:export_selected"), {"area": BOX, "format": "csv", "col": ["name", "lives", "home"]}
    )
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert "Lê An" in lines[1]
    assert "Hộ số 1" in lines[1]
    assert Event.objects.get(kind="selection.exported").data["rows"] == 3
    refused = village.client().get(reverse("map:export_selected"), {"area": "box:1,2"})
    assert refused.status_code == 400


def test_people_of_an_area_are_followed_with_a_ground_those_known_are_told(village):
    case = PersonFactory(unit=village.here)
    AssignmentFactory(person=case, site=village.house)
    CaseFactory(person=case, status="confirmed")
    _follow(village, village.people[1])
    client = village.client()
    asked = client.post(reverse("map:follow"), {"query": f"area={BOX}", "whole": "1"})
    assert (asked.context["count"], asked.context["followed"], asked.context["cases"]) == (4, 1, 1)
    told = {"query": f"area={BOX}", "whole": "1", "step": "run", "count": "4", "disease": "covid19"}
    without = client.post(reverse("map:follow"), told)
    assert set(without.context["form"].errors) == {"ground", "exposed_on"}
    assert not FollowUp.objects.filter(person=village.people[0]).exists()
    today = clock.local_day(clock.now())
    done = client.post(
        reverse("map:follow"),
        told | {"ground": "cùng phiên chợ", "exposed_on": f"{today:%d/%m/%Y}"},
        follow=True,
    )
    assert done.context["changed"] == 2
    assert len(done.context["refused"]) == 2
    opened = FollowUp.objects.get(person=village.people[0])
    assert (opened.ground, opened.degree, opened.last_exposure) == ("cùng phiên chợ", 1, today)
    assert FollowUp.objects.filter(person=village.people[1]).count() == 1


def test_followed_because_of_a_case_they_stand_in_its_list(village):
    index = CaseFactory(
        person=PersonFactory(unit=village.here), status="confirmed", code="BN2850", unit=village.here
    )
    today = clock.local_day(clock.now())
    told = {
        "query": f"area={BOX}", "row": [village.people[0].public_id], "step": "run", "count": "1", "disease": "covid19",
        "ground": "cùng ăn cỗ", "exposed_on": f"{today:%d/%m/%Y}",
    }  # fmt: skip
    unknown = village.client().post(reverse("map:follow"), told | {"case": "BN1"})
    assert "case" in unknown.context["form"].errors
    village.client().post(reverse("map:follow"), told | {"case": "bn2850"})
    contact = Contact.objects.get(case=index, person=village.people[0])
    assert contact.grade == 0
    assert FollowUp.objects.get(person=village.people[0]).case == index


@pytest.mark.django_db(transaction=True)
def test_each_is_exposed_when_they_were_last_seen_in_the_area(village):
    market = village.site(106.13, kind=SiteKind.MARKET)
    now = clock.now()
    stay(village.people[0], market, now - timedelta(days=3, hours=2), now - timedelta(days=3))
    told = {
        "query": f"area={BOX}&way=was", "whole": "1", "step": "run", "count": "1", "disease": "covid19",
        "ground": "chợ",
    }  # fmt: skip
    village.client().post(reverse("map:follow"), told)
    assert FollowUp.objects.get().last_exposure == clock.local_day(now - timedelta(days=3))


def test_nobody_outside_the_viewers_reach_is_followed(village):
    stranger = PersonFactory(unit=village.beside)
    AssignmentFactory(person=stranger, site=village.house)
    told = {"query": f"area={BOX}", "row": [stranger.public_id], "step": "run", "count": "1", "disease": "covid19",
            "ground": "x", "exposed_on": "01/06/2021"}  # fmt: skip
    village.client().post(reverse("map:follow"), told)
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("words", "title", "near"),
    [
        ("le an", "Lê An", (106.12, 21.25)),
        ("ho so 1", "Hộ số 1", (106.12, 21.25)),
        ("21.25, 106.13", "21.25000, 106.13000", (106.13, 21.25)),
        ("thon dong, que mo", "Thôn Đông", (106.12, 21.25)),
        ("BN77", "Lê Bình", (106.12, 21.25)),
    ],
)
def test_what_is_named_is_found_where_it_is(village, words, title, near):
    village.here.name, village.here.folded = "Xã Quế Mỏ", "xa que mo"
    village.here.save()
    for person in village.people:
        person.address = "Thôn Đông"
        person.save()
    CaseFactory(person=village.people[1], code="BN77", status="confirmed")
    page = village.client().get(reverse("map:search"), {"q": words})
    found = [hit for group in page.context["groups"] for hit in group.hits if hit.title == title]
    assert found, page.context["groups"]
    assert found[0].bounds[:2] == pytest.approx(near)


def test_a_commune_is_found_with_its_outline_and_a_person_of_no_known_lodging_in_it(village):
    PersonFactory(unit=village.here, full_name="Đỗ Không Nhà")
    village.here.name, village.here.folded = "Xã Quế Mỏ", "xa que mo"
    village.here.save()
    for words in ("que mo", "do khong nha"):
        page = village.client().get(reverse("map:search"), {"q": words})
        (hit,) = [hit for group in page.context["groups"] for hit in group.hits]
        assert hit.bounds == pytest.approx((106.11, 21.21, 106.15, 21.29))
        assert hit.rough == (words == "do khong nha")


def test_a_search_finds_nobody_out_of_reach_and_says_so(village):
    PersonFactory(unit=village.beside, full_name="Phạm Xa Lạ")
    page = village.client().get(reverse("map:search"), {"q": "pham xa la"})
    assert page.context["groups"] == []
    assert "Phạm Xa" not in page.content.decode()
    leader = make_user("lanhdao", "leader", unit=village.province)
    assert village.client(leader).get(reverse("map:search"), {"q": "le an"}).context["groups"] == []


def _follow(village: Village, person: Any) -> None:
    day = date(2021, 5, 1)
    FollowUp.objects.create(
        person=person, disease="covid19", degree=1, regime="vn.covid19.f1.21days", days=21, began_on=day,
        last_exposure=day, planned_day=day, last_day=day,
    )  # fmt: skip
