"""Every route for every role, at their own place, above it, beside it and far away. A route that is missing fails.

The lines stand in `tables/`, a file for each app.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.permissions import tables
from tests.permissions.route import NOBODY, ROLES, Route
from tests.permissions.world import Things, World
from tuyendau import access
from tuyendau.records.cases.models import Case
from tuyendau.records.visits.queries.presence import forget

MODULES = [
    importlib.import_module(f"{tables.__name__}.{m.name}") for m in pkgutil.iter_modules(tables.__path__)
]
TABLE: dict[str, Route] = {name: route for module in MODULES for name, route in module.ROUTES.items()}
OPEN: set[str] = set().union(*(getattr(module, "OPEN", set()) for module in MODULES))
NOT_FOUND = 404


def routes() -> Iterator[str]:
    """The names of all routes."""

    def walk(resolver: URLResolver, space: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
            else:
                yield f"{space}{entry.name}"

    return walk(get_resolver(), "")


def test_every_route_is_in_the_tables():
    assert set(routes()) == TABLE.keys() | OPEN


def test_every_role_is_in_the_tables():
    assert set(ROLES) == access.ROLES.keys()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """One world for all lines; its transaction is never committed."""
    from django.conf import settings

    before, settings.SEGMENTS = settings.SEGMENTS, tmp_path_factory.mktemp("segments")
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
    # What traced in these transactions holds a connection of its own.
    forget()
    settings.SEGMENTS = before


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_route_answers_each_role_at_each_place(name: str, world: World) -> None:
    """What one row writes is undone before the next."""
    route = TABLE[name]
    wrong = []
    for role, user in world.users.items():
        for place, things in world.things[role].items():
            if not route.about and place != "own":
                continue
            with transaction.atomic():
                got = _answer(user, name, route, things)
                transaction.set_rollback(True)
            expected = _expected(route, role, place)
            if not _is(got, expected):
                wrong.append(f"{role} at {place}: {got.status_code}, not {expected}")
    assert not wrong, f"{name}\n" + "\n".join(wrong)


def _expected(route: Route, role: str, place: str) -> int | str:
    if role == NOBODY:
        return "sign in"
    if role not in route.may:
        return route.others
    return route.answer if place == "own" or route.everywhere else NOT_FOUND


def _is(got: Any, expected: int | str) -> bool:
    """Whoever has not signed in is led to do so, or told so where a program asks."""
    signs_in = got.status_code == 302 and reverse("account_login") in got.headers["Location"]
    if expected == "sign in":
        return signs_in or got.status_code == 401
    return bool(got.status_code == expected) and not signs_in


def _answer(user: Any, name: str, route: Route, things: Things) -> Any:
    client = Client()
    if user is not None:
        client.force_login(user)
    thing = (things[route.about],) if route.about else ()
    where = reverse(name, args=[*thing, *route.then])
    if route.post is None:
        return client.get(where, headers=route.headers)
    sent: dict[str, Any] = {"content_type": "application/json"} if route.json else {}
    return client.post(where, route.post, headers=route.headers, **sent)


@pytest.mark.django_db
def test_the_world_is_what_it_says(world: World) -> None:
    """Everything that the lines ask for is there."""
    for things in world.things.values():
        assert {"own", "other"} <= things.keys()
    assert Case.objects.count() >= 8
