"""Every page with every filter of the queries taken away: the database itself shows nobody beyond the reach.

The queries are told of a viewer who answers for both provinces; the database is told of the commune officer. What a
page then shows of people is what a forgotten filter would show.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.permissions.test_routes import TABLE, world
from tests.permissions.world import World
from tuyendau.core.accounts import middleware
from tuyendau.core.accounts.models import Membership
from tuyendau.core.accounts.queries import reach_of, viewer_of
from tuyendau.lib import clock
from tuyendau.records.people.models import Person

__all__ = ["world"]

READ = sorted(name for name, route in TABLE.items() if route.post is None)


@pytest.fixture
def almighty(world: World) -> Iterator[Any]:
    """A user whom no query narrows."""
    with transaction.atomic():
        user = make_user("moi_noi", "epidemiologist", unit=world.province)
        Membership.objects.create(
            user=user, role="epidemiologist", unit=world.abroad.parent, valid_from="2020-01-01"
        )
        yield user
        transaction.set_rollback(True)


@pytest.fixture
def held_by_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks, the database holds to the reach of a commune officer."""
    nurse = world.users["commune_officer"]
    assert nurse is not None
    reach = reach_of(viewer_of(nurse, on=clock.local_day(clock.now())))
    monkeypatch.setattr(middleware, "reach_of", lambda viewer: reach)


@pytest.mark.django_db
def test_the_queries_do_not_narrow(world: World, almighty: Any) -> None:
    """Else the test below could not fail."""
    client = Client()
    client.force_login(almighty)
    far = Person.objects.get(public_id=world.things["commune_officer"]["other"]["person"])
    for name in ("people:list", "cases:list"):
        assert far.full_name in client.get(reverse(name), {"q": far.full_name}).content.decode()
    assert client.get(reverse("people:detail", args=[far.public_id])).status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("held_by_database")
def test_no_page_names_anybody_out_of_reach(world: World, almighty: Any) -> None:
    client = Client()
    client.force_login(almighty)
    hidden = {person.full_name: person.public_id for person in Person.objects.exclude(unit=world.commune)}
    assert len(hidden) >= 6
    read = shown = 0
    for name in READ:
        route = TABLE[name]
        for place, things in world.things["commune_officer"].items():
            thing = (things[route.about],) if route.about else ()
            with transaction.atomic():
                got = client.get(reverse(name, args=[*thing, *route.then]), headers=route.headers)
                text = b"".join(got) if got.streaming else got.content
                transaction.set_rollback(True)
            page = text.decode(errors="replace")
            read += got.status_code == 200
            shown += world_person(world).full_name in page
            if place == "own" or not route.about:
                assert not [n for n in hidden if f">{n}<" in page or f"{n}</a>" in page], (name, place)
            elif route.about in ("person", "case"):
                assert got.status_code in (403, 404), (name, place, got.status_code)
    assert read > 15
    assert shown > 3, "the officer's own people are shown"


def world_person(world: World) -> Person:
    own: Person = Person.objects.get(public_id=world.things["commune_officer"]["own"]["person"])
    return own
