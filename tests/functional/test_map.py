"""The map in a real browser: it draws, tells and leads on; where it cannot, it says so."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tuyendau.core.accounts.models import User
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Boundary, Unit, UnitLevel
from tuyendau.lib import clock

pytestmark = pytest.mark.browser
ADDRESS = "/map/?at=2021-05-15&communes.status=all"


@pytest.fixture
def officer(transactional_db: None) -> User:
    """An epidemiologist of a province of two communes side by side; the western one has a case."""
    province = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Thử")
    west = _commune(province, "Xã Nội Hoàng", shapely.box(106.0, 21.2, 106.1, 21.3))
    _commune(province, "Xã Quang Châu", shapely.box(106.1, 21.2, 106.2, 21.3))
    with transaction.atomic():
        case = CaseFactory(person=PersonFactory(unit=west))
        audit.record("case.reported", by=None, at=clock.midnight(case.reported_on), subject=case.public_id)
    return make_user("hoa", "epidemiologist", unit=province)


def _commune(province: Unit, name: str, outline: shapely.Polygon) -> Unit:
    commune = UnitFactory(name=name, parent=province)
    wkb = shapely.to_wkb(outline)
    Boundary.objects.create(unit=commune, wkb=wkb, outline=wkb, approximate=True, source="test")
    return commune


def open_map(page: Page, address: str = ADDRESS) -> None:
    page.goto(address)
    # Drawing by software on a busy machine takes its time.
    page.wait_for_selector("#map[data-state=ready]", timeout=30_000)


def at(page: Page, share: float = 0.5) -> tuple[float, float]:
    """A place on the map, by the share of its width."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    return (box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_commune_is_told_of_selected_and_leads_to_its_cases(
    page: Page, officer: User, sign_in: Any
) -> None:
    sign_in(page, officer)
    open_map(page)
    west = at(page, 0.3)
    page.mouse.move(*west)
    expect(page.locator(".map-tooltip-label")).to_contain_text("Xã Nội Hoàng")
    page.mouse.click(*west)
    code = Unit.objects.get(name="Xã Nội Hoàng").code
    expect(page.locator("#map-panel")).to_contain_text("Xã Nội Hoàng")
    assert asked(page)["on"] == [f"communes:{code}"]
    page.locator("#map-panel a.btn").click()
    page.wait_for_url("**/cases/?*")
    assert asked(page)["unit"] == [code]


def test_an_address_shows_the_same_view_again(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    open_map(page)
    page.mouse.click(*at(page, 0.3))
    expect(page.locator("#map-panel")).to_contain_text("Xã Nội Hoàng")
    page.locator("select[name='communes.days']").select_option("7")
    page.locator(".maplibregl-ctrl-zoom-in").click()
    page.locator("#layer-communes[data-renewed='2']").wait_for()
    page.wait_for_timeout(700)
    address = page.url
    assert asked(page)["communes.days"] == ["7"]
    page.goto("about:blank")
    open_map(page, address)
    expect(page.locator("#map-panel")).to_contain_text("Xã Nội Hoàng")
    expect(page.locator("select[name='communes.days']")).to_have_value("7")
    assert page.url == address


def test_the_whole_area_can_be_seen_again(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    page.emulate_media(reduced_motion="reduce")
    open_map(page, f"{ADDRESS}&view=13/21.25/106.05")
    page.mouse.move(*at(page, 0.9))
    expect(page.locator(".map-tooltip-label")).to_contain_text("Xã Nội Hoàng")
    page.locator(".map-view-button").click()
    page.mouse.move(*at(page, 0.65))
    expect(page.locator(".map-tooltip-label")).to_contain_text("Xã Quang Châu")


def test_by_keys_what_lies_in_the_middle_is_read_and_selected(
    page: Page, officer: User, sign_in: Any
) -> None:
    sign_in(page, officer)
    page.emulate_media(reduced_motion="reduce")
    open_map(page, f"{ADDRESS}&view=11/21.25/106.05")
    canvas = page.locator("#map canvas.maplibregl-canvas")
    canvas.focus()
    expect(page.locator("#map-said")).to_contain_text("Xã Nội Hoàng")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#map-said")).to_contain_text("Xã Quang Châu")
    page.keyboard.press("Enter")
    expect(page.locator("#map-panel")).to_contain_text("Xã Quang Châu")
    page.keyboard.press("Escape")
    expect(page.locator("#map-panel")).to_be_hidden()


def test_the_table_holds_the_same_and_leads_to_the_map(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    open_map(page)
    page.locator("[data-map=table]").click()
    rows = page.locator("#map-table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Xã Nội Hoàng")
    page.locator("#map-table thead a").first.click()
    expect(page.locator("#map-table th[aria-sort=ascending]")).to_have_count(1)
    rows.filter(has_text="Quang Châu").locator("[data-find]").click()
    expect(page.locator("#map-panel")).to_contain_text("Xã Quang Châu")
    assert asked(page)["table"] == ["communes"]


def test_a_finger_reads_first_and_finds_a_link(phone: Page, officer: User, sign_in: Any) -> None:
    sign_in(phone, officer)
    open_map(phone)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    phone.touchscreen.tap(*at(phone, 0.3))
    expect(phone.locator("#map-panel")).to_contain_text("Xã Nội Hoàng")
    phone.locator("#map-panel a.btn").tap()
    phone.wait_for_url("**/cases/?*")


def test_layers_are_a_drawer_on_a_phone(phone: Page, officer: User, sign_in: Any) -> None:
    sign_in(phone, officer)
    open_map(phone)
    switch = phone.locator("input[name=layers][value=communes]")
    expect(switch).not_to_be_in_viewport()
    phone.locator("[data-bs-target='#map-layers']").first.tap()
    expect(switch).to_be_in_viewport()
    expect(switch).to_be_checked()
    switch.tap()
    assert asked(phone).get("layers", [""]) == [""]


@pytest.mark.parametrize("how", ["status", "network", "not the data"])
def test_a_layer_that_does_not_come_says_so_and_can_be_tried_again(
    page: Page, officer: User, sign_in: Any, expected_errors: list[str], how: str
) -> None:
    expected_errors += ["status of 500", "net::ERR_FAILED"]
    answers = {
        "status": lambda route: route.fulfill(status=500, body="no"),
        "network": lambda route: route.abort(),
        "not the data": lambda route: route.fulfill(body="<html>", content_type="text/html"),
    }
    sign_in(page, officer)
    page.route("**/layers/*/features*", answers[how])
    open_map(page)
    line = page.locator("#layer-communes")
    expect(line.locator("[role=alert]")).to_be_visible()
    page.unroute("**/layers/*/features*")
    line.locator(".map-again").click()
    expect(line.locator("[role=alert]")).to_have_count(0)
    expect(line.locator(".map-count")).to_have_text("2")
