"""Signing in and out, and what is shown where that is not possible."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import PASSWORD, UnitFactory, make_user
from tuyendau.config.signins import Signin
from tuyendau.core.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse() -> User:
    return make_user("hoa", "commune_officer", unit=UnitFactory())


def enter(client: Client, name: str, password: str, **more: Any) -> Any:
    return client.post("/accounts/login/", {"login": name, "password": password, **more})


def test_who_signs_in_starts_with_what_is_due(client: Client, nurse: User) -> None:
    assert enter(client, "hoa", PASSWORD).headers["Location"] == "/"
    assert "home/start.html" in [template.name for template in client.get("/").templates]


def test_who_has_no_role_is_told_so(client: Client, nurse: User) -> None:
    nurse.memberships.all().delete()
    client.force_login(nurse)
    response = client.get("/")
    assert response.status_code == 200
    assert "no_role.html" in [template.name for template in response.templates]


@pytest.mark.parametrize(("name", "password"), [("hoa", "not-the-one"), ("nobody", PASSWORD), ("", "")])
def test_wrong_sign_ins_stay_on_the_page_without_the_password(
    client: Client, nurse: User, name: str, password: str
) -> None:
    response = enter(client, name, password)
    assert response.status_code == 200
    assert not response.wsgi_request.user.is_authenticated
    if password:
        assert password not in response.content.decode()


def test_many_wrong_passwords_lock_even_the_right_one_out(client: Client, nurse: User) -> None:
    for _ in range(12):
        enter(client, "hoa", "wrong")
    response = enter(client, "hoa", PASSWORD)
    assert not response.wsgi_request.user.is_authenticated


def test_an_office_behind_one_address_is_not_locked_out_by_its_mistakes(client: Client, nurse: User) -> None:
    for number in range(40):
        enter(client, f"colleague-{number % 10}", "wrong")
    assert enter(client, "hoa", PASSWORD).status_code == 302


def test_one_address_cannot_try_without_end(client: Client, nurse: User) -> None:
    for number in range(100):
        enter(client, f"guess-{number}", "wrong")
    assert enter(client, "hoa", PASSWORD).status_code == 200
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert enter(other, "hoa", PASSWORD).status_code == 302


def test_addresses_are_told_apart_behind_a_trusted_proxy(client: Client, nurse: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(100):
        # What the caller writes itself stands before what the proxy adds.
        enter(
            Client(headers={"x-forwarded-for": f"10.9.9.{number}, 203.0.113.9"}), f"guess-{number}", "wrong"
        )
    theirs, ours = (Client(headers={"x-forwarded-for": ip}) for ip in ("203.0.113.9", "203.0.113.10"))
    assert enter(theirs, "hoa", PASSWORD).status_code == 200
    assert enter(ours, "hoa", PASSWORD).status_code == 302


def test_other_names_of_the_machine_give_no_further_attempts(nurse: User) -> None:
    for port in range(12):
        enter(Client(headers={"host": f"localhost:{8000 + port}"}), "HOA", "wrong")
    response = enter(Client(headers={"host": "127.0.0.1"}), "hoa", PASSWORD)
    assert not response.wsgi_request.user.is_authenticated


def test_a_closed_account_is_told_that_it_is_closed(client: Client, nurse: User) -> None:
    User.objects.update(is_active=False)
    response = client.get(enter(client, "hoa", PASSWORD).headers["Location"])
    assert "account/account_inactive.html" in [template.name for template in response.templates]


def test_a_page_that_needs_sign_in_leads_there_and_back(client: Client, nurse: User) -> None:
    asked = client.get("/people/?q=ha")
    assert asked.headers["Location"] == "/accounts/login/?next=/people/%3Fq%3Dha"
    assert enter(client, "hoa", PASSWORD, next="/people/?q=ha").headers["Location"] == "/people/?q=ha"


def test_nobody_is_led_to_another_site(client: Client, nurse: User) -> None:
    assert enter(client, "hoa", PASSWORD, next="//elsewhere.example/").headers["Location"] == "/"
    language = {"language": "en", "next": "https://elsewhere.example/"}
    assert client.post("/accounts/language/", language).headers["Location"] == "/"


def test_the_language_is_kept_with_who_has_not_signed_in(client: Client) -> None:
    assert client.get("/accounts/login/").headers["Content-Language"] == "vi"
    client.post("/accounts/language/", {"language": "en", "next": "/accounts/login/"})
    assert client.get("/accounts/login/").headers["Content-Language"] == "en"
    assert client.post("/accounts/language/", {"language": "xx"}).status_code == 400


def test_sign_ins_are_shown_in_the_demonstration_only(client: Client, settings: Any) -> None:
    assert "tre-lua-sen" not in client.get("/accounts/login/").content.decode()
    settings.TUYENDAU_DEMO_SIGNINS = [Signin("cdc", "tre-lua-sen", "Dịch tễ", "Epidemiologist")]
    shown = client.get("/accounts/login/", headers={"host": "localhost"}).content.decode()
    assert "tre-lua-sen" in shown
    assert "Dịch tễ" in shown
    for elsewhere in ({}, {"host": "localhost", "x-forwarded-for": "203.0.113.9"}):
        assert "tre-lua-sen" not in client.get("/accounts/login/", headers=elsewhere).content.decode()


def test_signing_out_asks_first_and_then_leaves(client: Client, nurse: User) -> None:
    client.force_login(nurse)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert client.get("/people/").status_code == 302


def test_what_is_not_there_and_what_is_denied_are_pages(client: Client, nurse: User) -> None:
    client.force_login(nurse)
    missing = client.get("/no/such/page/")
    assert (missing.status_code, missing.templates[0].name) == (404, "404.html")
    denied = client.get("/imports/")
    assert (denied.status_code, denied.templates[0].name) == (403, "403.html")


def test_an_error_is_a_page_that_needs_nothing(
    client: Client, nurse: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    client.force_login(nurse)
    client.raise_request_exception = False
    monkeypatch.setattr("tuyendau.records.people.queries.people_page", fails)
    response = client.get("/people/")
    assert response.status_code == 500
    assert "<h1>" in response.content.decode()


def test_an_expired_form_is_told_of(nurse: User) -> None:
    client = Client(enforce_csrf_checks=True)
    response = enter(client, "hoa", PASSWORD)
    assert (response.status_code, response.templates[0].name) == (403, "403_csrf.html")
