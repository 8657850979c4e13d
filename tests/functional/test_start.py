"""The start page and the search for everything, by keyboard and on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.accounts.models import User
from tuyendau.core.places.models import SiteKind, UnitLevel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(transactional_db: None) -> User:
    """A district officer with one suspected case and a company."""
    district = UnitFactory(level=UnitLevel.DISTRICT, parent=UnitFactory(level=UnitLevel.PROVINCE))
    commune = UnitFactory(name="Xã Quang Châu", parent=district)
    SiteFactory(kind=SiteKind.COMPANY, name="Công ty Sao Khuê", unit=commune)
    person = PersonFactory(full_name="Trần Thị Khuê", unit=commune)
    CaseFactory(person=person, unit=commune, status="suspected", code="BN77")
    return make_user("huyen", "district_officer", unit=district)


def test_everything_is_found_from_any_page_by_keyboard_alone(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    page.goto("/people/")
    page.keyboard.press("/")
    page.keyboard.type("khue")
    hits = page.locator("#search-hits .search-hit")
    expect(hits).to_have_count(3)
    page.keyboard.press("Escape")
    expect(hits).to_have_count(0)
    page.keyboard.press("Control+A")
    page.keyboard.type("bn77")
    expect(hits).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/case_*/")


def test_a_slash_in_a_field_stays_a_slash(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    page.goto("/people/")
    page.locator("#id_q").click()
    page.keyboard.type("12/5")
    expect(page.locator("#id_q")).to_have_value("12/5")


def test_what_is_due_leads_to_where_it_is_done(phone: Page, officer: User, sign_in: Any) -> None:
    sign_in(phone, officer)
    phone.goto("/")
    item = phone.locator("[data-due=suspected]")
    expect(item.locator(".due-count")).to_have_text("1")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    item.click()
    phone.wait_for_url("**/cases/?status=suspected&status=probable")
    expect(phone.get_by_text("Trần Thị Khuê")).to_be_visible()


def test_on_a_phone_the_search_has_a_page_of_its_own(phone: Page, officer: User, sign_in: Any) -> None:
    sign_in(phone, officer)
    phone.goto("/")
    phone.locator(".search-open").click()
    phone.locator("#id_q").fill("sao khue")
    phone.locator("#found .search-hit").click()
    phone.wait_for_url("**/sites/site_*/")
