"""The kinds of site that decide how contact there counts.

Codes are stored in segments and in the database: they are append-only and never reused.
"""

from __future__ import annotations

from enum import IntEnum


class Setting(IntEnum):
    """Kind of site. The value is the stored code, `slug` the word used in files and policies."""

    OTHER = 0
    HOUSEHOLD = 1
    ROOM = 2
    """Room of a dormitory or boarding house."""
    LINE = 3
    """Production line: the people who work side by side."""
    WORKSHOP = 4
    COMPANY = 5
    """The whole company or its yard."""
    BUS = 6
    CANTEEN = 7
    """The whole hall in one sitting."""
    CANTEEN_ZONE = 8
    """The same table or zone of a canteen."""
    SHOP = 9
    MARKET = 10
    SCHOOL = 11
    WARD = 12
    """Ward of a hospital."""
    QUARANTINE_ROOM = 13
    GATE = 14
    MEASURED = 15
    """Encounters: proximity that a device measured, at no known site."""
    LODGING = 16
    """A dormitory or boarding house beyond one's own room: yard, stairs, kitchen, water."""

    @property
    def slug(self) -> str:
        """The lower-case word of this setting, as files and policies write it."""
        return self.name.lower()

    @property
    def group(self) -> str:
        """The kind of occasion, for people who count: "home", "work", "meal", "transport" and the like."""
        return _GROUPS.get(self.slug, "other")

    @classmethod
    def from_slug(cls, slug: str) -> Setting:
        """The setting of a slug; ValueError naming the known ones if there is none."""
        try:
            return cls[slug.strip().upper()]
        except KeyError:
            known = ", ".join(s.slug for s in cls)
            raise ValueError(f"unknown setting {slug!r}; known are {known}") from None


_GROUPS = {
    "household": "home", "room": "home", "lodging": "home", "line": "work", "workshop": "work", "company": "work",
    "gate": "work", "canteen": "meal", "canteen_zone": "meal", "bus": "transport", "shop": "trade", "market": "trade",
    "school": "school", "ward": "care", "quarantine_room": "quarantine",
}  # fmt: skip
GROUPS = (*dict.fromkeys(_GROUPS.values()), "other")
"""Every kind of occasion, in the order in which they are shown."""

SETTING_COUNT = len(Setting)
"""Length of an array indexed by setting code."""
