"""Accounts in a real browser: a code from an app, a passkey of a virtual authenticator, users and devices."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tuyendau.core.accounts import actions
from tuyendau.core.accounts.models import Device, User
from tuyendau.core.places.models import Site, SiteKind, Unit

pytestmark = pytest.mark.browser
PASSWORD = "song-hong-mua-lu"
AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def admin(transactional_db: None) -> User:
    """An administrator of a province with a commune and a company that has a gate."""
    cache.clear()
    province = Unit.objects.create(
        code="24", level=1, name="Tỉnh Thử", folded="tinh thu", path="/1/", valid_from=date(2020, 1, 1)
    )
    commune = Unit.objects.create(
        code="07777", level=3, name="Xã Hoàng Ninh", folded="xa hoang ninh", path="/1/2/", parent=province,
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    company = Site.objects.create(
        code="SM", kind=SiteKind.COMPANY, setting=1, name="Công ty Sao Mai", path="/1/", unit=commune
    )
    Site.objects.create(
        code="SM-C1",
        kind=SiteKind.GATE,
        setting=1,
        name="Cổng số 1",
        path="/1/2/",
        unit=commune,
        parent=company,
    )
    return actions.add_user(
        "quan",
        password=PASSWORD,
        full_name="Lê Văn Quân",
        role="province_administrator",
        unit="24",
        by=None,
        at=AT,
    )


@pytest.fixture
def local(page: Page, live_server: Any) -> str:
    """The server's address by name: a passkey belongs to a name, not to a number."""
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def authenticator(page: Page) -> None:
    """A virtual authenticator that holds passkeys and knows its user."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def enter(page: Page, base: str = "") -> None:
    page.goto(f"{base}/accounts/login/")
    page.locator("#id_login").fill("quan")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main .btn-primary[type=submit]").click()


def sign_out(page: Page) -> None:
    page.locator(".menu-foot form[action$='logout/'] button").click()
    page.wait_for_url("**/accounts/login/")


def code_of(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def test_a_code_from_an_app_is_set_up_and_asked_for(page: Page, admin: User) -> None:
    enter(page)
    page.goto("/accounts/2fa/")
    page.locator("a[href$='totp/activate/']").click()
    expect(page.locator("img.qr")).to_be_visible()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    page.locator("summary").click()
    secret = page.locator("#totp-secret").inner_text()
    page.locator("#id_code").fill(code_of(secret))
    page.locator("main .btn-primary[type=submit]").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    page.goto("/accounts/2fa/")
    sign_out(page)
    enter(page)
    page.wait_for_url("**/authenticate/")
    page.locator("#id_code").fill(code_of(secret, 1))
    page.locator("main .btn-primary[type=submit]").click()
    page.wait_for_url(lambda url: "authenticate" not in url)
    expect(page.locator(".menu-user-name")).to_have_text("Lê Văn Quân")


def test_a_passkey_opens_without_a_password_and_beside_it(
    page: Page, admin: User, authenticator: None, local: str
) -> None:
    enter(page, local)
    page.goto(f"{local}/accounts/2fa/webauthn/add/")
    page.locator("#id_name").fill("Máy tính của Quân")
    page.locator("form[data-passkey] button").click()
    page.wait_for_url("**/recovery-codes/")
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    page.goto(f"{local}/accounts/2fa/")
    expect(page.get_by_text("Máy tính của Quân")).to_be_visible()
    sign_out(page)
    page.locator("form[data-passkey=login] button").click()
    page.wait_for_url(lambda url: "login" not in url)
    expect(page.locator(".menu-user-name")).to_have_text("Lê Văn Quân")
    sign_out(page)
    enter(page, local)
    page.wait_for_url("**/authenticate/")
    page.locator("form[data-passkey=get] button").click()
    page.wait_for_url(lambda url: "authenticate" not in url)
    expect(page.locator(".menu-user-name")).to_have_text("Lê Văn Quân")


def test_an_administrator_makes_a_user_at_a_place_found_by_typing(page: Page, admin: User) -> None:
    enter(page)
    page.goto("/users/new/")
    page.locator("#id_full_name").fill("Đỗ Thị Hòa")
    page.locator("#id_username").fill("dothihoa")
    page.locator("#id_role").select_option("commune_officer")
    page.locator("#id_words").fill("hoang")
    page.locator("#places input[type=radio]").check()
    page.locator("main .btn-primary[type=submit]").click()
    expect(page.locator("#one-time")).to_be_visible()
    made = User.objects.get(username="dothihoa")
    assert made.check_password(page.locator("#one-time").inner_text())
    page.goto("/users/?q=hoa")
    expect(page.get_by_role("link", name="Đỗ Thị Hòa")).to_be_visible()


def test_a_device_gets_a_key_that_is_shown_once(page: Page, admin: User) -> None:
    enter(page)
    page.goto("/devices/new/")
    page.locator("#id_name").fill("Cổng 1, máy trái")
    page.locator("#id_words").fill("cong so")
    expect(page.locator("#sites input[type=radio]")).to_have_count(1)
    page.locator("#sites input[type=radio]").check()
    page.locator("main .btn-primary[type=submit]").click()
    expect(page.locator(".qr svg")).to_be_visible()
    key = page.locator("#key").inner_text()
    device = Device.objects.get()
    page.goto(f"/devices/{device.public_id}/")
    assert key not in page.content()


def test_before_a_session_ends_the_page_says_so_and_one_press_keeps_it(page: Page, admin: User) -> None:
    page.clock.install()
    enter(page)
    page.goto("/accounts/2fa/")
    page.wait_for_load_state("networkidle")
    page.route("**/accounts/session/", lambda route: route.fulfill(json={"left": 100}))
    page.clock.run_for(61_000)
    stay = page.locator("#toasts .toast-body button")
    expect(stay).to_be_visible()
    with page.expect_request(lambda request: request.method == "POST"):
        stay.click()
    expect(stay).to_have_count(0)


@pytest.mark.parametrize(
    "where", ["/accounts/2fa/", "/users/", "/users/new/", "/devices/", "/accounts/2fa/totp/activate/"]
)
def test_on_a_phone_nothing_is_wider_than_the_screen(
    phone: Page, admin: User, sign_in: Any, where: str
) -> None:
    sign_in(phone, admin)
    phone.goto(where)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
