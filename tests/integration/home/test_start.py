"""The start page: what is due, and what changed since yesterday."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import SiteKind, Unit, UnitLevel
from tuyendau.insight.home import queries
from tuyendau.lib import clock
from tuyendau.records.cases.actions import classify, report_case
from tuyendau.records.cases.rules import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> Unit:
    return UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Thử")


@pytest.fixture
def commune(province: Unit) -> Unit:
    return UnitFactory(parent=UnitFactory(level=UnitLevel.DISTRICT, parent=province))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("segments")
def test_what_was_decided_since_yesterday_is_told_with_who_decided(province: Unit, commune: Unit) -> None:
    officer = make_user("hoa", "epidemiologist", unit=province, full_name="Trần Thị Hoa")
    viewer = viewer_of(officer, on=clock.local_day(clock.now()))
    now = clock.now()
    case = report_case(PersonFactory(unit=commune), viewer=viewer, by=officer, at=now)
    classify(case.public_id, Status.CONFIRMED, viewer=viewer, by=officer, at=now)
    old = report_case(PersonFactory(unit=commune), viewer=viewer, by=officer, at=now - timedelta(days=3))
    found = queries.changes(viewer, at=now)
    assert [(kind, count) for kind, _words, count in found.counts] == [
        ("case.confirmed", 1),
        ("case.reported", 1),
    ]
    assert {(line.case.public_id, line.by) for line in found.latest} == {(case.public_id, "Trần Thị Hoa")}
    assert old.public_id not in str(found)
    assert queries.changes_of_kind(viewer, "case.confirmed", at=now).count() == 1
    assert queries.changes_of_kind(viewer, "nonsense", at=now).count() == 2


def test_changes_out_of_reach_are_not_told(province: Unit, commune: Unit) -> None:
    officer = make_user("hoa", "epidemiologist", unit=province)
    other = make_user("xa", "district_officer", unit=UnitFactory(level=UnitLevel.DISTRICT, parent=province))
    now = clock.now()
    today = clock.local_day(now)
    report_case(PersonFactory(unit=commune), viewer=viewer_of(officer, on=today), by=officer, at=now)
    assert queries.changes(viewer_of(other, on=today), at=now).counts == []


def test_suspected_cases_wait_for_whoever_decides(client: Client, province: Unit, commune: Unit) -> None:
    CaseFactory.create_batch(3, person__unit=commune, unit=commune, status="suspected")
    officer = make_user("hoa", "epidemiologist", unit=province)
    nurse = make_user("tram", "commune_officer", unit=commune)
    today = clock.local_day(clock.now())
    due = {d.key: d for d in queries.due(viewer_of(officer, on=today), at=clock.now())}
    assert due["suspected"].count == 3
    assert "suspected" not in {d.key for d in queries.due(viewer_of(nurse, on=today), at=clock.now())}
    client.force_login(officer)
    page = client.get(due["suspected"].url).content.decode()
    assert page.count('data-key="case_') == 3
    assert 'data-due="suspected"' in client.get("/").content.decode()


def test_roles_wait_for_a_second_administrator(client: Client, province: Unit) -> None:
    admin = make_user("quantri", "province_administrator", unit=province)
    client.force_login(admin)
    assert 'data-due="roles"' not in client.get("/").content.decode()
    waiting = make_user("moi", "epidemiologist", unit=province)
    waiting.memberships.update(awaiting=True, given_by=admin)
    assert 'data-due="roles"' in client.get("/").content.decode()


def test_who_has_nothing_due_is_told_so(client: Client, commune: Unit) -> None:
    client.force_login(
        make_user("cong", "company_officer", site=SiteFactory(kind=SiteKind.COMPANY, unit=commune))
    )
    assert "Không có việc nào chờ" in client.get("/").content.decode()


def test_the_page_of_changes_pages_and_narrows(client: Client, province: Unit, commune: Unit) -> None:
    officer = make_user("hoa", "epidemiologist", unit=province)
    viewer = viewer_of(officer, on=clock.local_day(clock.now()))
    for _n in range(3):
        report_case(PersonFactory(unit=commune), viewer=viewer, by=officer, at=clock.now())
    client.force_login(officer)
    assert client.get("/home/changes/").content.decode().count("/cases/case_") == 3
    assert client.get("/home/changes/?kind=case.confirmed").content.decode().count("/cases/case_") == 0
