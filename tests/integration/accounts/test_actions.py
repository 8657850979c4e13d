"""Accounts are made, closed and changed: what that does to whoever is signed in, and that it is on record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from tests.factories import PASSWORD, SiteFactory, UnitFactory, make_user
from tuyendau.core.accounts import actions
from tuyendau.core.accounts.models import Membership, User
from tuyendau.core.accounts.queries import accounts, viewer_of
from tuyendau.core.audit.queries import events_of
from tuyendau.core.places.models import SiteKind, Unit
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db
AT = datetime(2021, 5, 20, 3, tzinfo=UTC)
TODAY = date(2021, 5, 20)
OTHER = "con trâu đi trước"


@pytest.fixture
def unit() -> Unit:
    return UnitFactory(code="24", level=1)


@pytest.fixture
def nurse(unit: Unit) -> User:
    return make_user("hoa", "commune_officer", unit=unit)


@pytest.fixture
def boss(unit: Unit) -> User:
    return make_user("boss", "epidemiologist", unit=unit)


def sees(client: Client) -> bool:
    return client.get("/people/").status_code == 200


def enter(client: Client, password: str) -> bool:
    return "/inactive/" not in (
        client.post("/accounts/login/", {"login": "hoa", "password": password}).headers.get(
            "Location", "/inactive/"
        )
    )


def kinds(user: User) -> list[tuple[str, object]]:
    return [(event.kind, event.by) for event in events_of(f"user:{user.pk}")]


def test_a_closed_account_ends_its_sessions_and_opens_no_other(
    client: Client, nurse: User, boss: User
) -> None:
    assert enter(client, PASSWORD)
    assert sees(client)
    actions.disable_user("hoa", by=boss, at=AT)
    assert client.get("/people/").headers["Location"] == "/accounts/login/?next=/people/"
    assert not enter(Client(), PASSWORD)
    actions.enable_user("HOA", by=boss, at=AT)
    assert enter(Client(), PASSWORD)
    assert kinds(nurse) == [("user.disabled", boss), ("user.enabled", boss)]


def test_another_password_ends_sessions(client: Client, nurse: User, boss: User) -> None:
    assert enter(client, PASSWORD)
    actions.set_password("hoa", password=OTHER, by=boss, at=AT)
    assert not sees(client)
    assert not enter(Client(), PASSWORD)
    assert enter(client, OTHER)
    assert sees(client)
    assert kinds(nurse) == [("user.password_set", boss)]
    assert OTHER not in str(events_of(f"user:{nurse.pk}").values())


def test_roles_end_for_who_is_signed_in(client: Client, nurse: User) -> None:
    client.force_login(nurse)
    assert sees(client)
    ended = actions.end_roles("hoa", by=None, at=clock.now())
    assert [membership.role for membership in ended] == ["commune_officer"]
    assert client.get("/people/").status_code == 403
    assert "no_role.html" in [template.name for template in client.get("/").templates]
    assert kinds(nurse) == [("user.role_ended", None)]


def test_a_role_takes_the_place_of_another(nurse: User, unit: Unit) -> None:
    site = SiteFactory(code="SK", kind=SiteKind.COMPANY)
    actions.give_role("hoa", role="company_officer", site="SK", by=None, at=AT)
    assert [(g.role, g.path) for g in viewer_of(nurse, on=TODAY).grants] == [("company_officer", site.path)]
    before = viewer_of(nurse, on=TODAY - timedelta(days=1))
    assert [(g.role, g.path) for g in before.grants] == [("commune_officer", unit.path)]
    assert [kind for kind, _by in kinds(nurse)] == ["user.role_ended", "user.role_given"]


def test_a_role_can_be_held_beside_another_once(nurse: User, unit: Unit) -> None:
    actions.give_role("hoa", role="epidemiologist", unit="24", keep=True, by=None, at=AT)
    assert {g.role for g in viewer_of(nurse, on=TODAY).grants} == {"commune_officer", "epidemiologist"}
    with pytest.raises(actions.UserRefused):
        actions.give_role("hoa", role="epidemiologist", unit="24", keep=True, by=None, at=AT)
    assert Membership.objects.count() == 2


def test_a_role_may_end_on_the_day_it_began_and_before_it_begins(nurse: User, unit: Unit) -> None:
    nurse.memberships.all().delete()
    actions.give_role("hoa", role="epidemiologist", unit="24", by=None, at=AT)
    later = TODAY + timedelta(days=9)
    Membership.objects.create(user=nurse, role="commune_officer", unit=unit, valid_from=later)
    actions.end_roles("hoa", by=None, at=AT)
    for day in (TODAY, later, later + timedelta(days=1)):
        assert viewer_of(nurse, on=day).grants == ()
    assert Membership.objects.count() == 2


def test_what_cannot_be_is_refused_and_changes_nothing(nurse: User) -> None:
    refused = [
        lambda: actions.disable_user("nobody", by=None, at=AT),
        lambda: actions.enable_user("hoa", by=None, at=AT),
        lambda: actions.set_password("hoa", password="12345", by=None, at=AT),
        lambda: actions.give_role("hoa", role="company_officer", site="none", by=None, at=AT),
        lambda: actions.add_user("HOA", password=OTHER, full_name="Hoa", role="epidemiologist", unit="24",
                                 by=None, at=AT),
        lambda: actions.add_user("hai từ", password=OTHER, full_name="Hoa", role="epidemiologist", unit="24",
                                 by=None, at=AT),
    ]  # fmt: skip
    for act in refused:
        with pytest.raises(actions.UserRefused):
            act()
    nurse.refresh_from_db()
    assert nurse.is_active
    assert nurse.check_password(PASSWORD)
    assert len(viewer_of(nurse, on=TODAY).grants) == 1
    assert User.objects.count() == 1
    assert kinds(nurse) == []


def test_accounts_are_listed_with_what_they_hold_now(nurse: User, boss: User) -> None:
    actions.end_roles("boss", by=None, at=AT)
    listed = [(user.username, len(user.memberships.all())) for user in accounts(on=TODAY)]
    assert listed == [("boss", 0), ("hoa", 1)]
