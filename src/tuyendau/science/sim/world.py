"""A province to live through: sites, people, companies and shifts, as parallel arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tuyendau.science.sim.communes import Communes
from tuyendau.science.sim.kinds import SETTING_OF_KIND

Bytes = NDArray[np.int8]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

FEMALE, MALE = 0, 1


@dataclass(frozen=True, eq=False)
class Sites:
    """[s] sites; a parent stands before its children.

    kind int8: index into `kinds.KINDS`; parent int32: site or -1; commune int32: row of the communes; lon, lat
    float64 degrees (a room, line or the like lies where its parent lies); dwell int16 minutes: the dwell rule;
    capacity int32: beds, seats, 0 where it has none; number int32: counted from 1 among the children of the parent
    that are of this kind, or among the sites of this kind in the commune where there is no parent.
    """

    kind: Bytes
    parent: Ints
    commune: Ints
    lon: Reals
    lat: Reals
    dwell: Shorts
    capacity: Ints
    number: Ints

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def setting(self) -> Ints:
        """Code of `Setting` by site, int32 [s], as the index of presence takes it."""
        return SETTING_OF_KIND[self.kind]

    def of_kind(self, kind: int) -> Ints:
        """The sites of one kind, int32, in order."""
        return np.flatnonzero(self.kind == kind).astype(np.int32)


@dataclass(frozen=True, eq=False)
class People:
    """[p] people.

    birth_year int16; birth_day int16: 1 to 365, day of the year; sex int8: 0 female, 1 male; commune int32: where they
    sleep; home int32: site, a household or a room. For workers, else -1: company, workshop, line, bus, zone (canteen
    zone): int32 sites, line -1 for technicians and the office (the office is a workshop without lines), bus and zone
    -1 where they use none; shift int32: row of the shifts. roams bool: a technician, who goes round the lines of the
    workshop. stall int32: the market or shop where they sell, else -1. has_app: carries the tracing app; uses_zalo.
    """

    birth_year: Shorts
    birth_day: Shorts
    sex: Bytes
    commune: Ints
    home: Ints
    company: Ints
    workshop: Ints
    line: Ints
    bus: Ints
    zone: Ints
    shift: Ints
    roams: Flags
    stall: Ints
    has_app: Flags
    uses_zalo: Flags

    def __len__(self) -> int:
        return len(self.home)


@dataclass(frozen=True, eq=False)
class Shifts:
    """[h] shifts. company int32 site; begin int16: minute after local midnight; minutes int16: length, a night shift
    ends on the next day; weekdays uint8: bit 0 Monday to bit 6 Sunday; meal int16: minutes after the beginning at
    which the first sitting eats (sittings follow each other by 30 minutes, by workshop, three in all)."""

    company: Ints
    begin: Shorts
    minutes: Shorts
    weekdays: NDArray[np.uint8]
    meal: Shorts

    def __len__(self) -> int:
        return len(self.company)


@dataclass(frozen=True, eq=False)
class Companies:
    """[k] companies, those in parks first. site int32; park int32: row of `Province.parks` or -1; commune int32;
    people int32: workers.

    What each keeps, bool: scans (at the gate), rosters (lines), bus_lists, meal_scans (canteen zones).
    """

    site: Ints
    park: Ints
    commune: Ints
    people: Ints
    scans: Flags
    rosters: Flags
    bus_lists: Flags
    meal_scans: Flags

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True, eq=False)
class World:
    """Everything that does not change from day to day. `parks` int32 sites, in the order of `Province.parks`.

    listed bool [s]: rooms whose list of lodgers the province has; `lines_of` int32 [s, 2]: first line and number of
    lines of a workshop (lines of one workshop stand together).
    """

    seed: int
    scale: float
    communes: Communes
    sites: Sites
    people: People
    shifts: Shifts
    companies: Companies
    parks: Ints
    listed: Flags
    lines_of: Ints

    def members(self, site: Ints) -> tuple[Ints, Ints]:
        """People grouped by a column of sites such as `people.home`: (people int32, ordered by site; offsets [s + 1]).

        People of site x are `who[offsets[x]:offsets[x + 1]]`; those with -1 are left out.
        """
        order = np.argsort(site, kind="stable").astype(np.int32)
        order = order[np.searchsorted(site[order], 0) :]
        counts = np.bincount(site[order], minlength=len(self.sites))
        return order, np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
