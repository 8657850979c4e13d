"""An area is drawn on the map: numbers, list, file, follow-up; what is named is found."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.factories import AssignmentFactory, PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tuyendau.core.accounts.models import User
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import Boundary, SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.followup.models import FollowUp

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("segments")]


@pytest.fixture
def officer(transactional_db: None) -> User:
    """An epidemiologist of a province of one commune, in whose middle three people live and a market is."""
    province = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Thử")
    commune = UnitFactory(name="Xã Nội Hoàng", parent=province)
    wkb = shapely.to_wkb(shapely.box(106.0, 21.2, 106.1, 21.3))
    Boundary.objects.create(unit=commune, wkb=wkb, outline=wkb, approximate=True, source="test")
    house = SiteFactory(kind=SiteKind.HOUSEHOLD, name="Hộ số 1", unit=commune, lon=106.05, lat=21.25)
    market = SiteFactory(kind=SiteKind.MARKET, name="Chợ Nội", unit=commune, lon=106.051, lat=21.251)
    now = clock.now()
    for name in ("Lê An", "Lê Bình", "Lê Cúc"):
        person = PersonFactory(full_name=name, unit=commune)
        AssignmentFactory(person=person, site=house)
        if name != "Lê Cúc":
            stay(person, market, now - timedelta(days=2, hours=1), now - timedelta(days=2))
    return make_user("hoa", "epidemiologist", unit=province)


def open_map(page: Page, address: str = "/map/") -> None:
    page.goto(address)
    page.wait_for_selector("#map[data-state=ready]", timeout=30_000)
    page.wait_for_selector("#map-select[data-ready]", timeout=30_000)


def draw(page: Page, tool: str, *corners: tuple[float, float]) -> None:
    """Press corners, given as shares of the map from its middle, with a tool of the menu in the hand."""
    page.locator("#map-select > button").click()
    page.locator(f"[data-tool={tool}]").click()
    expect(page.locator(".map-hint")).to_be_visible()
    # The library is loaded when it is needed first.
    page.wait_for_timeout(1_500)
    box = page.locator("#map").bounding_box()
    assert box is not None
    for across, down in corners:
        x, y = box["x"] + box["width"] * (0.5 + across), box["y"] + box["height"] * (0.5 + down)
        page.mouse.move(x, y, steps=4)
        page.mouse.click(x, y)
        page.wait_for_timeout(400)


def people(page: Page, way: str) -> Any:
    return page.locator(f"tr[data-way={way}] td").first


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_rectangle_is_drawn_counted_listed_exported_and_its_people_are_followed(
    page: Page, officer: User, sign_in: Any
) -> None:
    sign_in(page, officer)
    open_map(page)
    draw(page, "rectangle", (-0.1, -0.15), (0.1, 0.15))
    expect(people(page, "lives")).to_have_text("3", timeout=20_000)
    expect(people(page, "was")).to_have_text("2")
    assert asked(page)["area"][0].startswith("box:")
    assert not asked(page).get("on"), "the press that ended the drawing selected what lies under it"
    address = page.url
    people(page, "was").get_by_role("link").click()
    page.wait_for_url("**/map/selection/people/?*")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert Event.objects.filter(kind="selection.listed").count() == 1
    page.locator("#export summary").click()
    with page.expect_download() as download:
        page.locator("#export a[href*='format=csv']").click()
    assert "Lê Bình" in download.value.path().read_text("utf-8-sig")
    page.locator("[data-all]").check()
    page.locator("[data-chosen] button[type=submit]").click()
    page.locator("input[name=ground]").fill("cùng phiên chợ")
    page.locator(".card-footer button[type=submit]").click()
    expect(page.locator("#batch")).to_contain_text("2")
    day = clock.local_day(clock.now() - timedelta(days=2))
    assert list(FollowUp.objects.values_list("ground", "last_exposure")) == [("cùng phiên chợ", day)] * 2
    open_map(page, address)
    expect(page.locator("tr[data-way=lives] td").nth(2)).to_have_text("2", timeout=20_000)


def test_polygon_circle_and_commune_are_drawn_and_escape_lets_go(
    page: Page, officer: User, sign_in: Any
) -> None:
    sign_in(page, officer)
    open_map(page)
    draw(page, "polygon", (-0.12, -0.12), (0.12, -0.12), (0.0, 0.2), (0.0, 0.2))
    expect(people(page, "lives")).to_have_text("3", timeout=20_000)
    assert re.match(r"ring:[\d.]+,[\d.]+(;[\d.]+,[\d.]+){2}$", asked(page)["area"][0])
    draw(page, "circle", (0.0, 0.0), (0.1, 0.0))
    expect(page.locator(".selection")).to_contain_text("bán kính", timeout=20_000)
    expect(people(page, "lives")).to_have_text("3")
    assert asked(page)["area"][0].startswith("round:")
    draw(page, "commune", (0.05, 0.1))
    expect(page.locator(".selection")).to_contain_text("Xã Nội Hoàng", timeout=20_000)
    assert asked(page)["area"][0].startswith("unit:")
    draw(page, "rectangle")
    page.keyboard.press("Escape")
    expect(page.locator(".map-hint")).to_be_hidden()
    expect(page.locator(".selection")).to_contain_text("Xã Nội Hoàng")
    page.keyboard.press("Escape")
    expect(page.locator("#map-panel")).to_be_hidden()
    assert "area" not in asked(page)


def test_nobody_is_told_and_a_crossing_border_is_refused(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    open_map(page)
    draw(page, "rectangle", (-0.2, -0.25), (-0.1, -0.15))
    expect(page.locator(".selection")).to_contain_text("Không ai sống", timeout=20_000)
    open_map(page, "/map/?area=ring:106,21;107,22;107,21;106,22")
    expect(page.locator("#map-panel [role=alert]")).to_contain_text("cắt nhau", timeout=20_000)


def test_a_circle_around_the_middle_needs_no_pointer(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    open_map(page, "/map/?view=14/21.25/106.05")
    page.locator("#map-select > button").focus()
    page.keyboard.press("Enter")
    page.locator("#map-metres").focus()
    page.keyboard.press("Enter")
    expect(people(page, "lives")).to_have_text("3", timeout=20_000)
    assert asked(page)["area"] == ["round:106.05,21.25,500"]


def test_what_is_named_is_found_and_the_map_goes_there(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    open_map(page)
    page.locator("#map-find").fill("cho noi")
    expect(page.locator(".map-found a")).to_contain_text("Chợ Nội")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#map-panel h3")).to_have_text("Chợ Nội")
    page.wait_for_function("() => /view=15\\.[0-9]+\\/21\\.25[01]/.test(location.search)", timeout=20_000)
    page.locator("#map-panel button.btn-primary").click()
    expect(people(page, "was")).to_have_text("2", timeout=20_000)


def test_on_a_phone_the_panel_leaves_the_area_in_sight(phone: Page, officer: User, sign_in: Any) -> None:
    sign_in(phone, officer)
    open_map(phone, "/map/?area=box:106.04,21.24,106.06,21.26")
    expect(people(phone, "lives")).to_have_text("3", timeout=20_000)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
