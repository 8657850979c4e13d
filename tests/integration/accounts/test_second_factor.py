"""A second factor: set up, asked for, lost; and who goes nowhere without one."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from tests.factories import PASSWORD, UnitFactory, make_user
from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.queries.locks import locked_until
from tuyendau.core.audit.queries import events_of
from tuyendau.core.places.models import UnitLevel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_locks() -> None:
    cache.clear()


@pytest.fixture
def doctor() -> User:
    return make_user("hoa", "epidemiologist", unit=UnitFactory(level=UnitLevel.PROVINCE))


def code_of(secret: str, ahead: int = 0) -> str:
    """The code that an app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def set_up(client: Client, django_capture: Any = None) -> str:
    page = client.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    assert secret in page.content.decode()
    assert "data:image/svg+xml" in page.content.decode()
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def enter(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": "hoa", "password": password})


@pytest.fixture
def guarded(doctor: User, django_capture_on_commit_callbacks: Any) -> tuple[User, str, list[str]]:
    """The doctor with a code set up: the secret, and the recovery codes."""
    client = Client()
    enter(client)
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(client)
    return doctor, secret, list(client.get("/accounts/2fa/recovery-codes/").context["unused_codes"])


def test_the_password_alone_no_longer_opens(guarded: tuple[User, str, list[str]]) -> None:
    _, secret, _codes = guarded
    client = Client()
    assert enter(client).headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/people/").headers["Location"].startswith("/accounts/login/")
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/people/").status_code == 302
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert answer.status_code == 302
    assert client.get("/people/").status_code == 200


def test_a_code_opens_once(guarded: tuple[User, str, list[str]]) -> None:
    code = code_of(guarded[1], 1)
    first, second = Client(), Client()
    for client in (first, second):
        enter(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
    assert first.get("/people/").status_code == 200
    assert second.get("/people/").status_code == 302


def test_a_recovery_code_opens_once(guarded: tuple[User, str, list[str]]) -> None:
    code = guarded[2][0]
    assert len(guarded[2]) == 10
    for opens in (True, False):
        client = Client()
        enter(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert (client.get("/people/").status_code == 200) is opens


def test_wrong_codes_lock_and_the_right_one_waits(guarded: tuple[User, str, list[str]]) -> None:
    doctor, secret, codes = guarded
    client = Client()
    enter(client)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "123123"})
    for code in (code_of(secret, 1), codes[0]):
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert client.get("/people/").status_code == 302
    assert doctor.pk in locked_until([doctor])


def test_the_secret_is_not_readable_in_the_database(guarded: tuple[User, str, list[str]]) -> None:
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert guarded[1] not in kept
    assert not any(code in kept for code in guarded[2])


def test_what_was_set_up_is_on_record(guarded: tuple[User, str, list[str]]) -> None:
    kinds = {event.kind for event in events_of(f"user:{guarded[0].pk}")}
    assert "user.factor_added" in kinds


def test_after_a_while_one_proves_again_who_one_is(guarded: tuple[User, str, list[str]]) -> None:
    client = Client()
    client.force_login(guarded[0])
    session = client.session
    session["begun"] -= 600
    session.save()
    assert "reauthenticate" in client.get("/accounts/2fa/totp/deactivate/").headers["Location"]
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of(guarded[1], 1)})
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200


@pytest.mark.parametrize(("grace", "where"), [(0, "/accounts/2fa/"), (None, None), (100_000, None)])
def test_a_role_that_asks_for_it_leads_to_its_setting_up(
    doctor: User, settings: Any, grace: int | None, where: str | None
) -> None:
    settings.SECOND_FACTOR_GRACE = grace
    client = Client()
    client.force_login(doctor)
    assert client.get("/people/").headers.get("Location") == where
    htmx = client.get("/people/", headers={"HX-Request": "true"})
    assert htmx.headers.get("HX-Redirect") == where
    assert client.get("/api/v1/me").status_code == (403 if where else 200)
    assert client.get("/accounts/2fa/").status_code == 200


def test_who_has_one_goes_on_and_back_without_it(
    guarded: tuple[User, str, list[str]], settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SECOND_FACTOR_GRACE = 0
    client = Client()
    client.force_login(guarded[0])
    assert client.get("/people/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert client.get("/people/").headers["Location"] == "/accounts/2fa/"


def test_other_roles_are_not_asked(settings: Any) -> None:
    settings.SECOND_FACTOR_GRACE = 0
    client = Client()
    client.force_login(make_user("lan", "commune_officer", unit=UnitFactory()))
    assert client.get("/people/").status_code == 200
