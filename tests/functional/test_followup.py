"""A commune nurse's day on a telephone, in a real browser: the list, three doors, an order; and its signature.

With TUYENDAU_SCREENSHOTS=docs/images the pictures of the documentation are taken on the way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tests.integration.followup.conftest import NOW, TODAY, Field
from tuyendau.lib import clock
from tuyendau.records.followup.models import Check, FollowUp, Result
from tuyendau.records.orders import actions
from tuyendau.records.orders.models import Office, Order, State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def field(live_server: Any, tmp_path: Path) -> Iterator[Field]:
    """Four close contacts of a case in a commune, at a moment of May 2021."""
    before = clock._followed
    (tmp_path / "clock").write_text(clock.Scenario(clock.real_now(), NOW).to_text())
    clock.follow(tmp_path / "clock")
    field = Field()
    for n, name in enumerate(("Thân Thị Lành", "Ngô Văn Vắng", "Đỗ Thị Sốt", "Giáp Văn Nhà")):
        person = field.person(full_name=name, phone="+84912345678", address="Thôn Núi Hiểu", birth_year=1990)
        field.meets(person, TODAY - timedelta(days=n + 1))
    with transaction.atomic():
        field.told()
    yield field
    clock._followed = before


def picture(page: Page, name: str) -> None:
    """Keep a picture for the documentation where a folder for them is named."""
    if folder := os.environ.get("TUYENDAU_SCREENSHOTS"):
        page.wait_for_timeout(500)
        page.screenshot(path=Path(folder) / f"{name}.png")


def of(name: str) -> FollowUp:
    return FollowUp.objects.get(person__full_name=name, ended_at__isnull=True)


def test_a_commune_nurses_day(phone: Page, sign_in: SignIn, field: Field) -> None:
    sign_in(phone, field.officer)
    phone.goto("/followup/?degree=1")
    lines = phone.locator("article.work")
    expect(lines).to_have_count(4)
    expect(phone.get_by_role("link", name="Gọi 0912 345 678").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    picture(phone, "followup")

    # The first door: well. A slip of the thumb is taken back and made good.
    lanh = lines.filter(has_text="Thân Thị Lành")
    lanh.get_by_role("button", name="Đã gặp, khỏe").click()
    lanh.get_by_role("button", name="Hoàn tác").click()
    lanh.get_by_role("button", name="Đã gặp, khỏe").click()
    expect(lanh.get_by_role("button", name="Hoàn tác")).to_be_visible()
    assert list(Check.objects.filter(withdrawn_at__isnull=True).values_list("result", flat=True)) == ["well"]

    # Nobody opens the second.
    vang = lines.filter(has_text="Ngô Văn Vắng")
    vang.get_by_role("button", name="Không gặp được").click()
    expect(vang.get_by_role("button", name="Hoàn tác")).to_be_visible()

    # The slip of the thumb may be seen later: the undo is also under what was seen today.
    phone.goto("/followup/?degree=1&show=done")
    lanh.get_by_role("button", name="Hoàn tác").click()
    expect(lanh.get_by_role("button", name="Đã gặp, khỏe")).to_be_visible()
    phone.goto("/followup/?degree=1")
    lanh.get_by_role("button", name="Đã gặp, khỏe").click()
    expect(lanh.get_by_role("button", name="Hoàn tác")).to_be_visible()

    # Behind the third there is fever: the form, and the alarm at the head of the list.
    lines.filter(has_text="Đỗ Thị Sốt").get_by_role("link", name="Triệu chứng").click()
    phone.get_by_text("sốt", exact=True).click()
    phone.get_by_label("Nhiệt độ, °C").fill("38,6")
    phone.get_by_role("button", name="Ghi nhận").click()
    expect(phone.locator(".alert-warning")).to_contain_text("Đỗ Thị Sốt")
    expect(lines.first).to_contain_text("Đỗ Thị Sốt")
    sick = of("Đỗ Thị Sốt")
    assert (sick.result, sick.alarm_at is not None) == (Result.SYMPTOMATIC, True)

    # What was done ends the alarm.
    phone.get_by_role("link", name="Đỗ Thị Sốt").click()
    phone.get_by_placeholder("Đã lấy mẫu, đã chuyển viện …").fill("Đã lấy mẫu")
    phone.get_by_role("button", name="Đã xử lý").click()
    expect(phone.locator(".alert-success")).to_be_visible()

    # The fourth stays at home under an order.
    phone.goto(f"/followup/{of('Giáp Văn Nhà').public_id}/")
    picture(phone, "followup-person")
    phone.get_by_role("link", name="Soạn quyết định").click()
    phone.get_by_text("tại nhà", exact=True).click()
    phone.get_by_role("button", name="Lưu bản thảo").click()
    expect(phone.locator("article.official")).to_contain_text("Giáp Văn Nhà")
    draft = Order.objects.get()
    assert (draft.state, draft.person.full_name, draft.ends_on) == (
        State.DRAFT, "Giáp Văn Nhà", TODAY - timedelta(days=4) + timedelta(days=21),
    )  # fmt: skip


def test_the_district_signs_and_the_paper_is_one_page(page: Page, sign_in: SignIn, field: Field) -> None:
    person = of("Giáp Văn Nhà").person
    terms = actions.Draft(
        "quarantine", "covid19", TODAY, TODAY + timedelta(days=14), "home", address="Thôn Núi Hiểu"
    )  # type: ignore[arg-type]
    actions.draft_order(person, terms, viewer=field.viewer(field.officer), by=field.officer, at=NOW)
    sign_in(page, field.chief)
    page.goto("/orders/sign/")
    page.get_by_role("button", name="Ký các quyết định đã chọn").click()
    expect(page).to_have_url(re.compile("/orders/$"))
    expect(page.locator(".alert-success")).to_contain_text("01/QĐ-UBND")
    order = Order.objects.get()
    assert (order.state, order.signed_office) == (State.SIGNED, Office.VICE_CHAIR)
    page.goto(f"/orders/{order.public_id}/record/")
    expect(page.locator("main")).to_contain_text(order.digest)
    picture(page, "order-record")
    page.add_init_script("window.print = () => {}")
    page.goto(f"/orders/{order.public_id}/print/")
    picture(page, "order")
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
