"""The page of one's own keys for tools."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import UnitFactory, make_user
from tuyendau.core.accounts import actions
from tuyendau.core.accounts.actions.toolkeys import MOST
from tuyendau.core.accounts.models import ToolKey, User
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.accounts.rules import keys
from tuyendau.core.audit.models import Event
from tuyendau.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user("dichte", "epidemiologist", unit=UnitFactory.create(level=1, code="24"))


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make(client: Client, **fields: Any) -> Any:
    return client.post("/keys/new/", {"name": "QGIS", "days": "30"} | fields)


def test_a_key_is_shown_once_and_only_its_digest_is_kept(client: Client) -> None:
    answer = make(client)
    shown = re.search(r"tdu_[a-z0-9]+_[a-z0-9]+", answer.content.decode())
    assert shown is not None
    kept = ToolKey.objects.get()
    sent = keys.read(f"Bearer {shown[0]}")
    assert sent is not None
    assert sent.is_of(bytes(kept.digest))
    assert shown[0] not in client.get("/keys/").content.decode()
    assert Event.objects.get(kind="user.key_made").data == {"key": kept.key_id, "days": 30}


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "x" * 81}, {"days": "4000"}, {"days": ""}])
def test_what_is_wrong_is_told_and_nothing_is_lost(client: Client, fields: dict[str, str]) -> None:
    answer = make(client, **fields)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not ToolKey.objects.exists()
    if "days" in fields:
        assert 'value="QGIS"' in answer.content.decode()


def test_nobody_has_too_many(client: Client, user: User) -> None:
    viewer = viewer_of(user, on=clock.local_day(clock.now()))
    for n in range(MOST):
        actions.make_tool_key(f"QGIS {n}", days=7, viewer=viewer, by=user, at=clock.now())
    assert make(client).status_code == 422
    assert ToolKey.objects.count() == MOST


def test_a_key_is_revoked_by_its_owner_alone(client: Client, user: User) -> None:
    make(client)
    key = ToolKey.objects.get()
    other = Client()
    other.force_login(make_user("khac", "epidemiologist", unit=UnitFactory.create(level=1, code="01")))
    other.post(f"/keys/{key.key_id}/revoke/")
    assert ToolKey.objects.filter(revoked_at__isnull=True).exists()
    client.post(f"/keys/{key.key_id}/revoke/")
    assert not ToolKey.objects.filter(revoked_at__isnull=True).exists()
    assert Event.objects.filter(kind="user.key_revoked", by=user).count() == 1


def test_one_sees_only_ones_own(client: Client) -> None:
    other = make_user("khac", "epidemiologist", unit=UnitFactory.create(level=1, code="01"))
    viewer = viewer_of(other, on=clock.local_day(clock.now()))
    actions.make_tool_key("Của người khác", days=7, viewer=viewer, by=other, at=clock.now())
    assert "Của người khác" not in client.get("/keys/").content.decode()
