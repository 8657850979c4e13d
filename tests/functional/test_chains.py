"""The chains in a real browser: they are drawn, followed with keys, folded, decided on, and taken away as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.integration.chains.conftest import Outbreak
from tuyendau.records.chains.models import Standing

pytestmark = pytest.mark.browser


@pytest.fixture
def drawn(transactional_db: None) -> Outbreak:
    outbreak = Outbreak()
    outbreak.compute()
    return outbreak


def open_chains(page: Page, asked: str = "") -> None:
    page.goto(f"/chains/{asked}")
    page.wait_for_selector("#chains[data-state=ready]", timeout=30_000)


def test_keys_go_along_the_chains_and_open_the_card(page: Page, drawn: Outbreak, sign_in: Any) -> None:
    sign_in(page, drawn.officer)
    open_chains(page)
    said = page.locator(".chain-said")
    page.locator(".chain-canvas").focus()
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("BN01")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("← BN01")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press(" ")
    expect(said).to_contain_text("3 cases folded in")
    page.keyboard.press("Enter")
    expect(page.locator("#chain-card h3")).to_have_text(drawn.a.person.full_name)


def test_a_case_is_found_and_its_infector_decided(page: Page, drawn: Outbreak, sign_in: Any) -> None:
    sign_in(page, drawn.officer)
    open_chains(page)
    page.locator(".chain-search").fill("bn04")
    page.keyboard.press("Enter")
    card = page.locator("#chain-card")
    expect(card.locator("h3")).to_have_text(drawn.d.person.full_name)
    card.get_by_text("Decide who infected this case").click()
    card.locator("[name=infector]").select_option("another")
    card.locator("[name=another]").fill("BN02")
    card.locator("[name=reason]").fill("Cùng phòng trọ")
    card.get_by_role("button", name="Decide").click()
    expect(card.locator(".alert-success")).to_be_visible()
    expect(page.locator("#chains[data-renewed]")).to_be_attached()
    expect(page.locator(".chain-said")).to_contain_text("← BN02")
    assert Standing.objects.get(case=drawn.d).infector == drawn.b


def test_the_drawing_is_taken_as_a_picture(page: Page, drawn: Outbreak, sign_in: Any, tmp_path: Path) -> None:
    sign_in(page, drawn.officer)
    open_chains(page)
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Picture (PNG)").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.suffix == ".png"
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > 10_000


def test_a_phone_shows_it_without_scrolling_sideways(phone: Page, drawn: Outbreak, sign_in: Any) -> None:
    sign_in(phone, drawn.officer)
    open_chains(phone, f"?case={drawn.b.public_id}")
    expect(phone.locator("#chain-card h3")).to_have_text(drawn.b.person.full_name)
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
