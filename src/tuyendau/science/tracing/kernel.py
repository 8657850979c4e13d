"""The compiled core: one source at a time over the arrays of all days.

For each visit of the source, a binary search in the site's slice from `start - longest stay`, then a scan. Nothing is
allocated for a contact: room is made for a whole slice before it is scanned.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tuyendau.science.epi.settings import Setting
from tuyendau.science.jit import inlined, int32_at, kernel, uint8_at
from tuyendau.science.tracing.results import NO_ONSET

# Columns of the table of addresses, one row a layer (a segment, or newer rows of a day).
L_PERSON, L_SITE, L_START, L_END, L_ASSUMED, L_MASK = range(6)
L_SITES, L_OFFSETS, L_LONGEST, L_PEOPLE, L_POFFSETS, L_ROWS = range(6, 12)
L_N, L_NSITES, L_NPEOPLE, L_DAY, L_FROM, L_TO = range(12, 18)
LAYER_COLUMNS = 18

# Columns of the tally, one row a contact of the present source.
T_PERSON, T_SECONDS, T_ASSUMED, T_FIRST, T_LAST, T_SITES, T_SITE, T_SETTING, T_ROW, T_MIXED, T_GRADE = range(
    11
)
TALLY_COLUMNS = 12
# The tally's real columns: risk in hazard x hours, and weighted seconds in the present setting.
R_RISK, R_SETTING = range(2)

# Columns of the exposures and of the contacts that are handed back.
(E_SOURCE, E_CONTACT, E_SITE, E_SETTING, E_SECONDS, E_ASSUMED, E_FIRST, E_LAST) = range(8)
(C_SOURCE, C_CONTACT, C_SECONDS, C_ASSUMED, C_FIRST, C_LAST, C_SITES, C_GRADE) = range(8)

# Columns of a collected visit of the source, and of a hit kept for the sweep.
V_SITE, V_START, V_END, V_ASSUMED, V_LAYER, V_SETTING, V_MIXED = range(7)
H_WHO, H_START, H_END, H_ASSUMED = range(4)

DAY = 86_400
OTHER = int(Setting.OTHER)
MEASURED = int(Setting.MEASURED)
WITHOUT_ONSET = NO_ONSET


class Presence(NamedTuple):
    """What is searched: the layers' addresses, settings by site, encounters by person."""

    layers: Any
    utc_offset: int
    settings: Any
    people: Any
    offsets: Any
    other: Any
    start: Any
    end: Any


class Asked(NamedTuple):
    """The sources, the people who are to be left out, and which contacts to keep."""

    person: Any
    start: Any
    end: Any
    onset: Any
    prior: Any
    left_out: Any
    min_seconds: int
    worst_grade: int
    exposures: bool


class Rates(NamedTuple):
    """Policy and parameters."""

    thresholds: Any
    anywhere: Any
    assumed_weight: float
    hazards: Any
    infectiousness: Any
    first_day: int
    linger: int
    """Seconds for which a site's air stays infectious after a source has left."""


@kernel
def linger(visits: Any, n: int, seconds: int) -> None:
    """Let the source's visits last so much longer: whoever comes within that time shares its air.

    A visit is looked for in its own day only, so that who comes after midnight to where a case left before it is not
    found.
    """
    for row in range(n):
        visits[row, V_END] += seconds


@kernel
def find(values: Any, value: int) -> Any:
    """Index of `value` in an ordered array, -1 if it is not there."""
    place = np.searchsorted(values, value)
    if place < len(values) and values[place] == value:
        return place
    return -1


@kernel
def first_from(start: Any, low: int, high: int, time: int) -> int:
    """First row of [low, high) that starts at `time` or later."""
    while low < high:
        middle = (low + high) >> 1
        if start[middle] < time:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def grown(array: Any, used: int, needed: int) -> Any:
    """`array`, or a larger copy of its first `used` rows, with room for `needed`."""
    if needed <= len(array):
        return array
    larger = np.empty((max(needed, 2 * len(array)), array.shape[1]), array.dtype)
    larger[:used] = array[:used]
    return larger


@kernel
def infectious(onset: int, time: int, utc_offset: int, rates: Any) -> Any:
    """Infectiousness at a time, by its local day relative to the day of onset."""
    if onset == WITHOUT_ONSET:
        return 1.0
    day = (time + utc_offset) // DAY - (onset + utc_offset) // DAY - rates.first_day
    if day < 0 or day >= len(rates.infectiousness):
        return 0.0
    return rates.infectiousness[day]


@kernel
def collect(presence: Any, person: int, begin: int, finish: int, visits: Any) -> Any:
    """The source's visits clipped to [begin, finish): (visits, how many)."""
    layers, settings = presence.layers, presence.settings
    n = 0
    if begin >= finish:
        return visits, n
    first_day = (begin + presence.utc_offset) // DAY
    last_day = (finish - 1 + presence.utc_offset) // DAY
    for layer in range(len(layers)):
        if layers[layer, L_DAY] < first_day or layers[layer, L_DAY] > last_day:
            continue
        people = int32_at(layers[layer, L_PEOPLE], layers[layer, L_NPEOPLE])
        index = find(people, person)
        if index < 0:
            continue
        length = layers[layer, L_N]
        offsets = int32_at(layers[layer, L_POFFSETS], layers[layer, L_NPEOPLE] + 1)
        rows = int32_at(layers[layer, L_ROWS], length)
        site, start = int32_at(layers[layer, L_SITE], length), int32_at(layers[layer, L_START], length)
        end, assumed = int32_at(layers[layer, L_END], length), uint8_at(layers[layer, L_ASSUMED], length)
        masked = layers[layer, L_MASK] != 0
        mask = uint8_at(layers[layer, L_MASK], length)
        visits = grown(visits, n, n + offsets[index + 1] - offsets[index])
        for k in range(offsets[index], offsets[index + 1]):
            row = rows[k]
            low, high = max(start[row], begin), min(end[row], finish)
            if low >= high or (masked and mask[row]):
                continue
            where = site[row]
            visits[n, V_SITE], visits[n, V_START], visits[n, V_END] = where, low, high
            visits[n, V_ASSUMED], visits[n, V_LAYER], visits[n, V_MIXED] = assumed[row], layer, 0
            visits[n, V_SETTING] = settings[where] if where < len(settings) else OTHER
            n += 1
    return visits, n


@kernel
def mark_mixed(visits: Any, n: int) -> None:
    """Mark the source's visits that overlap another of its visits: there, time could count twice."""
    order = np.argsort(visits[:n, V_START])
    furthest = -1
    for row in order:
        if furthest >= 0 and visits[row, V_START] < visits[furthest, V_END]:
            visits[row, V_MIXED] = 1
            visits[furthest, V_MIXED] = 1
        if furthest < 0 or visits[row, V_END] > visits[furthest, V_END]:
            furthest = row


@kernel
def by_setting_and_site(visits: Any, n: int) -> Any:
    """Row numbers of the source's visits so that each setting, and in it each site, stands together."""
    keys = np.empty(n, np.int64)
    for row in range(n):
        keys[row] = (np.int64(visits[row, V_SETTING]) << 32) | visits[row, V_SITE]
    return np.argsort(keys)


@inlined
def new_contact(tally: Any, reals: Any, who: int, person: int) -> None:
    for column in range(TALLY_COLUMNS):
        tally[who, column] = 0
    tally[who, T_PERSON] = person
    tally[who, T_FIRST], tally[who, T_LAST] = 2**31 - 1, -(2**31)
    tally[who, T_SITE], tally[who, T_SETTING], tally[who, T_GRADE] = -2, -1, 3
    reals[who, R_RISK] = 0.0
    reals[who, R_SETTING] = 0.0


@inlined
def extend(tally: Any, reals: Any, who: int, site: int, setting: int, low: int, high: int) -> Any:
    """Widen a contact's extent by a hit; whether it is the first at this site."""
    new_site = tally[who, T_SITE] != site
    if new_site:
        tally[who, T_SITE] = site
        tally[who, T_SITES] += 1
        if tally[who, T_SETTING] != setting:
            tally[who, T_SETTING] = setting
            reals[who, R_SETTING] = 0.0
    tally[who, T_FIRST] = min(tally[who, T_FIRST], low)
    tally[who, T_LAST] = max(tally[who, T_LAST], high)
    return new_site


@inlined
def expose(rows: Any, doses: Any, row: int, low: int, high: int, flag: int, dose: float) -> None:
    """Add a hit to an exposure."""
    rows[row, E_SECONDS] += high - low
    if flag:
        rows[row, E_ASSUMED] += high - low
    rows[row, E_FIRST] = min(rows[row, E_FIRST], low)
    rows[row, E_LAST] = max(rows[row, E_LAST], high)
    doses[row, 0] += dose


@inlined
def new_exposure(rows: Any, doses: Any, row: int, source: int, who: int, site: int, setting: int) -> None:
    rows[row, E_SOURCE], rows[row, E_CONTACT], rows[row, E_SITE], rows[row, E_SETTING] = (
        source,
        who,
        site,
        setting,
    )
    rows[row, E_SECONDS], rows[row, E_ASSUMED] = 0, 0
    rows[row, E_FIRST], rows[row, E_LAST] = 2**31 - 1, -(2**31)
    doses[row, 0] = 0.0


@kernel
def columns_of(table: Any, order: Any) -> Any:
    """The rows of `table` [n, c] in an order, as columns [c, n]: one pass instead of one for each column."""
    columns = np.empty((table.shape[1], len(order)), table.dtype)
    for place in range(len(order)):
        row = order[place]
        for column in range(table.shape[1]):
            columns[column, place] = table[row, column]
    return columns


@kernel
def settle_ties(keys: Any, order: Any) -> None:
    """Put rows with equal keys, which stand together in `order`, in order of their numbers."""
    low = 0
    while low < len(order):
        high = low + 1
        while high < len(order) and keys[order[high]] == keys[order[low]]:
            high += 1
        if high - low > 1:
            order[low:high] = np.sort(order[low:high])
        low = high
