"""What keeps people from going where they would: closed companies, areas under distancing, people taken away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tuyendau.science.sim.world import Flags, Reals, World


@dataclass(frozen=True, eq=False)
class Movement:
    """What holds on one day.

    away bool [p]: in a ward or a quarantine facility, so nowhere in this world; closed bool [s]: companies where nobody
    works; outings float64 [c]: share of the usual visits to shops, markets and friends that people of a commune make;
    below a half nobody there goes to work or keeps a stall either.
    """

    away: Flags
    closed: Flags
    outings: Reals

    @classmethod
    def free(cls, world: World) -> Movement:
        """Nothing is closed and nobody away."""
        return cls(
            np.zeros(len(world.people), bool), np.zeros(len(world.sites), bool), np.ones(len(world.communes))
        )
