"""The situation room in a browser: charts drawn from their tables, bars that open lists, the wall that turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tuyendau.core.accounts.models import User
from tuyendau.core.places.models import UnitLevel
from tuyendau.lib import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def province(transactional_db: None) -> Any:
    """A province with one commune and cases of the last days."""
    root = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Bắc Giang")
    commune = UnitFactory(name="Xã Quang Châu", parent=root)
    today = clock.local_day(clock.now())
    for n in range(12):
        person = PersonFactory(unit=commune, sex="F" if n % 2 else "M", birth_year=1980)
        CaseFactory(
            person=person, unit=commune, status="confirmed", reported_on=today - timedelta(days=n % 4)
        )
    return root


@pytest.fixture
def officer(province: Any) -> User:
    return make_user("dichte", "epidemiologist", unit=province)


def test_charts_are_drawn_and_a_bar_opens_its_list(page: Page, officer: User, sign_in: Any) -> None:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)
    sign_in(page, officer)
    page.goto("/situation/", timeout=30_000)
    for name, state in (("curve", "ready"), ("ages", "ready"), ("testing", "empty")):
        expect(page.locator(f"#chart-{name}")).to_have_attribute("data-state", state)
    page.locator("#table-curve summary").click()
    expect(page.locator("#table-curve tbody tr")).to_have_count(14)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("#canvas-curve canvas").bounding_box()
    assert box is not None
    # The last bar stands at the right end of the chart, just above the axis.
    page.mouse.click(box["x"] + box["width"] - 12 - box["width"] / 32, box["y"] + box["height"] - 40)
    page.wait_for_url("**/cases/?*")
    expect(page.locator("#rows tbody tr")).to_have_count(3)
    assert refused == []


def test_the_wall_turns_by_itself_and_by_key(page: Page, province: Any, sign_in: Any) -> None:
    sign_in(page, make_user("lanhdao", "leader", unit=province))
    page.goto("/situation/wall/?seconds=10")
    shown = page.locator("[data-view]:visible")
    expect(shown).to_have_count(1)
    expect(shown.locator("#numbers-title")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#chart-curve")).to_have_attribute("data-state", "ready")
    expect(page.locator("#canvas-curve canvas")).to_be_visible()
    expect(page.locator("#apart-title")).to_be_visible(timeout=15_000)
    page.keyboard.press("Space")
    expect(page.locator("[data-wall=pause]")).to_have_attribute("aria-pressed", "true")


def test_the_page_is_used_on_a_phone(page: Page, officer: User, sign_in: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, officer)
    page.goto("/situation/?by=unit&basis=onset")
    expect(page.locator("#chart-ages")).to_have_attribute("data-state", "empty")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
