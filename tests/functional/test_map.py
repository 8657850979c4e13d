"""The map in a real browser: it draws, tells and leads on; where it cannot, it says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import matplotlib.pyplot as plt
import pytest
import shapely
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tests.integration.map.test_pages import Dots
from tuyendau.config import basemap
from tuyendau.core.accounts.models import User
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Boundary, Unit, UnitLevel
from tuyendau.insight.map.layers import base
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
    page.goto(address, timeout=30_000)
    # Drawing by software on a busy machine takes its time.
    page.wait_for_selector("#map[data-state=ready]", timeout=30_000)


@contextmanager
def another_layer() -> Iterator[None]:
    """The points of the tests among the layers."""
    known = dict(base._discovered())
    with patch.object(base, "_discovered", lambda: known | {"dots": Dots()}):
        yield


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
    west = at(page)
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
    page.mouse.click(*at(page))
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
    phone.touchscreen.tap(*at(phone))
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


@pytest.mark.parametrize(
    ("written", "in_the_address"),
    [
        ("16/05/2021", "2021-05-16"),
        ("14:30 16/05/2021", "2021-05-16T14:30"),
        ("2021-05-16", "2021-05-16"),
        ("", ""),
    ],
)
def test_a_moment_is_written_as_people_do(
    page: Page, officer: User, sign_in: Any, written: str, in_the_address: str
) -> None:
    sign_in(page, officer)
    open_map(page)
    expect(page.locator(".map-past")).to_have_text("Theo thông tin biết được đến hết ngày 15/05/2021")
    field = page.locator("#map-at")
    expect(field).to_have_value("15/05/2021")
    field.fill(written)
    field.press("Enter")
    page.locator("#layer-communes[data-renewed='2']").wait_for()
    assert asked(page).get("at", [""]) == [in_the_address]
    expect(page.locator(".map-past")).to_be_visible(visible=bool(written))


@pytest.mark.parametrize("written", ["31/02/2021", "yesterday", "25:00 01/05/2021"])
def test_what_is_no_moment_is_said_and_the_map_stands(
    page: Page, officer: User, sign_in: Any, written: str
) -> None:
    sign_in(page, officer)
    open_map(page)
    page.locator("#map-at").fill(written)
    page.locator("#map-at").press("Enter")
    expect(page.locator("#map-at-error")).to_contain_text("31/05/2021")
    assert asked(page)["at"] == ["2021-05-15"]
    expect(page.locator("#layer-communes .map-count")).to_have_text("2")


def test_the_outbreak_is_played_from_day_to_day(page: Page, officer: User, sign_in: Any) -> None:
    days = [f"2021-05-{n:02}" for n in range(12, 16)]
    sign_in(page, officer)
    page.route("**/map/timeline", lambda route: route.fulfill(json={"days": days, "counts": [1, 0, 2, 1]}))
    moments: list[str] = []
    page.on("request", lambda request: moments.append(request.url) if "/features" in request.url else None)
    open_map(page, "/map/?communes.status=all")
    slider = page.locator("#map-time input[type=range]")
    expect(slider).to_have_attribute("aria-valuetext", "15/05/2021: 1 ca mới")
    page.locator("[data-map=back]").click()
    expect(page.locator("#map-at")).to_have_value("14/05/2021")
    slider.press("Home")
    expect(page.locator(".map-past")).to_contain_text("12/05/2021")
    page.locator("[data-map=play]").click()
    expect(page.locator("[data-map=play]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".map-past")).to_be_hidden(timeout=20_000)
    expect(page.locator("[data-map=play]")).to_have_attribute("aria-pressed", "false")
    assert "at" not in asked(page)
    for day in days[:-1]:
        assert sum(f"at={day}" in moment for moment in moments) == 1, "a day of the past is asked for once"
    # Outlines that are drawn already are not loaded again with every day.
    assert all("have=" in moment for moment in moments[1:])


def test_a_picture_has_title_moment_and_legend(
    page: Page, officer: User, sign_in: Any, tmp_path: Path
) -> None:
    sign_in(page, officer)
    page.add_init_script(
        "const of = CanvasRenderingContext2D.prototype; const fill = of.fillText; window.written = [];"
        "of.fillText = function (text, ...rest) { window.written.push(text); return fill.call(this, text, ...rest); };"
    )
    open_map(page)
    page.get_by_role("button", name="Chia sẻ").click()
    with page.expect_download() as taken:
        page.locator("[data-map=picture]").click()
    taken.value.save_as(tmp_path / "map.png")
    picture = plt.imread(tmp_path / "map.png")
    assert picture.shape[0] > picture.shape[1] * 0.5 > 700
    # The commune with a case stands in its colour in the middle of the map.
    colours = {tuple(int(255 * part) for part in pixel[:3]) for pixel in picture[::20, ::20].reshape(-1, 4)}
    assert (254, 217, 118) in colours
    written = " ".join(page.evaluate("window.written"))
    for words in ("Bản đồ dịch tễ", "đến hết ngày 15/05/2021", "lẻ tẻ (1)", "Tuyến Đầu"):
        assert words in written
    assert "Nội Hoàng" not in written


def test_on_paper_there_is_the_picture_with_its_legend(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    open_map(page)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#map-print canvas")).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#map-print canvas")).to_have_count(0)


def test_one_layer_fails_and_the_others_stand(
    page: Page, officer: User, sign_in: Any, expected_errors: list[str]
) -> None:
    expected_errors += ["status of 500"]
    sign_in(page, officer)
    page.route("**/layers/dots/features*", lambda route: route.fulfill(status=500, body="no"))
    with another_layer():
        open_map(page, f"{ADDRESS}&layers=communes,dots")
    expect(page.locator("#layer-dots [role=alert]")).to_be_visible()
    expect(page.locator("#layer-communes .map-count")).to_have_text("2")
    page.mouse.move(*at(page))
    expect(page.locator(".map-tooltip-label")).to_contain_text("Xã Nội Hoàng")


def test_the_map_stands_where_its_ground_cannot_be_reached(
    page: Page, officer: User, sign_in: Any, expected_errors: list[str], settings: Any
) -> None:
    expected_errors += ["net::ERR_FAILED"]
    settings.BASEMAP = basemap.load({"TUYENDAU_MAP_TILES": "/nowhere/{z}/{x}/{y}.png"})
    sign_in(page, officer)
    page.route("**/nowhere/**", lambda route: route.abort())
    open_map(page)
    expect(page.locator(".map-ground-status")).to_be_visible()
    expect(page.locator("#layer-communes .map-count")).to_have_text("2")
    page.locator("[data-map=ground]").uncheck()
    assert asked(page)["ground"] == ["off"]
