"""What somebody does where they belong."""

from __future__ import annotations

import pytest

from tuyendau.core.places.models import SiteKind
from tuyendau.records.people.models import AssignmentRole
from tuyendau.records.people.rules import ROLES_BY_KIND, role_at


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("line", "works"),
        ("company", "works"),
        ("room", "lodges"),
        ("household", "lodges"),
        ("ward", "lodges"),
        ("bus", "rides"),
        ("canteen_zone", "eats"),
        ("school", "belongs"),
        ("other", "belongs"),
        ("a kind of tomorrow", "belongs"),
    ],
)
def test_the_role_follows_from_the_kind_of_site(kind: str, role: str) -> None:
    assert role_at(kind) == role


def test_every_kind_and_every_role_is_known() -> None:
    assert set(ROLES_BY_KIND) <= set(SiteKind.values)
    assert set(ROLES_BY_KIND.values()) <= set(AssignmentRole.values)
