"""The communes that a world is made in. They come from outside: this part reads no register of places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tuyendau.science.sim.province import Province


@dataclass(frozen=True, eq=False)
class Communes:
    """[c] communes: `code` and `district` as text; population float64 (only shares count); lon, lat float64."""

    code: tuple[str, ...]
    district: tuple[str, ...]
    population: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        code: Sequence[str],
        district: Sequence[str],
        lon: ArrayLike,
        lat: ArrayLike,
        population: ArrayLike | None = None,
        province: Province | None = None,
    ) -> Communes:
        """Communes from columns; without `population` each gets an equal share of its district's census figure.

        ValueError where columns differ in length, none is given, or a population is not above 0.
        """
        if not len(code) == len(district) == len(np.asarray(lon)) == len(np.asarray(lat)) or not len(code):
            raise ValueError("communes need code, district, lon and lat, equally many and at least one")
        if population is None:
            census = (province or Province.bundled()).district_population
            inside = {d: district.count(d) for d in set(district)}
            people = np.array([census.get(d, 100_000) / inside[d] for d in district], np.float64)
        else:
            people = np.asarray(population, np.float64)
        if len(people) != len(code) or not (people > 0).all():
            raise ValueError("a commune needs a population above 0")
        return cls(
            tuple(code), tuple(district), people, np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        )

    def __len__(self) -> int:
        return len(self.code)

    def distance_km(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Kilometres from each commune's point to a place, on a flat map, which does within one province."""
        east = (self.lon - lon) * 111.32 * np.cos(np.radians(lat))
        away: NDArray[np.float64] = np.hypot(east, (self.lat - lat) * 110.57)
        return away

    def nearest(self, lon: float, lat: float) -> int:
        """Index of the commune whose point is nearest."""
        return int(np.argmin(self.distance_km(lon, lat)))
