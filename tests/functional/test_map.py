"""The map in a real browser: it draws, tells and leads on; where it cannot, it says so."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tuyendau.core.accounts.models import User
from tuyendau.core.places.models import Boundary, Unit, UnitLevel

pytestmark = pytest.mark.browser
ADDRESS = "/map/?as_of=2021-05-15&status=all"


@pytest.fixture
def officer(transactional_db: None) -> User:
    """An epidemiologist of a province of two communes side by side; the western one has a case."""
    province = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Thử")
    west = _commune(province, "Xã Nội Hoàng", shapely.box(106.0, 21.2, 106.1, 21.3))
    _commune(province, "Xã Quang Châu", shapely.box(106.1, 21.2, 106.2, 21.3))
    CaseFactory(person=PersonFactory(unit=west))
    return make_user("hoa", "epidemiologist", unit=province)


def _commune(province: Unit, name: str, outline: shapely.Polygon) -> Unit:
    commune = UnitFactory(name=name, parent=province)
    wkb = shapely.to_wkb(outline)
    Boundary.objects.create(unit=commune, wkb=wkb, outline=wkb, approximate=True, source="test")
    return commune


def open_map(page: Page) -> None:
    page.goto(ADDRESS)
    # Drawing by software on a busy machine takes its time.
    page.wait_for_selector("#map[data-state=ready]", timeout=30_000)


def point_at_the_middle(page: Page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    return middle


def test_the_commune_with_cases_is_in_the_middle_told_of_and_leads_to_its_cases(
    page: Page, officer: User, sign_in: Any
) -> None:
    sign_in(page, officer)
    open_map(page)
    middle = point_at_the_middle(page)
    expect(page.locator(".map-tooltip-label")).to_contain_text("Xã Nội Hoàng")
    page.mouse.click(*middle)
    page.wait_for_url("**/cases/?*")
    code = Unit.objects.get(name="Xã Nội Hoàng").code
    assert parse_qs(urlsplit(page.url).query)["unit"] == [code]


def test_the_whole_area_can_be_seen_again(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    page.emulate_media(reduced_motion="reduce")
    open_map(page)
    page.locator(".map-view-button").click()
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.65, box["y"] + box["height"] / 2)
    expect(page.locator(".map-tooltip-label")).to_contain_text("Xã Quang Châu")


def test_a_finger_reads_first_and_finds_a_link(phone: Page, officer: User, sign_in: Any) -> None:
    sign_in(phone, officer)
    open_map(phone)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    phone.locator("#map .maplibregl-canvas").tap()
    expect(phone.locator(".map-tooltip")).to_contain_text("Xã Nội Hoàng")
    phone.locator(".map-tooltip a").tap()
    phone.wait_for_url("**/cases/?*")


@pytest.mark.parametrize("how", ["status", "network", "not the data"])
def test_data_that_do_not_come_are_told_of(
    page: Page, officer: User, sign_in: Any, expected_errors: list[str], how: str
) -> None:
    expected_errors += ["status of 500", "net::ERR_FAILED"]
    answers = {
        "status": lambda route: route.fulfill(status=500, body="no"),
        "network": lambda route: route.abort(),
        "not the data": lambda route: route.fulfill(body="<html>", content_type="text/html"),
    }
    sign_in(page, officer)
    page.route("**/*.geojson*", answers[how])
    page.goto(ADDRESS)
    told = page.locator("#map").get_attribute("data-text-failed")
    assert told
    expect(page.locator("#map [role=alert]")).to_have_text(told)
