"""The public map in a browser of somebody who has not signed in."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.core.places import actions
from tuyendau.core.places.models import SiteKind, Unit
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def province(live_server: object) -> Unit:
    root = UnitFactory.create(code="24", level=1, name="Tỉnh Bắc Giang")
    for n, name in enumerate(("Xã Quang Châu", "Thị trấn Nếnh", "Xã Đồng Tiến")):
        UnitFactory.create(parent=root, name=name, lon=106.1 + n / 20, lat=21.2 + (n % 2) / 10)
    actions.draw_cells([root], by=None, at=clock.now())
    commune = Unit.objects.get(name="Xã Quang Châu")
    report(commune, 12)
    SiteFactory.create(kind=SiteKind.TEST_POINT, name="Trạm y tế Nếnh", unit=commune, lon=106.12, lat=21.22)
    make_user("dichte", "epidemiologist", unit=root)
    return commune


def report(commune: Unit, times: int) -> None:
    day: date = clock.local_day(clock.now())
    for _ in range(times):
        person = PersonFactory.create(unit=commune)
        CaseFactory.create(person=person, status="confirmed", reported_on=day)


def test_a_telephone_shows_the_map_and_finds_a_commune(phone: Page, province: Unit) -> None:
    phone.goto("/public/")
    expect(phone.locator("#drawing .areas path")).to_have_count(3)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.fill("#find", "dong tien")
    expect(phone.locator("tr[data-area]:visible")).to_have_count(1)
    before = phone.locator("#drawing").get_attribute("viewBox")
    phone.locator("tr[data-area]:visible").click()
    expect(phone.locator("#said")).to_contain_text("Xã Đồng Tiến")
    assert phone.locator("#drawing").get_attribute("viewBox") != before
    phone.fill("#find", "không có")
    expect(phone.locator("#none")).to_be_visible()
    assert phone.context.cookies() == []


def test_keys_and_buttons_move_the_map(page: Page, province: Unit) -> None:
    page.goto("/public/")
    drawing = page.locator("#drawing")
    whole = drawing.get_attribute("viewBox")
    page.get_by_role("button", name="Phóng to").click()
    closer = drawing.get_attribute("viewBox")
    assert closer != whole
    drawing.focus()
    page.keyboard.press("ArrowRight")
    assert drawing.get_attribute("viewBox") != closer
    page.keyboard.press("0")
    assert drawing.get_attribute("viewBox") == whole


def test_an_open_page_keeps_itself_fresh(page: Page, province: Unit) -> None:
    page.clock.install()
    page.goto("/public/")
    area = page.locator(f"#a{province.pk}")
    expect(area).to_have_class("b2")
    page.fill("#find", "quang")
    report(province, 20)
    page.clock.fast_forward(61_000)
    expect(page.locator(f"#a{province.pk}")).to_have_class("b3")
    expect(page.locator("#find")).to_have_value("quang")
    expect(page.locator("tr[data-area]:visible")).to_have_count(1)


def test_without_scripts_it_is_whole(browser: object, live_server: object, province: Unit) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto("/public/en/")
    expect(page.get_by_text("at least 10")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Trạm y tế Nếnh")).to_be_visible()
    context.close()
