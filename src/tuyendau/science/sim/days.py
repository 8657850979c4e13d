"""Days: where everybody is, and what of it is recorded.

    days = Days(world)
    rows = days.presence(day, movement)                         # everything, true and recorded
    rows = days.presence(day, movement, want="recorded")        # what a province's records hold: the rows to load
    visits = rows.observed()                                    # as the index of presence takes them

Any day can be asked for, in any order, for all people or some: the answer is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.epi.times import UTC_OFFSET, day_start
from tuyendau.science.sim import kinds, living
from tuyendau.science.sim.building.homes import YEAR
from tuyendau.science.sim.movement import Movement
from tuyendau.science.sim.parameters import Habits
from tuyendau.science.sim.world import Ints, World
from tuyendau.science.tracing import Visits

_ROOM = 16
"""Rows of one person in a cycle at most."""

WANTS = {"all": living.WANT_ALL, "recorded": living.WANT_RECORDED, "true": living.WANT_TRUE}
_COLUMNS = (np.int32,) * 4 + (np.uint8, np.int8) + (np.int32,) * 2 + (np.uint8,)


@dataclass(frozen=True, eq=False)
class Presence:
    """[n] rows, by person and time within one day's cycles.

    person, site int32; start, end int32: true presence, seconds since EPOCH, half-open. true bool as uint8: 0 where a
    roster names somebody who was absent. source int8: 0 where nobody recorded it, else as the program numbers its
    sources: 1 scan, 2 roster, 3 room list, 4 bus list. seen_start, seen_end int32: what was recorded (0 where nothing
    was); assumed uint8: 1 where no check-out was seen, so that seen_end follows from the dwell rule.

    A company row spans the stay from gate to gate, a workshop row the shift of who works on its lines, and a row of the
    dormitory or boarding house goes with each of a room; lines, tables, the office and rooms lie inside them. Apart
    from those, no two true rows of one person overlap. A row may reach into the next day.
    """

    person: Ints
    site: Ints
    start: Ints
    end: Ints
    true: NDArray[np.uint8]
    source: NDArray[np.int8]
    seen_start: Ints
    seen_end: Ints
    assumed: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: NDArray[np.generic]) -> Presence:
        """The rows at `rows` (indices or a mask)."""
        return Presence(*(getattr(self, f.name)[rows] for f in fields(self)))

    def observed(self) -> Visits:
        """What was recorded, with the recorded times."""
        r = self.take(self.source != living.UNSEEN)
        return Visits(r.person, r.site, r.seen_start, r.seen_end, r.assumed)

    def truth(self) -> Visits:
        """What was true, with the true times."""
        r = self.take(self.true == 1)
        return Visits(r.person, r.site, r.start, r.end, np.zeros(len(r), np.uint8))


class Days:
    """The days of a world. Holds what the kernels read; asking changes nothing."""

    def __init__(self, world: World, habits: Habits | None = None) -> None:
        self.world = world
        self.plan = _plan(world, habits or Habits.bundled())
        self._everybody = np.arange(len(world.people), dtype=np.int32)
        self._nothing = np.zeros(1, np.uint8)
        self._room = 3 * len(world.people)

    def presence(
        self,
        day: int,
        movement: Movement | None = None,
        *,
        want: str = "all",
        people: Ints | None = None,
        hot: NDArray[np.uint8] | None = None,
    ) -> Presence:
        """Rows of the cycles that begin on a local day (days since 2020-01-01).

        movement: what holds that day, default nothing. want: "all", "recorded" or "true". people: int32, default
        everybody. hot: uint8 [s]; only true rows at sites flagged there, or rooms and canteen zones whose building is.
        A site inside a company is heeded only where the company is flagged too.
        """
        held = movement or Movement.free(self.world)
        chosen = self._everybody if people is None else np.asarray(people, np.int32)
        only_hot = hot is not None
        mode = living.WANT_TRUE if only_hot else WANTS[want]
        head = (self.world.seed, day, day_start(day, UTC_OFFSET), mode, only_hot)
        flags = self._nothing if hot is None else hot
        held_back = (held.away, held.closed, held.outings)
        rows = np.empty((min(_ROOM * len(chosen), self._room), living.R_COLUMNS), np.int32)
        count = living.live(self.plan, living.Asking(*head, flags, rows), *held_back, chosen)
        if count > len(rows):
            self._room = count + count // 8
            rows = np.empty((count, living.R_COLUMNS), np.int32)
            living.live(self.plan, living.Asking(*head, flags, rows), *held_back, chosen)
        rows = rows[:count]
        return Presence(*(rows[:, i].astype(kind) for i, kind in enumerate(_COLUMNS)))


def _plan(world: World, habits: Habits) -> living.Plan:
    p, s, h = world.people, world.sites, world.shifts
    keeps = np.zeros(len(s), np.uint8)
    c = world.companies
    for bit, flag in (
        (living.SCANS, c.scans), (living.ROSTERS, c.rosters), (living.BUS_LISTS, c.bus_lists),
        (living.MEAL_SCANS, c.meal_scans),
    ):  # fmt: skip
        keeps[c.site] |= np.where(flag, bit, 0).astype(np.uint8)
    keeps[world.listed] |= np.uint8(living.LISTED)
    colleagues, colleagues_from = world.members(p.workshop)
    around = np.where(np.isin(s.kind, (kinds.CANTEEN_ZONE, kinds.ROOM)), s.parent, -1)
    sites = np.zeros((len(s) + 1, living.S_COLUMNS), np.int32)
    sites[:-1, : living.S_COLLEAGUES] = np.column_stack((around, s.dwell, keeps, world.lines_of))
    sites[:, living.S_COLLEAGUES] = colleagues_from
    neighbours = np.argsort(p.commune, kind="stable")
    counts = np.bincount(p.commune, minlength=len(world.communes))
    communes = (_ranges(world, kinds.SHOP), _ranges(world, kinds.MARKET), np.cumsum(np.append(0, counts)))
    people = (
        p.commune, p.home, p.company, p.workshop, p.line, p.bus, p.zone, p.shift, p.roams, p.stall,
        YEAR - p.birth_year,
    )  # fmt: skip
    return living.Plan(
        _table(people), sites, _table((h.begin, h.minutes, h.weekdays, h.meal)), _table(communes),
        neighbours.astype(np.int32), colleagues, habits.rates,
    )  # fmt: skip


def _table(columns: Sequence[NDArray[Any]]) -> Ints:
    table: Ints = np.ascontiguousarray(np.column_stack(columns).astype(np.int32))
    return table


def _ranges(world: World, kind: int) -> Ints:
    """First site of a kind by commune, and one more at the end; those of a commune stand together, in its order."""
    site = world.sites.of_kind(kind)
    counts = np.bincount(world.sites.commune[site], minlength=len(world.communes))
    begins: Ints = (site[0] + np.concatenate(([0], np.cumsum(counts)))).astype(np.int32)
    return begins
