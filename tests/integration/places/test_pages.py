from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import SiteFactory, UnitFactory, make_user
from tuyendau.core.places.models import Site, SiteKind, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Unit:
    return UnitFactory.create(
        code="07807", name="Xã Quang Châu", parent=UnitFactory.create(code="24", level=1)
    )


@pytest.fixture
def company(commune: Unit) -> Site:
    site: Site = SiteFactory.create(code="CT", kind=SiteKind.COMPANY, name="Công ty Ánh Dương", unit=commune)
    for n in range(3):
        SiteFactory.create(code=f"L{n}", name=f"Chuyền {n}", parent=site, unit=commune)
    return site


def sign_in(client: Client, role: str, unit: Unit | None = None, site: Site | None = None) -> None:
    client.force_login(make_user(role, role, unit=unit, site=site))


def test_the_list_shows_where_each_site_belongs(client: Client, company: Site, commune: Unit) -> None:
    sign_in(client, "commune_officer", unit=commune)
    page = client.get(reverse("places:sites"))
    assert page.status_code == 200
    rows = page.context["rows"]
    assert [row["site"].code for row in rows] == ["CT", "L0", "L1", "L2"]
    assert [upper.code for upper in rows[1]["above"]] == ["CT"]
    assert rows[0]["site"].child_count == 3


def test_the_list_takes_as_many_queries_for_many_sites_as_for_few(
    client: Client, company: Site, commune: Unit
) -> None:
    sign_in(client, "commune_officer", unit=commune)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("places:sites"))
    for _ in range(30):
        SiteFactory.create(parent=SiteFactory.create(parent=company, unit=commune), unit=commune)
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("places:sites")).context["page"]
    assert page.paginator.num_pages == 2
    assert len(many) == len(few)


def test_only_the_rows_are_sent_to_the_page_that_asks_for_them(
    client: Client, company: Site, commune: Unit
) -> None:
    sign_in(client, "commune_officer", unit=commune)
    answer = client.get(
        reverse("places:sites"), {"q": "chuyen"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in answer
    assert "Chuyền 1" in answer
    assert "Ánh Dương</a>" not in answer


def test_a_filter_that_cannot_be_understood_narrows_nothing(
    client: Client, company: Site, commune: Unit
) -> None:
    sign_in(client, "commune_officer", unit=commune)
    page = client.get(reverse("places:sites"), {"kind": "castle", "q": "x" * 500, "page": "-3"})
    assert page.status_code == 200
    assert len(page.context["rows"]) == 4


def test_a_site_shows_its_parts_and_leads_to_people_and_cases(
    client: Client, company: Site, commune: Unit
) -> None:
    sign_in(client, "company_officer", site=company)
    page = client.get(reverse("places:site", args=[company.public_id]))
    assert [part.code for part in page.context["page"]] == ["L0", "L1", "L2"]
    content = page.content.decode()
    assert f"{reverse('cases:list')}?site=CT" in content
    assert "<script>" not in content


def test_a_site_of_somebody_else_is_not_found(client: Client, company: Site) -> None:
    other = SiteFactory.create(code="CT2", kind=SiteKind.COMPANY)
    sign_in(client, "company_officer", site=other)
    assert client.get(reverse("places:site", args=[company.public_id])).status_code == 404
    assert client.get(reverse("places:site", args=["site_nothing"])).status_code == 404


def test_names_are_escaped(client: Client, company: Site, commune: Unit) -> None:
    Site.objects.filter(pk=company.pk).update(name="<script>alert(1)</script>")
    sign_in(client, "commune_officer", unit=commune)
    for address in (reverse("places:sites"), reverse("places:site", args=[company.public_id])):
        assert b"<script>alert" not in client.get(address).content


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, company: Site) -> None:
    for address in (reverse("places:sites"), reverse("places:site", args=[company.public_id])):
        assert client.get(address).status_code == 302
