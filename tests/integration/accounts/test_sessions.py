"""How long a session lasts, and passwords that must be changed."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from tests.factories import PASSWORD, UnitFactory, make_user
from tuyendau.core.accounts import actions
from tuyendau.core.accounts.models import User
from tuyendau.core.audit.queries import events_of
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db
OTHER = "con trâu đi trước"


@pytest.fixture
def nurse() -> User:
    cache.clear()
    return make_user("hoa", "commune_officer", unit=UnitFactory(), full_name="Đỗ Thị Hoa")


@pytest.fixture
def inside(nurse: User) -> Client:
    client = Client()
    client.force_login(nurse)
    return client


def turn_back(client: Client, **seconds: float) -> None:
    """Let the session have begun, or been used last, so many seconds earlier."""
    session = client.session
    for name, value in seconds.items():
        session[name] -= value
    session.save()


def is_in(client: Client, **headers: str) -> bool:
    return client.get("/people/", headers=headers).status_code == 200


def test_an_idle_session_ends(inside: Client) -> None:
    turn_back(inside, seen=3590)
    assert is_in(inside)
    turn_back(inside, seen=3601)
    assert not is_in(inside)
    assert not is_in(inside)


def test_a_session_ends_after_twelve_hours_however_busy(inside: Client) -> None:
    turn_back(inside, begun=12 * 3600 - 5)
    assert is_in(inside)
    turn_back(inside, begun=6)
    assert not is_in(inside)


def test_a_page_that_keeps_itself_fresh_keeps_no_session(inside: Client) -> None:
    turn_back(inside, seen=3000)
    for headers in ({"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "cors", "X-Idle": "900"}):
        assert is_in(inside, **headers)
        assert inside.get("/accounts/session/", headers=headers).json()["left"] <= 600
    assert is_in(inside, **{"Sec-Fetch-Mode": "cors", "X-Idle": "3"})
    assert inside.get("/accounts/session/").json()["left"] > 3500


def test_staying_is_one_press(inside: Client) -> None:
    turn_back(inside, seen=3400)
    asked = {"Sec-Fetch-Mode": "cors", "X-Idle": "3400"}
    assert inside.get("/accounts/session/", headers=asked).json()["left"] <= 200
    assert inside.post("/accounts/session/", headers=asked).json()["left"] > 3500


def enter(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": "hoa", "password": password})


def test_one_signs_out_everywhere_else(nurse: User) -> None:
    here, there = Client(), Client()
    enter(here)
    enter(there)
    assert UserSession.objects.count() == 2
    assert len(here.get("/accounts/2fa/").context["sessions"]) == 2
    here.post("/accounts/sessions/end/")
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_one_time_password_opens_only_the_choice_of_another(nurse: User) -> None:
    actions.set_password("hoa", password=OTHER, one_time=True, by=None, at=clock.now())
    client = Client()
    enter(client, OTHER)
    assert client.get("/people/").headers["Location"] == "/accounts/password/change/"
    assert client.get("/api/v1/me").json()["code"] == "password_due"
    change = {"oldpassword": OTHER, "password1": "ao cá sau nhà", "password2": "ao cá sau nhà"}
    client.post("/accounts/password/change/", change)
    assert is_in(client)
    nurse.refresh_from_db()
    assert not nurse.must_change_password
    assert "user.password_changed" in {event.kind for event in events_of(f"user:{nurse.pk}")}


@pytest.mark.parametrize(
    "password", ["ngắn quá", "matkhau123", "123456aA@2021", "1029384756102", "dothihoa!7x"]
)
def test_weak_passwords_are_refused(nurse: User, inside: Client, password: str) -> None:
    change = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    answer = inside.post("/accounts/password/change/", change)
    assert answer.status_code == 200
    assert answer.context["form"].errors["password1"]
    nurse.refresh_from_db()
    assert nurse.check_password(PASSWORD)


def test_changing_ends_the_other_sessions(nurse: User) -> None:
    here, there = Client(), Client()
    enter(here)
    enter(there)
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER})
    assert (is_in(here), is_in(there)) == (True, False)
