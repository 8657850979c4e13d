"""Where sites and communes are: the point of a site, else of what it is a part of, else of its commune."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site, Unit


@dataclass(frozen=True, slots=True)
class Spot:
    """A site and where it is drawn; `lon`, `lat` are None where nothing is known.

    `approximate`: the point is that of its commune. `above` are the names of what it is a part of, from the root down.
    """

    pk: int
    public_id: str
    code: str
    kind: str
    name: str
    above: tuple[str, ...]
    unit: int | None
    lon: float | None
    lat: float | None
    approximate: bool

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, None where nothing is known."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)

    @property
    def full_name(self) -> str:
        """Its name, and what it is a part of."""
        return ", ".join([self.name, *reversed(self.above)])


@dataclass(frozen=True, slots=True)
class Commune:
    """A unit's name and point."""

    name: str
    lon: float | None
    lat: float | None

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, None where they are not known."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


NOWHERE = Commune("", None, None)


def communes(units: Iterable[int | None]) -> dict[int | None, Commune]:
    """Names and points of units by row number. Units are public: no viewer is asked for."""
    known = {unit for unit in units if unit is not None}
    rows = Unit.objects.filter(pk__in=known).values_list("pk", "name", "lon", "lat")
    return {pk: Commune(name, lon, lat) for pk, name, lon, lat in rows}


@as_program()
def spots(sites: Iterable[int]) -> dict[int, Spot]:
    """Where sites are, by row number: three queries for all. The caller has narrowed them to what may be seen."""
    own = list(set(sites))
    paths = dict(Site.objects.filter(pk__any_of=own).values_list("pk", "path"))
    chains = {pk: [int(part) for part in str(path).strip("/").split("/")] for pk, path in paths.items()}
    every = list({number for chain in chains.values() for number in chain})
    fields = ("pk", "public_id", "code", "kind", "name", "unit_id", "lon", "lat")
    rows = {row[0]: row for row in Site.objects.filter(pk__any_of=every).values_list(*fields)}
    where = communes(row[5] for row in rows.values())
    return {
        pk: _spot([rows[number] for number in chain if number in rows], where)
        for pk, chain in chains.items()
        if pk in rows
    }


_Row = tuple[int, str, str, str, str, int | None, float | None, float | None]


def _spot(chain: list[_Row], where: dict[int | None, Commune]) -> Spot:
    pk, public_id, code, kind, name, *_rest = chain[-1]
    unit = next((row[5] for row in reversed(chain) if row[5] is not None), None)
    point = next(
        ((row[6], row[7]) for row in reversed(chain) if row[6] is not None and row[7] is not None), None
    )
    commune = where.get(unit, NOWHERE)
    lon, lat = point or (commune.lon, commune.lat)
    above = tuple(row[4] for row in chain[:-1])
    return Spot(pk, public_id, code, kind, name, above, unit, lon, lat, approximate=point is None)
