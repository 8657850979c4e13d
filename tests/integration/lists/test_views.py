"""Views that are kept of a list: whose they are, what they keep, what a link shows to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CaseFactory, UnitFactory, make_user
from tuyendau.core.audit.models import Event
from tuyendau.core.lists.models import SavedView
from tuyendau.core.places.models import UnitLevel

pytestmark = pytest.mark.django_db


class World:
    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Bắc Giang")
        self.here, self.there = UnitFactory(parent=self.province), UnitFactory(parent=self.province)
        self.ours = CaseFactory(code="O1", person__unit=self.here, status="confirmed")
        self.theirs = CaseFactory(code="T1", person__unit=self.there, status="confirmed")
        self.an = self.user("an", "commune_officer", self.here)
        self.binh = self.user("binh", "commune_officer", self.here)
        self.chi = self.user("chi", "commune_officer", self.there)

    def user(self, name: str, role: str, unit: Any) -> Client:
        client = Client()
        client.force_login(make_user(name, role, unit=unit, language="en"))
        return client

    def save(self, client: Client, name: str, **more: Any) -> Any:
        data = {
            "list": "cases",
            "name": name,
            "query": "status=confirmed&col=onset&order=-onset&page=3",
        } | more
        return client.post(reverse("lists:save"), data, follow=True)


@pytest.fixture
def world() -> World:
    return World()


def names(client: Client) -> list[str]:
    return [view.name for view in client.get(reverse("cases:list"), {"view": "none"}).context["listed"].views]


def test_a_view_of_ones_own_is_seen_by_nobody_else(world):
    page = world.save(world.an, "Ca mới")
    view = SavedView.objects.get()
    assert view.query == "status=confirmed&col=onset&order=-onset"
    assert page.context["listed"].view == view
    assert [column.name for column in page.context["listed"].asked.columns] == ["name", "onset"]
    assert (names(world.an), names(world.binh)) == (["Ca mới"], [])
    for act in ("open", "change", "delete", "first"):
        method = world.binh.get if act == "open" else world.binh.post
        assert method(reverse(f"lists:{act}", args=[view.public_id])).status_code == 404


def test_a_view_of_a_team_is_seen_and_changed_by_all_of_it_and_by_no_other(world):
    world.save(world.an, "Của xã", team=f"unit-{world.here.pk}")
    view = SavedView.objects.get()
    assert (names(world.binh), names(world.chi)) == (["Của xã"], [])
    world.binh.post(reverse("lists:change", args=[view.public_id]), {"name": "Của xã ta"})
    assert names(world.an) == ["Của xã ta"]
    world.an.post(reverse("lists:delete", args=[view.public_id]))
    assert names(world.binh) == []
    kinds = Event.objects.filter(subject=view.public_id).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["view.saved", "view.changed", "view.deleted"]


def test_a_view_is_made_only_for_a_team_of_ones_own(world):
    page = world.save(world.an, "Trộm", team=f"unit-{world.there.pk}")
    assert "choose one of your own teams" in page.content.decode()
    assert not SavedView.objects.exists()


def test_a_role_that_ended_takes_the_views_of_the_team_with_it(world):
    world.save(world.an, "Của xã", team=f"unit-{world.here.pk}")
    from tuyendau.core.accounts.models import Membership

    Membership.objects.filter(user__username="binh").update(valid_to="2020-02-01")
    assert world.binh.get(reverse("lists:open", args=[SavedView.objects.get().public_id])).status_code == 404


def test_a_shared_link_shows_its_receiver_what_they_may_see(world):
    link = f"{reverse('cases:list')}?status=confirmed&col=onset"
    assert [c.code for c in world.an.get(link).context["page"]] == ["O1"]
    assert [c.code for c in world.chi.get(link).context["page"]] == ["T1"]


def test_a_list_opens_with_the_view_that_was_chosen_until_it_is_not(world):
    world.save(world.an, "Mở đầu", first="on")
    view = SavedView.objects.get()
    answer = world.an.get(reverse("cases:list"))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('cases:list')}?{view.query}&view={view.public_id}"
    assert world.an.get(reverse("cases:list"), {"status": "discarded"}).status_code == 200, (
        "other links go on as they are"
    )
    world.an.post(reverse("lists:first", args=[view.public_id]), {})
    assert world.an.get(reverse("cases:list")).status_code == 200


def test_what_is_shown_now_replaces_what_a_view_showed(world):
    world.save(world.an, "Ca mới")
    view = SavedView.objects.get()
    page = world.an.get(reverse("cases:list"), {"status": "probable", "view": view.public_id})
    assert page.context["listed"].differs
    world.an.post(reverse("lists:change", args=[view.public_id]), {"query": page.context["listed"].query})
    view.refresh_from_db()
    assert (view.name, view.query) == ("Ca mới", "status=probable")


@pytest.mark.parametrize(
    ("data", "words"),
    [({"name": "  "}, "Give the view a name"), ({"query": "q=" + "x" * 5000}, "says too much to be kept")],
)
def test_what_cannot_be_kept_is_refused_in_words(world, data, words):
    page = world.save(world.an, "Tên", **data) if "name" not in data else world.save(world.an, **data)
    assert words in page.content.decode()
    assert not SavedView.objects.exists()


def test_two_views_of_one_owner_have_two_names(world):
    world.save(world.an, "Ca mới")
    assert "There is a view “Ca mới” already" in world.save(world.an, "Ca mới").content.decode()
    world.save(world.binh, "Ca mới")
    assert SavedView.objects.count() == 2


def test_a_list_that_there_is_none_of_is_not_found(world):
    assert world.an.post(reverse("lists:save"), {"list": "none", "name": "x"}).status_code == 404
