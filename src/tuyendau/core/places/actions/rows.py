"""One row of a file of places, typed. `row` is its number as the reader counts, for messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit. `code` is of full length; `parent` is the (level, code) of the unit above, None if not told.

    `successors` are codes of communes of the tree that follows in time.
    """

    code: str
    level: int
    name: str
    parent: tuple[int, str] | None = None
    lon: float | None = None
    lat: float | None = None
    population: int | None = None
    area_km2: float | None = None
    successors: tuple[str, ...] = ()
    row: int = 0

    @property
    def key(self) -> tuple[int, str]:
        """What the unit is known by inside its tree."""
        return self.level, self.code


@dataclass(frozen=True, slots=True)
class Link:
    """`old` of one tree, by (level, code), went into `new` of the tree that follows; `share` of it if known."""

    old: tuple[int, str]
    new: tuple[int, str]
    share: float | None = None


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """The outline of the unit of that code: WKB in WGS 84, None where the file has no geometry.

    `label` is the name that the file has for it, for messages.
    """

    code: str
    wkb: bytes | None
    row: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site. None and "" mean not told: a new site gets what its kind and its parent say, a known one keeps its own.

    `parent` is the code of the site above, `unit` the code of the commune (or higher unit) where it lies.
    """

    code: str
    kind: str
    name: str
    parent: str = ""
    unit: str = ""
    capacity: int | None = None
    dwell_minutes: int | None = None
    lon: float | None = None
    lat: float | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file changed."""

    created: int
    updated: int
    unchanged: int

    @property
    def changed(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.created or self.updated)
