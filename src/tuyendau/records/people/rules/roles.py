"""What follows from where somebody belongs. No Django."""

from __future__ import annotations

ROLES_BY_KIND = {
    "park": "works", "company": "works", "workshop": "works", "line": "works", "shop": "works",
    "market": "works", "gate": "works", "school": "belongs", "hospital": "works", "laboratory": "works",
    "ward": "lodges",
    "canteen": "eats", "canteen_zone": "eats",
    "dormitory": "lodges", "boarding_house": "lodges", "room": "lodges", "household": "lodges",
    "quarantine": "lodges", "quarantine_room": "lodges",
    "test_point": "works", "vaccination": "works", "checkpoint": "works",
    "bus": "rides",
}  # fmt: skip
"""By kind of site, what somebody who is assigned there does; any other kind: they belong."""


def role_at(kind: str) -> str:
    """The role of somebody who is assigned to a site of `kind`, unless told otherwise."""
    return ROLES_BY_KIND.get(kind, "belongs")
