"""Devices and their keys: what a key opens, from when to when, and who may make one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.factories import SiteFactory, UnitFactory, make_user
from tuyendau.access import Denied, Grant, Permission, ScopeKind, Viewer
from tuyendau.core.accounts import actions
from tuyendau.core.accounts.models import Device, DeviceKey
from tuyendau.core.accounts.queries import device_key_in_force
from tuyendau.core.accounts.rules import keys
from tuyendau.core.audit.queries import events_of
from tuyendau.core.places.models import Site, SiteKind

pytestmark = pytest.mark.django_db
AT = datetime(2021, 5, 20, 3, tzinfo=UTC)
ME = "/api/v1/me"


@pytest.fixture
def company() -> Site:
    return SiteFactory(code="CT1", name="Công ty Một", kind=SiteKind.COMPANY, unit=UnitFactory())


@pytest.fixture
def gate(company: Site) -> Site:
    return SiteFactory(code="C1", name="Cổng chính", kind=SiteKind.GATE, parent=company, unit=company.unit)


def over(site: Site, role: str = "company_officer") -> Viewer:
    return Viewer(1, (Grant(role, ScopeKind.SITE, str(site.path)),))


@pytest.fixture
def made(gate: Site, company: Site) -> tuple[Device, keys.Key]:
    return actions.add_device("Máy quét cổng chính", gate, viewer=over(company), by=None, at=AT)


def ask(key: object, where: str = ME) -> Any:
    return Client().get(where, headers={"Authorization": f"Bearer {key}"})


def test_a_key_says_who_asks(made: tuple[Device, keys.Key]) -> None:
    device, key = made
    answer = ask(key)
    assert answer.status_code == 200
    assert answer.json() == {
        "kind": "device",
        "id": device.public_id,
        "name": "Máy quét cổng chính",
        "roles": [{"role": "gate_device", "kind": "site", "code": "C1", "name": "Cổng chính"}],
    }
    assert DeviceKey.objects.get().last_used_on is not None


def test_a_device_records_at_its_site_and_sees_nobody(made: tuple[Device, keys.Key], gate: Site) -> None:
    viewer = ask(made[1]).wsgi_request.viewer
    assert viewer.paths(Permission.VISIT_RECORD, ScopeKind.SITE) == (gate.path,)
    assert {p for p in Permission if viewer.may(p)} == {Permission.VISIT_RECORD}


def test_a_user_is_told_who_they_are(company: Site) -> None:
    user = make_user("an", "company_officer", site=company, full_name="Trần Văn An")
    client = Client()
    client.force_login(user)
    told = client.get(ME).json()
    assert told["kind"] == "user"
    assert told["id"] == user.public_id
    assert told["name"] == "Trần Văn An"
    assert [(held["role"], held["code"]) for held in told["roles"]] == [("company_officer", "CT1")]


def test_what_is_not_a_key_in_force_is_refused_in_one_form(made: tuple[Device, keys.Key]) -> None:
    _, key = made
    for wrong in (
        "",
        "tdk",
        f"{key}x",
        str(key)[:-1] + ("0" if key.secret[-1] != "0" else "1"),
        str(keys.new()),
    ):
        answer = ask(wrong)
        assert answer.status_code == 401
        assert answer.json()["code"] == "unknown_asker"
        assert answer.json()["fields"] == {}
    assert Client().get(ME).status_code == 401
    assert Client().get(ME, headers={"Authorization": f"Basic {key}"}).status_code == 401


def test_a_key_opens_no_page(made: tuple[Device, keys.Key]) -> None:
    assert ask(made[1], "/visits/scan/").status_code == 302


def test_a_revoked_key_and_a_closed_device_are_refused_at_once(
    made: tuple[Device, keys.Key], company: Site
) -> None:
    device, first = made
    second = actions.new_key(device, viewer=over(company), by=None, at=AT)
    assert ask(second).status_code == 200
    actions.revoke_key(device, first.key_id, viewer=over(company), by=None, at=AT)
    assert (ask(first).status_code, ask(second).status_code) == (401, 200)
    actions.close_device(device, viewer=over(company), by=None, at=AT)
    assert ask(second).status_code == 401
    kinds = sorted(event.kind for event in events_of(device.public_id))
    assert kinds == ["device.added", "device.closed", *["device.key_made"] * 2, *["device.key_revoked"] * 2]


def test_a_locked_key_is_the_same_key(made: tuple[Device, keys.Key]) -> None:
    with transaction.atomic():
        found = device_key_in_force(made[1].key_id, lock=True)
    assert found is not None
    assert found.device == made[0]


def test_the_secret_is_kept_nowhere(made: tuple[Device, keys.Key]) -> None:
    kept = DeviceKey.objects.get()
    assert made[1].secret.encode() not in bytes(kept.digest)
    assert made[1].secret not in str([event.data for event in events_of(made[0].public_id)])


def test_nobody_makes_a_device_elsewhere(gate: Site, company: Site) -> None:
    stranger = SiteFactory(kind=SiteKind.COMPANY, unit=company.unit)
    with pytest.raises(actions.DeviceRefused):
        actions.add_device("x", gate, viewer=over(stranger), by=None, at=AT)
    with pytest.raises(Denied):
        actions.add_device("x", gate, viewer=over(company, "clinician"), by=None, at=AT)
    assert not Device.objects.exists()


def test_what_cannot_be_is_refused(made: tuple[Device, keys.Key], company: Site, gate: Site) -> None:
    device, _ = made
    viewer = over(company)
    with pytest.raises(actions.DeviceRefused):
        actions.add_device("   ", gate, viewer=viewer, by=None, at=AT)
    with pytest.raises(actions.DeviceRefused):
        actions.revoke_key(device, "nothing", viewer=viewer, by=None, at=AT)
    actions.close_device(device, viewer=viewer, by=None, at=AT)
    with pytest.raises(actions.DeviceRefused):
        actions.new_key(device, viewer=viewer, by=None, at=AT)


def test_the_description_is_for_who_is_known(made: tuple[Device, keys.Key], company: Site) -> None:
    assert Client().get("/api/v1/openapi.json").status_code == 401
    described = ask(made[1], "/api/v1/openapi.json").json()
    assert described["paths"]["/api/v1/me"]["get"]["responses"]["4XX"]
    client = Client()
    client.force_login(make_user("an", "company_officer", site=company))
    page = client.get("/api/v1/docs").content.decode()
    assert "/api/v1/me" in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("HTTP", "").split("<body", 1)[0]


def test_what_does_not_exist_is_said_as_json(made: tuple[Device, keys.Key]) -> None:
    answer = ask(made[1], "/api/v1/nothing")
    assert answer.status_code == 404


def test_the_pages_make_list_and_close(company: Site, gate: Site) -> None:
    client = Client()
    client.force_login(make_user("an", "company_officer", site=company))
    page = client.post("/devices/new/", {"name": "Máy 1", "site": gate.public_id})
    assert page.status_code == 200
    key = page.context["key"]
    assert "<svg" in page.content.decode()
    assert ask(key).status_code == 200
    device = Device.objects.get()
    listed = client.get("/devices/").context["rows"]
    assert [(each.name, each.key_count, old) for each, old in listed] == [("Máy 1", 1, False)]
    shown = client.get(f"/devices/{device.public_id}/").content.decode()
    assert key not in shown
    assert key.split("_")[1] in shown
    client.post(f"/devices/{device.public_id}/keys/{key.split('_')[1]}/revoke/")
    assert ask(key).status_code == 401
    client.post(f"/devices/{device.public_id}/close/")
    assert client.get("/devices/").context["rows"] == []
    assert len(client.get("/devices/", {"closed": "1"}).context["rows"]) == 1


def test_the_pages_show_nobody_elses_devices(made: tuple[Device, keys.Key], company: Site) -> None:
    stranger = SiteFactory(kind=SiteKind.COMPANY, unit=company.unit)
    client = Client()
    client.force_login(make_user("la", "company_officer", site=stranger))
    assert client.get("/devices/").context["rows"] == []
    assert client.get(f"/devices/{made[0].public_id}/").status_code == 404
    refused = client.post("/devices/new/", {"name": "x", "site": made[0].site.public_id})
    assert refused.status_code == 422
    assert Device.objects.count() == 1
