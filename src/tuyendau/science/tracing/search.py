"""The search: every source against encounters and presence, to contacts and exposures."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.epi.grading import closest_grade
from tuyendau.science.jit import int32_at, kernel, uint8_at
from tuyendau.science.tracing.kernel import (
    C_ASSUMED,
    C_CONTACT,
    C_FIRST,
    C_GRADE,
    C_LAST,
    C_SECONDS,
    C_SITES,
    C_SOURCE,
    DAY,
    E_CONTACT,
    H_ASSUMED,
    H_END,
    H_START,
    H_WHO,
    L_ASSUMED,
    L_END,
    L_FROM,
    L_LONGEST,
    L_MASK,
    L_N,
    L_NSITES,
    L_OFFSETS,
    L_PERSON,
    L_SITES,
    L_START,
    L_TO,
    MEASURED,
    R_RISK,
    T_ASSUMED,
    T_FIRST,
    T_GRADE,
    T_LAST,
    T_MIXED,
    T_PERSON,
    T_ROW,
    T_SECONDS,
    T_SITES,
    TALLY_COLUMNS,
    V_ASSUMED,
    V_END,
    V_LAYER,
    V_MIXED,
    V_SETTING,
    V_SITE,
    V_START,
    _by_setting_and_site,
    _collect,
    _expose,
    _find,
    _first_from,
    _grown,
    _infectious,
    _mark_mixed,
    _new_contact,
    _new_exposure,
    _tell,
)
from tuyendau.science.tracing.sweep import sweep_hits

CONTACTS, ROWS, HITS = range(3)
"""Places in `counts`: contacts of the present source, exposures in all, hits kept for the sweep."""


@kernel
def _room(state: Any, counts: Any, more: int, exposures: bool) -> Any:
    """The state with room for `more` contacts, exposures and hits."""
    slots, tally, reals, rows, doses, hits, hazards = state
    contacts, used, kept = counts[CONTACTS], counts[ROWS], counts[HITS]
    tally, reals = _grown(tally, contacts, contacts + more), _grown(reals, contacts, contacts + more)
    if exposures:
        rows, doses = _grown(rows, used, used + more), _grown(doses, used, used + more)
    hits, hazards = _grown(hits, kept, kept + more), _grown(hazards, kept, kept + more)
    return slots, tally, reals, rows, doses, hits, hazards


@kernel
def _add(
    state: Any, counts: Any, source: int, person: int, site: int, setting: int, low: int, high: int,
    flag: int, mixed: int, infectious: float, rates: Any, exposures: bool,
) -> None:  # fmt: skip
    """Count one hit: `person` was with the source over [low, high)."""
    slots, tally, reals, rows, doses, hits, hazards = state
    who = slots[person]
    if who < 0:
        who = counts[CONTACTS]
        slots[person] = who
        counts[CONTACTS] += 1
        _new_contact(tally, reals, who, person)
    new_site = _tell(tally, reals, who, site, setting, low, high, flag, rates)
    hourly = infectious * rates.assumed_weight if flag else infectious
    dose = hourly * (high - low) / 3600.0
    if exposures:
        if new_site:
            tally[who, T_ROW] = counts[ROWS]
            _new_exposure(rows, doses, counts[ROWS], source, who, site, setting)
            counts[ROWS] += 1
        _expose(rows, doses, tally[who, T_ROW], low, high, flag, dose)
    if mixed or tally[who, T_MIXED]:
        hit = counts[HITS]
        hits[hit, H_WHO], hits[hit, H_START], hits[hit, H_END], hits[hit, H_ASSUMED] = who, low, high, flag
        hazards[hit, 0] = rates.hazards[setting] * hourly / 3600.0
        counts[HITS] += 1
    else:
        tally[who, T_SECONDS] += high - low
        if flag:
            tally[who, T_ASSUMED] += high - low
        reals[who, R_RISK] += rates.hazards[setting] * dose


@kernel
def _meet(presence: Any, asked: Any, rates: Any, source: int, state: Any, counts: Any) -> Any:
    """Count the source's encounters. They come before visits, so that a visit knows whom it may count twice."""
    index = _find(presence.people, asked.person[source])
    if index < 0:
        return state
    begin, finish = asked.start[source], asked.end[source]
    low, high = presence.offsets[index], presence.offsets[index + 1]
    high = _first_from(presence.start, low, high, finish)
    low = _first_from(presence.start, low, high, begin - DAY)
    state = _room(state, counts, high - low, asked.exposures)
    for row in range(low, high):
        since, until = max(presence.start[row], begin), min(presence.end[row], finish)
        if since >= until:
            continue
        person = presence.other[row]
        weight = _infectious(asked.onset[source], since, presence.utc_offset, rates)
        if state[0][person] < 0:
            state[0][person] = counts[CONTACTS]
            _new_contact(state[1], state[2], counts[CONTACTS], person)
            counts[CONTACTS] += 1
        state[1][state[0][person], T_MIXED] = 1
        _add(state, counts, source, person, -1, MEASURED, since, until, 0, 1, weight, rates, asked.exposures)
    return state


@kernel
def _scan(
    layers: Any, layer: int, visit: Any, asked: Any, rates: Any, source: int, weight: float, state: Any, counts: Any
) -> Any:  # fmt: skip
    """Count everyone at the visit's site during the visit, in one layer of its day."""
    sites = int32_at(layers[layer, L_SITES], layers[layer, L_NSITES])
    index = _find(sites, visit[V_SITE])
    if index < 0:
        return state
    length = layers[layer, L_N]
    offsets = int32_at(layers[layer, L_OFFSETS], layers[layer, L_NSITES] + 1)
    longest = int32_at(layers[layer, L_LONGEST], layers[layer, L_NSITES])
    start, end = int32_at(layers[layer, L_START], length), int32_at(layers[layer, L_END], length)
    person, assumed = int32_at(layers[layer, L_PERSON], length), uint8_at(layers[layer, L_ASSUMED], length)
    masked = layers[layer, L_MASK] != 0
    mask = uint8_at(layers[layer, L_MASK], length)
    v_start, v_end = visit[V_START], visit[V_END]
    low = _first_from(start, offsets[index], offsets[index + 1], v_start - longest[index])
    high = _first_from(start, low, offsets[index + 1], v_end)
    state = _room(state, counts, high - low, asked.exposures)
    me = asked.person[source]
    for row in range(low, high):
        if end[row] <= v_start or person[row] == me or (masked and mask[row]):
            continue
        flag = visit[V_ASSUMED] | assumed[row]
        since, until = max(start[row], v_start), min(end[row], v_end)
        _add(
            state, counts, source, person[row], visit[V_SITE], visit[V_SETTING], since, until,
            flag, visit[V_MIXED], weight, rates, asked.exposures,
        )  # fmt: skip
    return state


@kernel
def _close(
    asked: Any, rates: Any, source: int, state: Any, counts: Any, first_row: int, out: Any, risks: Any, n: int
) -> Any:  # fmt: skip
    """Write the source's contacts that are wanted, by person, and forget the rest: (out, risks, how many)."""
    slots, tally, reals, rows, doses, hits, hazards = state
    contacts = counts[CONTACTS]
    if counts[HITS]:
        sweep_hits(hits, hazards, counts[HITS], tally, reals)
        counts[HITS] = 0
    out, risks = _grown(out, n, n + contacts), _grown(risks, n, n + contacts)
    kept = 0
    people = np.empty(contacts, np.int64)
    for who in range(contacts):
        weighted = tally[who, T_SECONDS] - (1.0 - rates.assumed_weight) * tally[who, T_ASSUMED]
        if weighted > 0:
            tally[who, T_GRADE] = min(tally[who, T_GRADE], closest_grade(rates.anywhere, weighted))
        wanted = tally[who, T_SECONDS] >= asked.min_seconds and tally[who, T_GRADE] <= asked.worst_grade
        tally[who, T_MIXED] = wanted
        slots[tally[who, T_PERSON]] = -1
        if wanted:
            people[kept] = (np.int64(tally[who, T_PERSON]) << 32) | who
            kept += 1
    people = np.sort(people[:kept])
    for key in people:
        who = key & 0xFFFFFFFF
        out[n, C_SOURCE], out[n, C_CONTACT] = source, tally[who, T_PERSON]
        out[n, C_SECONDS], out[n, C_ASSUMED] = tally[who, T_SECONDS], tally[who, T_ASSUMED]
        out[n, C_FIRST], out[n, C_LAST] = tally[who, T_FIRST], tally[who, T_LAST]
        out[n, C_SITES], out[n, C_GRADE] = tally[who, T_SITES], tally[who, T_GRADE]
        risks[n, 0] = reals[who, R_RISK]
        n += 1
    if asked.exposures:
        written = first_row
        for row in range(first_row, counts[ROWS]):
            who = rows[row, E_CONTACT]
            if tally[who, T_MIXED]:
                rows[written] = rows[row]
                rows[written, E_CONTACT] = tally[who, T_PERSON]
                doses[written] = doses[row]
                written += 1
        counts[ROWS] = written
    counts[CONTACTS] = 0
    return out, risks, n


@kernel
def search(presence: Any, asked: Any, rates: Any, slots: Any) -> Any:
    """Contacts and exposures of all sources.

    slots: int32 [people], -1 everywhere, and so again on return; it belongs to the calling thread.
    Returns contacts int32 [n, 8] by source and contact, their risks [n, 1], exposures int32 [m, 8], doses [m, 1].
    """
    counts = np.zeros(3, np.int64)
    tally, reals = np.empty((1024, TALLY_COLUMNS), np.int32), np.empty((1024, 2), np.float64)
    rows, doses = np.empty((1024, 8), np.int32), np.empty((1024, 1), np.float64)
    hits, hazards = np.empty((64, 4), np.int32), np.empty((64, 1), np.float64)
    state = (slots, tally, reals, rows, doses, hits, hazards)
    out, risks = np.empty((256, 8), np.int32), np.empty((256, 1), np.float64)
    visits = np.empty((256, 7), np.int32)
    layers = presence.layers
    n = 0
    for source in range(len(asked.person)):
        first_row = counts[ROWS]
        state = _meet(presence, asked, rates, source, state, counts)
        visits, found = _collect(
            presence, asked.person[source], asked.start[source], asked.end[source], visits
        )
        _mark_mixed(visits, found)
        for v in _by_setting_and_site(visits, found):
            visit = visits[v]
            weight = _infectious(asked.onset[source], visit[V_START], presence.utc_offset, rates)
            here = visit[V_LAYER]
            for layer in range(layers[here, L_FROM], layers[here, L_TO]):
                state = _scan(layers, layer, visit, asked, rates, source, weight, state, counts)
        out, risks, n = _close(asked, rates, source, state, counts, first_row, out, risks, n)
    return out[:n], risks[:n], state[3][: counts[ROWS]], state[4][: counts[ROWS]]
