"""What truly happened, and what the province did: the results of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi.times import DAY, day_of
from tuyendau.science.sim.movement import Movement
from tuyendau.science.sim.world import Bytes, Flags, Ints, Reals, World

NEVER = 2**31 - 1
"""A time that has not come by the end of a run."""

NOT_FOUND, BY_SYMPTOMS, AS_CONTACT, BY_MASS_TEST = range(4)
"""How an infected person was found."""


@dataclass(frozen=True, eq=False)
class Truth:
    """[n] infections, in the order in which they happened; times int32 seconds since EPOCH, NEVER where not.

    person int32; infected; infector int32: person, -1 where it came from outside; site int32: where they met, -1 from
    outside; setting int8: code of `Setting` by which it passed: the site's own, or that of the building around it
    (a workshop, a boarding house); recorded bool: both were on record there at that moment.
    onset: first symptoms, or where symptomatic (bool) is False the moment when they would have come, which nobody sees.
    """

    person: Ints
    infected: Ints
    infector: Ints
    site: Ints
    setting: Bytes
    recorded: Flags
    onset: Ints
    symptomatic: Flags

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, eq=False)
class Cases:
    """[m] found cases in the order of their report; times int32 seconds since EPOCH.

    person int32; infection int32: row of the Truth; onset: first symptoms as told, NO_ONSET without or before any;
    sampled, result, reported, isolated; found int8: BY_SYMPTOMS, AS_CONTACT, BY_MASS_TEST.
    """

    person: Ints
    infection: Ints
    onset: Ints
    sampled: Ints
    result: Ints
    reported: Ints
    isolated: Ints
    found: Bytes

    def __len__(self) -> int:
        return len(self.person)

    def by_day(self, first_day: int, days: int) -> NDArray[np.int64]:
        """Reports on each local day from `first_day`, int64 [days]."""
        day = (self.reported.astype(np.int64) + 7 * 3_600) // DAY - first_day
        return np.bincount(day[(day >= 0) & (day < days)], minlength=days)


@dataclass(frozen=True, eq=False)
class Outbreak:
    """A run: what was true, what was found, and what held people back day by day.

    first_day int: local day of the first infection's day; away int32 [k, 3]: person, first and last local day (the last
    one exclusive) in a ward or quarantine facility; closed int32 [j, 3]: company site, first and last local day;
    outings float64 [days, c]: see `Movement`, by day from first_day and commune.
    """

    truth: Truth
    cases: Cases
    first_day: int
    away: Ints
    closed: Ints
    outings: Reals

    def movement(self, world: World, day: int) -> Movement:
        """What held on a local day: the days of the run, lived again with it, are the days that were."""
        away, closed = np.zeros(len(world.people), bool), np.zeros(len(world.sites), bool)
        for flags, spans in ((away, self.away), (closed, self.closed)):
            holds = (spans[:, 1] <= day) & (day < spans[:, 2])
            flags[spans[holds, 0]] = True
        row = day - self.first_day
        free = np.ones(len(world.communes))
        return Movement(away, closed, self.outings[row] if 0 <= row < len(self.outings) else free)

    def reported_by(self, moment: int) -> int:
        """How many cases had been reported at an instant (seconds since EPOCH)."""
        return int(np.searchsorted(self.cases.reported, moment, side="right"))

    def last_day(self) -> int:
        """The local day of the last report; `first_day` where there is none."""
        return day_of(int(self.cases.reported[-1])) if len(self.cases) else self.first_day
