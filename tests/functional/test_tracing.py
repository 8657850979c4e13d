"""A tracer's first minute, in a real browser: from a positive test to the list, on desktop and phone.

With TUYENDAU_SCREENSHOTS=docs/images the pictures of the documentation are taken on the way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import SignIn
from tuyendau.config import demonstration
from tuyendau.core.accounts.models import User
from tuyendau.demo import load as demo
from tuyendau.demo.plan import Plan
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("segments"),
]


PLAN = Plan() if os.environ.get("TUYENDAU_SCREENSHOTS") else Plan(scale=0.01, course=3)


@pytest.fixture
def epidemiologist(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[User]:
    """The demonstration, loaded, with the pages at its moment; its epidemiologist of the province."""
    settings.VAR = tmp_path
    before = clock._followed
    clock.follow(tmp_path / demonstration.CLOCK)
    demo.load(PLAN)
    yield User.objects.get(username="dichte")
    clock._followed = before


def picture(page: Page, name: str) -> None:
    """Keep a picture for the documentation where a folder for them is named."""
    if folder := os.environ.get("TUYENDAU_SCREENSHOTS"):
        page.wait_for_timeout(500)
        page.screenshot(path=Path(folder) / f"{name}.png")


def waiting() -> Case:
    """The suspected case with a positive result that waits for confirmation."""
    return Case.objects.filter(status=CaseStatus.SUSPECTED, result_on__isnull=False).earliest(
        "-result_on", "id"
    )


def test_from_a_positive_test_to_the_list(page: Page, sign_in: SignIn, epidemiologist: User) -> None:
    case = waiting()
    sign_in(page, epidemiologist)
    page.goto("/map/")
    expect(page.locator("#map[data-state=ready]")).to_be_visible(timeout=20_000)
    picture(page, "map")
    page.goto("/cases/")
    picture(page, "cases")
    page.get_by_role("link", name=case.person.full_name).click()
    picture(page, "case")
    page.locator("form[action*=confirmed] button[type=submit]").click()
    expect(page).to_have_url(re.compile(f"/contacts/case/{case.public_id}/"))
    rows = page.locator("#rows tbody tr")
    expect(rows.first).to_be_visible()
    picture(page, "contacts")

    total = rows.count()
    close = page.locator("a.card-link").first
    shown = int(close.locator(".h1").inner_text())
    close.click()
    expect(rows).to_have_count(shown)
    assert 0 < shown <= total
    page.locator(".site-counts a").first.click()
    expect(page).to_have_url(re.compile("site=site_"))
    assert 0 < rows.count() <= shown

    with page.expect_download() as download:
        page.locator("a[href*='export.xlsx']").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_list_on_a_phone(phone: Page, sign_in: SignIn, epidemiologist: User) -> None:
    case = Case.objects.filter(status=CaseStatus.CONFIRMED, contacts__isnull=False).first()
    assert case is not None
    sign_in(phone, epidemiologist)
    phone.goto(f"/contacts/case/{case.public_id}/")
    expect(phone.locator("#rows tbody tr").first).to_be_visible()
    picture(phone, "contacts-phone")
    for path in (
        f"/cases/{case.public_id}/",
        f"/cases/{case.public_id}/presence/",
        "/cases/",
        "/visits/scan/",
    ):
        phone.goto(path)
        phone.wait_for_load_state("networkidle")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_presence_recorded_later_is_announced_and_taken_in(
    page: Page, sign_in: SignIn, epidemiologist: User
) -> None:
    """Somebody is scanned in where the case was: the open list says that it would change, and takes it in."""
    from tests.factories import PersonFactory, stay
    from tuyendau.records.contacts.models import Exposure

    exposure = Exposure.objects.select_related("contact__case", "site").filter(site__isnull=False).first()
    assert exposure is not None
    assert exposure.site is not None
    assert exposure.first is not None
    assert exposure.last is not None
    case = exposure.contact.case
    guest = PersonFactory(full_name="Khách Đến Muộn", unit=case.unit)
    stay(guest, exposure.site, exposure.first, exposure.last)
    sign_in(page, epidemiologist)
    page.goto(f"/contacts/case/{case.public_id}/")
    page.locator("form[action*='/trace/'] button").click()
    expect(page.locator(".alert-success")).to_be_visible()
    page.goto(f"/contacts/case/{case.public_id}/?q=khach+den+muon")
    expect(page.locator("#rows").get_by_role("link", name="Khách Đến Muộn")).to_be_visible()


def test_dates_are_typed_as_digits(page: Page, sign_in: SignIn, epidemiologist: User) -> None:
    sign_in(page, epidemiologist)
    page.goto("/cases/")
    field = page.locator("input[name=from]")
    field.press_sequentially("05062021")
    expect(field).to_have_value("05/06/2021")
    field.fill("")
    field.press_sequentially("5/6/2021")
    expect(field).to_have_value("5/6/2021")
