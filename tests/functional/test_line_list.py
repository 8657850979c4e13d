"""The line list in a real browser: columns, views, filters, decisions on many; and a case typed by keyboard alone.

With TUYENDAU_SCREENSHOTS=docs/images the pictures of the documentation are taken on the way.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import CaseFactory, PersonFactory, UnitFactory, make_user
from tests.functional.conftest import SignIn
from tuyendau.core.lists.models import SavedView
from tuyendau.core.places.models import UnitLevel
from tuyendau.records.cases.models import Case

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segments"),
]
MOST_KEYS = 150
"""A case takes so many presses at most: at three a second, 50 seconds."""


class World:
    def __init__(self) -> None:
        province = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Bắc Giang")
        district = UnitFactory(level=UnitLevel.DISTRICT, name="Huyện Việt Yên", parent=province)
        self.commune = UnitFactory(parent=district, name="Xã Tự Lạn")
        for n, name in enumerate(("Đỗ Thị Hà", "Trần Văn Ba", "Lê Thị Tư")):
            person = PersonFactory(full_name=name, unit=self.commune, birth_year=1980 + n)
            CaseFactory(code=f"BG{n}", person=person, onset_on=date(2021, 5, 10 + n))
        self.user = make_user("dich_te", "epidemiologist", unit=province)


@pytest.fixture
def world() -> World:
    return World()


def names(page: Page) -> list[str]:
    return page.locator("tbody tr td[data-label='Họ và tên'] a").all_inner_texts()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("TUYENDAU_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / name)


def test_columns_views_filters_and_decisions_on_many(page: Page, sign_in: SignIn, world: World) -> None:
    sign_in(page, world.user)
    page.goto("/cases/")
    # Columns by keyboard: "Kết quả" goes, "Tuổi" goes up one place.
    page.locator("#columns > summary").focus()
    page.keyboard.press("Enter")
    page.locator("#columns input[value=result]").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Tuổi: lên trên").focus()
    page.keyboard.press("Enter")
    page.locator("#columns select").first.select_option("-onset")
    page.locator("#columns button[type=submit]").click()
    expect(page.locator("th a", has_text="Kết quả")).to_have_count(0)
    heads = page.locator("thead th").all_inner_texts()
    assert heads.index("Tuổi") < heads.index("Giới tính")
    assert names(page) == ["Lê Thị Tư", "Trần Văn Ba", "Đỗ Thị Hà"]
    # A view of it opens the list from now on.
    page.locator("#views > summary").click()
    page.locator("#view-name").fill("Khởi phát gần đây")
    page.locator("#views input[name=first]").check()
    page.get_by_role("button", name="Lưu chế độ xem").click()
    expect(page.locator(".alert-success")).to_contain_text("Khởi phát gần đây")
    assert "order=-onset" in SavedView.objects.get().query
    page.goto("/cases/")
    expect(page).to_have_url(re.compile("view=view_"))
    # A filter is a chip that takes itself away, and the columns stay.
    page.locator("#id_q").fill("ba")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=ba.*order=-onset|order=-onset.*q=ba"))
    page.locator(".chip", has_text="ba").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    _decide(page)


def _decide(page: Page) -> None:
    page.locator("[data-all]").check()
    expect(page.locator("[data-chosen-count]")).to_have_text("đã chọn 3")
    page.locator("tbody tr", has_text="Trần Văn Ba").locator("[data-row]").uncheck()
    expect(page.locator("[data-chosen-count]")).to_have_text("đã chọn 2")
    shot(page, "line-list.png")
    page.get_by_role("button", name="Quyết định các ca này").click()
    page.get_by_label("có thể").check()
    page.locator("#id_ground").fill("lâm sàng, chờ mẫu")
    page.get_by_role("button", name="Quyết định 2 ca").click()
    expect(page.locator("#batch")).to_contain_text("Đã xong 2 / 2")
    assert Case.objects.filter(status="probable").count() == 2


def test_a_phone_shows_cards_and_never_scrolls_sideways(phone: Page, sign_in: SignIn, world: World) -> None:
    sign_in(phone, world.user)
    for address in (
        "/cases/",
        "/cases/new/",
        "/cases/?col=company&col=lodging&col=note&col=phone&col=district",
    ):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, address
    phone.locator("#columns > summary").tap()
    box = phone.locator("#columns .tool-panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    phone.get_by_role("button", name="Công ty: xuống dưới").tap()
    phone.locator("#columns button[type=submit]").tap()
    expect(phone).to_have_url(re.compile("col=lodging&col=company"))


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def type(self, text: str) -> None:
        self.presses += len(text)
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)

    def fields(self, *texts: str | None) -> None:
        """Type into one field after the other; None passes one by, "…" in front chooses in a list by its letters."""
        for text in texts:
            if text:
                self.type(text)
            self.press("Tab")


def test_a_case_is_typed_by_keyboard_alone(page: Page, sign_in: SignIn, world: World) -> None:
    sign_in(page, world.user)
    page.goto("/cases/new/")
    expect(page.locator("#id_full_name")).to_be_focused()
    keys = Keys(page)
    keys.fields(
        "Nguyen Thi Hoa", "n", "1990", "0912345678", None, "tu lan", "thon 3", None, None, "x", "10052021"
    )
    keys.fields("sot, ho", "12052021", "13052021", None)
    keys.type("goi dien")
    keys.press("Control+Enter")
    # The first tracing of a process compiles its kernels.
    expect(page.locator(".alert-success")).to_contain_text("Nguyen Thi Hoa", timeout=60_000)
    case = Case.objects.select_related("person", "unit").get(person__full_name="Nguyen Thi Hoa")
    assert (case.status, case.unit, case.person.sex, case.person.birth_year) == (
        "confirmed",
        world.commune,
        "F",
        1990,
    )
    assert [str(day) for day in (case.onset_on, case.sampled_on, case.result_on)] == [
        "2021-05-10", "2021-05-12", "2021-05-13",
    ]  # fmt: skip
    assert set(case.details["symptoms"]) == {"fever", "cough"}
    assert keys.presses <= MOST_KEYS
    # The next one is in the same place: a name and Enter.
    expect(page.locator("#id_commune")).to_have_value("tu lan")
    expect(page.locator("#id_full_name")).to_be_focused()
    keys.type("Tran Van Moi")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/cases/case_"))
    assert Case.objects.get(person__full_name="Tran Van Moi").unit == world.commune


def test_somebody_on_record_is_chosen_by_arrow_and_enter(page: Page, sign_in: SignIn, world: World) -> None:
    known: Any = PersonFactory(
        full_name="Nguyễn Thị Hoa", unit=world.commune, birth_year=1990, phone="+84912345678"
    )
    sign_in(page, world.user)
    page.goto("/cases/new/")
    keys = Keys(page)
    keys.fields("Nguyễn Thị Hoa", None, "1990", "0912345678", None)
    keys.type("tu lan")
    keys.press("Enter")
    expect(page.locator("#alike")).to_contain_text("Nguyễn Thị Hoa")
    keys.press("Space")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/cases/case_"))
    assert Case.objects.get(person=known).status == "suspected"
