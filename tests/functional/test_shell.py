"""The frame of every page: signing in, the language, the menu, what is said when a request fails."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from tuyendau.core.accounts import actions
from tuyendau.core.accounts.adapter import AccountAdapter
from tuyendau.core.accounts.models import User
from tuyendau.core.places.models import Unit
from tuyendau.records.people.models import Person

pytestmark = pytest.mark.browser
PASSWORD = "song-hong-mua-lu"


@pytest.fixture
def officer(transactional_db: None) -> User:
    """An epidemiologist of a whole province in which one person lives."""
    province = Unit.objects.create(
        code="24", level=1, name="Tỉnh Thử", folded="tinh thu", path="/1/", valid_from=date(2020, 1, 1)
    )
    Person.objects.create(
        code="CN1", full_name="Đỗ Thị Hà", folded="do thi ha", phone="+84912345678", unit=province
    )
    return actions.add_user(
        "hoa",
        password=PASSWORD,
        full_name="Nguyễn Thị Hoa",
        role="epidemiologist",
        unit=province.code,
        by=None,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def enter(page: Page, name: str, password: str) -> None:
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(password)
    page.locator("main .btn-primary[type=submit]").click()


def test_a_wrong_password_is_refused_in_plain_words(page: Page, officer: User) -> None:
    page.goto("/accounts/login/")
    enter(page, "hoa", "wrong")
    with translation.override("vi"):
        expect(page.get_by_role("alert")).to_have_text(
            str(AccountAdapter.error_messages["username_password_mismatch"])
        )
    expect(page.locator("#id_login")).to_have_value("hoa")
    expect(page.locator("#id_password")).to_have_value("")


def test_the_right_password_opens_the_page_that_was_asked_for(page: Page, officer: User) -> None:
    page.goto("/people/")
    enter(page, "hoa", PASSWORD)
    page.wait_for_url("**/people/")
    expect(page.locator(".menu-user-name")).to_have_text("Nguyễn Thị Hoa")
    page.locator(".menu-foot form[action$='logout/'] button").click()
    page.wait_for_url("**/accounts/login/")


def test_the_language_changes_and_stays_with_the_user(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    page.goto("/people/")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    officer.refresh_from_db()
    assert officer.language == "en"


def test_on_a_phone_the_menu_opens_and_nothing_is_wider_than_the_screen(
    phone: Page, officer: User, sign_in: Any
) -> None:
    sign_in(phone, officer)
    phone.goto("/people/")
    entry = phone.locator(".navbar a[href='/people/']")
    expect(entry).to_be_hidden()
    phone.locator(".navbar-toggler").tap()
    expect(entry).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_without_scripts_the_menu_stands_open(
    browser: Any, live_server: Any, officer: User, sign_in: Any
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    sign_in(page, officer)
    page.goto("/people/?q=ha+do")
    expect(page.locator(".navbar a[href='/people/']")).to_be_visible()
    expect(page.get_by_role("link", name="Đỗ Thị Hà")).to_be_visible()
    context.close()


def test_typing_finds_people_and_the_address_keeps_the_search(
    page: Page, officer: User, sign_in: Any
) -> None:
    sign_in(page, officer)
    page.goto("/people/")
    page.locator("#id_q").press_sequentially("khong co")
    expect(page.locator("#rows .empty")).to_be_visible()
    page.locator("#id_q").fill("hà đỗ")
    expect(page.locator("#rows a", has_text="Đỗ Thị Hà")).to_be_visible()
    page.wait_for_url("**/people/?q=h%C3%A0*")
    page.reload()
    expect(page.locator("#rows a", has_text="Đỗ Thị Hà")).to_be_visible()


def test_the_page_of_a_person_brings_in_what_hangs_on_them(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    page.goto("/people/")
    page.get_by_role("link", name="Đỗ Thị Hà").click()
    expect(page.locator("h2.page-title")).to_have_text("Đỗ Thị Hà")
    expect(page.locator("[hx-trigger=load] .card-header")).to_have_count(7)
    page.emulate_media(media="print")
    expect(page.locator("aside")).to_be_hidden()
    expect(page.locator("[data-print]")).to_be_hidden()


@pytest.mark.parametrize(("status", "attribute"), [(500, "data-fail-server"), (403, "data-fail-denied")])
def test_a_request_that_fails_is_told_of(
    page: Page, officer: User, sign_in: Any, expected_errors: list[str], status: int, attribute: str
) -> None:
    expected_errors += [f"status of {status}", "Response Status Error"]
    sign_in(page, officer)
    page.goto("/people/")
    page.route("**/people/?q=*", lambda route: route.fulfill(status=status, body="no"))
    page.locator("#id_q").fill("ha")
    told = page.locator("body").get_attribute(attribute)
    assert told
    expect(page.locator("#toasts .toast-body")).to_have_text(told)
    expect(page.locator("#rows a", has_text="Đỗ Thị Hà")).to_be_visible()


def test_a_network_that_fails_is_told_of(
    page: Page, officer: User, sign_in: Any, expected_errors: list[str]
) -> None:
    expected_errors += ["net::ERR", "htmx:"]
    sign_in(page, officer)
    page.goto("/people/")
    page.route("**/people/?q=*", lambda route: route.abort())
    page.locator("#id_q").fill("ha")
    told = page.locator("body").get_attribute("data-fail-network")
    assert told
    expect(page.locator("#toasts .toast-body")).to_have_text(told)


def test_a_session_that_ended_leads_to_the_sign_in_page(page: Page, officer: User, sign_in: Any) -> None:
    sign_in(page, officer)
    page.goto("/people/")
    page.context.clear_cookies()
    page.locator("#id_q").fill("ha")
    page.wait_for_url("**/accounts/login/?next=*")
    expect(page.locator("#id_login")).to_be_visible()


def test_where_the_page_may_not_be_opened_it_says_so(
    page: Page, officer: User, sign_in: Any, expected_errors: list[str]
) -> None:
    expected_errors += ["status of 403", "status of 404"]
    sign_in(page, officer)
    page.goto("/people/person_0000000000000/")
    expect(page.locator("main .btn-primary")).to_be_visible()
    officer.memberships.update(valid_to=date(2026, 2, 1))
    response = page.goto("/people/")
    assert response is not None
    assert response.status == 403
    page.goto("/")
    expect(page.locator("main form[action$='logout/']")).to_be_visible()
