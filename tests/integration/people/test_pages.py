"""The pages of people."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import AssignmentFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.places.models import Unit, UnitLevel

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def province() -> Unit:
    return UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Thử")


@pytest.fixture
def signed_in(client: Client, province: Unit) -> Client:
    client.force_login(make_user("hoa", "epidemiologist", unit=province))
    return client


def test_the_list_costs_the_same_queries_for_few_and_for_many(
    signed_in: Client, province: Unit, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for more in (2, 60):
        for commune in UnitFactory.create_batch(3, parent=province):
            PersonFactory.create_batch(more, unit=commune)
        with django_assert_max_num_queries(20) as queries:
            assert signed_in.get("/people/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_person_costs_the_same_queries_for_few_and_for_many_sites(
    signed_in: Client, province: Unit, django_assert_max_num_queries: Any
) -> None:
    person = PersonFactory(unit=province)
    signed_in.get(f"/people/{person.public_id}/")  # the look that is put on record
    counts = []
    for more in (1, 10):
        for site in SiteFactory.create_batch(more, unit=province, parent=SiteFactory()):
            AssignmentFactory(person=person, site=site)
        with django_assert_max_num_queries(24) as queries:
            response = signed_in.get(f"/people/{person.public_id}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert response.content.count(b"/sites/site_") == 11


def test_the_person_loads_what_other_rooms_know_from_their_own_pages(
    signed_in: Client, province: Unit
) -> None:
    person = PersonFactory(unit=province)
    page = signed_in.get(f"/people/{person.public_id}/").content.decode()
    addresses = re.findall(r'hx-get="([^"]+)" hx-trigger="load"', page)
    assert len(addresses) == 7
    for address in addresses:
        assert person.public_id in address
        part = signed_in.get(address, **HTMX)
        assert part.status_code == 200
        assert "<html" not in part.content.decode()


def test_htmx_gets_the_rows_alone_and_history_the_page(signed_in: Client, province: Unit) -> None:
    PersonFactory(full_name="Đỗ Thị Hà", unit=province)
    rows = signed_in.get("/people/", {"q": "ha do"}, **HTMX).content.decode()
    assert "Đỗ Thị Hà" in rows
    assert "<html" not in rows
    restored = signed_in.get("/people/", **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true").content.decode()
    assert "<html" in restored


def test_the_commune_narrows_and_one_out_of_reach_is_refused(signed_in: Client, province: Unit) -> None:
    here, there = UnitFactory.create_batch(2, parent=province)
    PersonFactory(full_name="Hà", unit=here)
    PersonFactory(full_name="Lan", unit=there)
    narrowed = signed_in.get("/people/", {"commune": here.code}).content.decode()
    assert ">Hà<" in narrowed
    assert ">Lan<" not in narrowed
    refused = signed_in.get("/people/", {"commune": "nowhere"})
    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()
    assert ">Hà<" not in refused.content.decode()


def test_empty_lists_say_what_to_do(signed_in: Client) -> None:
    nobody = signed_in.get("/people/").content.decode()
    not_found = signed_in.get("/people/", {"q": "zzz"}).content.decode()
    assert nobody.count('class="empty-title"') == not_found.count('class="empty-title"') == 1
    assert nobody != not_found


def test_a_person_out_of_reach_answers_as_none(client: Client, province: Unit) -> None:
    here, there = UnitFactory.create_batch(2, parent=province)
    client.force_login(make_user("xa", "commune_officer", unit=here))
    assert client.get(f"/people/{PersonFactory(unit=here).public_id}/").status_code == 200
    assert client.get(f"/people/{PersonFactory(unit=there).public_id}/").status_code == 404
    assert client.get("/people/person_000000000000/").status_code == 404


def test_pages_of_somebody_signed_in_stay_out_of_caches(signed_in: Client) -> None:
    response = signed_in.get("/people/")
    assert response["Cache-Control"] == "private, no-store"
    assert "HX-Request" in response["Vary"]
