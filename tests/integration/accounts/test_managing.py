"""An administrator's pages: who is shown, who may give what over which places, and what two do together."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from tests.factories import PASSWORD, SiteFactory, UnitFactory, make_user
from tuyendau.core.accounts import actions
from tuyendau.core.accounts.models import Membership, User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.queries import events_of
from tuyendau.core.places.models import Site, SiteKind, Unit, UnitLevel
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db


class Office:
    """A province with two administrators, a nurse of a commune and a company; another province with its own."""

    def __init__(self) -> None:
        self.province: Unit = UnitFactory(
            level=UnitLevel.PROVINCE, code="24", name="Tỉnh Nhà", folded="tinh nha"
        )
        self.commune: Unit = UnitFactory(parent=self.province, name="Xã Hoàng Ninh", folded="xa hoang ninh")
        self.company: Site = SiteFactory(
            kind=SiteKind.COMPANY, unit=self.commune, name="Công ty Sao Mai", code="SM"
        )
        self.abroad: Unit = UnitFactory(level=UnitLevel.PROVINCE, code="01", name="Tỉnh Xa", folded="tinh xa")
        self.binh = make_user("binh", "province_administrator", unit=self.province)
        self.chi = make_user("chi", "province_administrator", unit=self.province)
        self.nurse = make_user("hoa", "commune_officer", unit=self.commune, full_name="Đỗ Thị Hòa")
        self.stranger = make_user("xa", "commune_officer", unit=self.abroad)


@pytest.fixture
def office() -> Office:
    cache.clear()
    return Office()


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def binh(office: Office) -> Client:
    return as_(office.binh)


def roles(user: User) -> set[str]:
    return {grant.role for grant in viewer_of(user, on=clock.local_day(clock.now())).grants}


def listed(client: Client, **chosen: str) -> list[str]:
    return [user.username for user in client.get("/users/", chosen).context["page"].object_list]


def give(client: Client, user: User, role: str, place: Unit | Site, **more: str) -> Any:
    kind = "unit" if isinstance(place, Unit) else "site"
    sent = {"role": role, "place": f"{kind}:{place.pk}", **more}
    return client.post(f"/users/{user.public_id}/roles/", sent)


def act(client: Client, user: User, what: str) -> Any:
    return client.post(f"/users/{user.public_id}/{what}/")


def test_the_list_shows_ones_own_province_and_narrows(office: Office, binh: Client) -> None:
    assert set(listed(binh)) == {"binh", "chi", "hoa"}
    assert listed(binh, q="do thi") == ["hoa"]
    assert listed(binh, role="commune_officer") == ["hoa"]
    assert listed(binh, place="hoang ninh") == ["hoa"]
    assert listed(binh, state="closed") == []
    assert listed(binh, factor="yes") == []
    Authenticator.objects.create(user=office.nurse, type="totp", data={"secret": ""})
    assert listed(binh, factor="yes") == ["hoa"]


def test_the_list_asks_as_many_questions_for_fifty_as_for_five(
    office: Office, binh: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(50):
        make_user(f"u{number}", "commune_officer", unit=office.commune)
    with django_assert_max_num_queries(22):
        assert binh.get("/users/").status_code == 200


def test_a_new_user_comes_in_with_a_password_shown_once(office: Office, binh: Client) -> None:
    sent = {
        "username": "tam", "full_name": "Lê Thị Tâm", "language": "vi", "role": "commune_officer",
        "place": f"unit:{office.commune.pk}",
    }  # fmt: skip
    page = binh.post("/users/new/", sent)
    assert page.status_code == 200
    made = User.objects.get(username="tam")
    password = page.context["password"]
    assert made.must_change_password
    assert made.check_password(password)
    assert roles(made) == {"commune_officer"}
    assert password not in binh.get(f"/users/{made.public_id}/").content.decode()
    entered = Client()
    entered.post("/accounts/login/", {"login": "tam", "password": password})
    assert entered.get("/").headers["Location"] == "/accounts/password/change/"
    assert {e.kind for e in events_of(f"user:{made.pk}")} == {"user.added"}
    assert [event.kind for event, _ in binh.get(f"/users/{made.public_id}/").context["history"]] == [
        "user.added"
    ]


@pytest.mark.parametrize("place", ["abroad", "company", "none", ""])
def test_a_new_user_works_at_a_fitting_place_of_the_province(
    office: Office, binh: Client, place: str
) -> None:
    named = {"abroad": f"unit:{office.abroad.pk}", "company": f"site:{office.company.pk}", "none": "unit:x"}
    sent = {
        "username": "tam", "full_name": "Tâm", "language": "vi", "role": "commune_officer",
        "place": named.get(place, ""),
    }  # fmt: skip
    assert binh.post("/users/new/", sent).status_code == 422
    assert not User.objects.filter(username="tam").exists()


def test_roles_are_given_from_a_day_to_a_day(office: Office, binh: Client) -> None:
    assert give(binh, office.nurse, "company_officer", office.company).status_code == 302
    assert roles(office.nurse) == {"commune_officer", "company_officer"}
    hospital = SiteFactory(kind=SiteKind.HOSPITAL, unit=office.commune)
    later = {"begins": "01/01/2999", "ends": "01/02/2999"}
    assert give(binh, office.nurse, "clinician", hospital, **later).status_code == 302
    assert "clinician" not in roles(office.nurse)
    turned = {"begins": "01/02/2999", "ends": "01/01/2999"}
    assert give(binh, office.nurse, "laboratory", hospital, **turned).status_code == 422


def test_a_role_ends_at_once(office: Office, binh: Client) -> None:
    inside = as_(office.nurse)
    assert inside.get("/people/").status_code == 200
    number = office.nurse.memberships.get().pk
    binh.post(f"/users/{office.nurse.public_id}/roles/{number}/end/")
    assert inside.get("/people/").status_code == 403


def test_two_administrators_give_a_role_over_people(office: Office, binh: Client) -> None:
    give(binh, office.nurse, "epidemiologist", office.province)
    membership = Membership.objects.get(role="epidemiologist")
    assert membership.awaiting
    assert "epidemiologist" not in roles(office.nurse)
    where = f"/users/{office.nurse.public_id}/roles/{membership.pk}/approve/"
    binh.post(where)
    assert "epidemiologist" not in roles(office.nurse)
    chi = as_(office.chi)
    assert [each.pk for each in chi.get("/users/").context["awaiting"]] == [membership.pk]
    chi.post(where)
    assert "epidemiologist" in roles(office.nurse)
    membership.refresh_from_db()
    assert (membership.given_by, membership.approved_by) == (office.binh, office.chi)
    assert "user.role_approved" in {e.kind for e in events_of(f"user:{office.nurse.pk}")}


def test_a_new_user_with_such_a_role_waits_too(office: Office, binh: Client) -> None:
    sent = {
        "username": "bong", "full_name": "Bóng", "language": "vi", "role": "epidemiologist",
        "place": f"unit:{office.province.pk}",
    }  # fmt: skip
    binh.post("/users/new/", sent)
    assert roles(User.objects.get(username="bong")) == set()


def test_who_is_to_get_a_role_does_not_approve_it(office: Office, binh: Client) -> None:
    give(binh, office.chi, "auditor", office.province)
    membership = Membership.objects.get(role="auditor")
    as_(office.chi).post(f"/users/{office.chi.public_id}/roles/{membership.pk}/approve/")
    assert "auditor" not in roles(office.chi)


def test_nobody_changes_their_own_account(office: Office, binh: Client) -> None:
    give(binh, office.binh, "commune_officer", office.commune)
    assert roles(office.binh) == {"province_administrator"}
    for what in ("close", "password", "reset-factor"):
        act(binh, office.binh, what)
    office.binh.refresh_from_db()
    assert office.binh.is_active
    assert office.binh.check_password(PASSWORD)


def test_another_provinces_people_are_not_there(office: Office, binh: Client) -> None:
    assert binh.get(f"/users/{office.stranger.public_id}/").status_code == 404
    assert act(binh, office.stranger, "close").status_code == 404
    assert give(binh, office.nurse, "commune_officer", office.abroad).status_code == 422


def test_who_works_for_two_provinces_is_closed_by_neither_alone(office: Office, binh: Client) -> None:
    Membership.objects.create(
        user=office.nurse, role="commune_officer", unit=office.abroad, valid_from=clock.local_day(clock.now())
    )
    act(binh, office.nurse, "close")
    office.nurse.refresh_from_db()
    assert office.nurse.is_active
    abroad = Membership.objects.get(user=office.nurse, unit=office.abroad)
    binh.post(f"/users/{office.nurse.public_id}/roles/{abroad.pk}/end/")
    abroad.refresh_from_db()
    assert abroad.valid_to is None


def test_closing_signing_out_and_opening(office: Office, binh: Client) -> None:
    inside = Client()
    inside.post("/accounts/login/", {"login": "hoa", "password": PASSWORD})
    assert inside.get("/people/").status_code == 200
    act(binh, office.nurse, "sign-out")
    assert inside.get("/people/").status_code == 302
    act(binh, office.nurse, "close")
    assert not User.objects.get(pk=office.nurse.pk).is_active
    act(binh, office.nurse, "open")
    assert User.objects.get(pk=office.nurse.pk).is_active


def test_a_lock_is_seen_and_undone(office: Office, binh: Client) -> None:
    for _ in range(5):
        Client().post("/accounts/login/", {"login": "hoa", "password": "wrong"})
    assert binh.get(f"/users/{office.nurse.public_id}/").context["locked"]
    assert office.nurse.pk in binh.get("/users/").context["locked"]
    act(binh, office.nurse, "unlock")
    assert not binh.get(f"/users/{office.nurse.public_id}/").context["locked"]
    inside = Client()
    inside.post("/accounts/login/", {"login": "hoa", "password": PASSWORD})
    assert inside.get("/people/").status_code == 200


def test_a_lost_second_factor_is_reset(office: Office, binh: Client) -> None:
    Authenticator.objects.create(user=office.nurse, type="totp", data={"secret": ""})
    act(binh, office.nurse, "reset-factor")
    assert not Authenticator.objects.exists()
    assert "user.factor_reset" in {e.kind for e in events_of(f"user:{office.nurse.pk}")}


def test_dangerous_acts_ask_again_and_then_go_on(office: Office, binh: Client) -> None:
    session = binh.session
    session["begun"] -= 600
    session.save()
    where = f"/users/{office.nurse.public_id}/close/"
    asked = binh.post(where)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    office.nurse.refresh_from_db()
    assert office.nurse.is_active
    binh.post(asked.headers["Location"], {"password": PASSWORD, "next": where})
    office.nurse.refresh_from_db()
    assert not office.nurse.is_active


def test_places_are_those_that_the_role_is_held_over(office: Office, binh: Client) -> None:
    def told(role: str, words: str = "") -> list[str]:
        found = binh.get("/users/places/", {"role": role, "words": words}).context["places"]
        return [each["name"] for each in found]

    assert told("commune_officer", "hoang") == ["Xã Hoàng Ninh"]
    assert told("epidemiologist") == ["Tỉnh Nhà"]
    assert told("company_officer", "sm") == ["Công ty Sao Mai"]
    assert told("company_officer", "ninh") == []
    assert told("nothing") == []


def test_the_terminal_approves_and_resets(office: Office, binh: Client) -> None:
    give(binh, office.nurse, "auditor", office.province)
    membership = Membership.objects.get(role="auditor")
    actions.approve_role(office.nurse, membership.pk, viewer=None, by=None, at=clock.now())
    assert "auditor" in roles(office.nurse)
    with pytest.raises(actions.UserRefused):
        actions.reset_second_factor(office.nurse, viewer=None, by=None, at=clock.now())
