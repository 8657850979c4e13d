"""Presence on the pages of persons and sites: what the viewer may see of it, and no more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AssignmentFactory, PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db

DAY = date(2021, 5, 14)
MORNING = clock.midnight(DAY) + timedelta(hours=7)


@pytest.fixture
def line():
    """A line where a worker of the commune and one from elsewhere were on the same day."""
    province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
    commune, elsewhere = UnitFactory(parent=province), UnitFactory(parent=province)
    line = SiteFactory(unit=commune)
    for unit, name in ((commune, "Nguyễn Thị Gần"), (elsewhere, "Trần Văn Xa")):
        person = PersonFactory(unit=unit, full_name=name)
        stay(person, line, MORNING, MORNING + timedelta(hours=8))
        AssignmentFactory(person=person, site=line)
    return line


def client_of(role: str, **place) -> Client:
    client = Client()
    client.force_login(make_user(role, role, language="en", **place))
    return client


def test_who_was_at_a_site_on_a_day(line):
    client = client_of("epidemiologist", unit=line.unit.parent)
    page = client.get(
        reverse("visits:of_site", args=[line.public_id]), {"day": "14/05/2021"}
    ).content.decode()
    assert "Nguyễn Thị Gần" in page
    assert "Trần Văn Xa" in page
    other = client.get(
        reverse("visits:of_site", args=[line.public_id]), {"day": "15/05/2021"}
    ).content.decode()
    assert "No presence is recorded" in other
    wrong = client.get(
        reverse("visits:of_site", args=[line.public_id]), {"day": "31/02/2021"}
    ).content.decode()
    assert "alert" in wrong


def test_people_out_of_reach_are_counted_and_not_named(line):
    client = client_of("commune_officer", unit=line.unit)
    page = client.get(
        reverse("visits:of_site", args=[line.public_id]), {"day": "14/05/2021"}
    ).content.decode()
    assert "Nguyễn Thị Gần" in page
    assert "Trần Văn Xa" not in page
    assert "1 more person was here" in page


def test_the_people_of_a_site(line):
    client = client_of("epidemiologist", unit=line.unit.parent)
    idle = PersonFactory(unit=line.unit, full_name="Lê Văn Nhàn")
    found = client.get(reverse("people:list"), {"site": line.code}).context["page"].people
    assert {p.full_name for p in found} == {"Nguyễn Thị Gần", "Trần Văn Xa"}
    assert idle not in found


def test_a_company_officer_sees_a_workers_presence_at_own_sites_alone(line):
    company = SiteFactory(kind=SiteKind.COMPANY)
    room = SiteFactory(kind=SiteKind.ROOM, name="Phòng trọ 12")
    own = SiteFactory(parent=company, name="Chuyền của ta")
    worker = PersonFactory()
    AssignmentFactory(person=worker, site=own)
    now = clock.now()
    stay(worker, own, now - timedelta(hours=9), now - timedelta(hours=1))
    stay(worker, room, now - timedelta(hours=20), now - timedelta(hours=11))
    client = client_of("company_officer", site=company)
    page = client.get(reverse("visits:of_person", args=[worker.public_id])).content.decode()
    assert "Chuyền của ta" in page
    assert "Phòng trọ 12" not in page
