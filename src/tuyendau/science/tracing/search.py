"""The search: every source against encounters and presence, to contacts and exposures."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuyendau.science.epi.grading import closest_grade
from tuyendau.science.jit import inlined, int32_at, kernel, uint8_at, unowned
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
    R_SETTING,
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
    by_setting_and_site,
    collect,
    expose,
    extend,
    find,
    first_from,
    grown,
    infectious,
    linger,
    mark_mixed,
    new_contact,
    new_exposure,
)
from tuyendau.science.tracing.sweep import sweep_hits

INFECTIOUS, HAZARD, WEIGHT, LIMITS = range(4)
"""Places in `facts`: what holds for a whole visit; the limits of the three grades stand last."""

LEFT_OUT = -2
"""Mark in `slots` of people who are no contacts, whoever they met."""

CONTACTS, ROWS, HITS = range(3)
"""Places in `counts`: contacts of the present source, exposures in all, hits kept for the sweep."""


@kernel
def _room(state: Any, counts: Any, more: int, exposures: bool) -> Any:
    """The state with room for `more` contacts, exposures and hits."""
    slots, tally, reals, rows, doses, hits, hazards = state
    contacts, used, kept = counts[CONTACTS], counts[ROWS], counts[HITS]
    tally, reals = grown(tally, contacts, contacts + more), grown(reals, contacts, contacts + more)
    if exposures:
        rows, doses = grown(rows, used, used + more), grown(doses, used, used + more)
    hits, hazards = grown(hits, kept, kept + more), grown(hazards, kept, kept + more)
    return slots, tally, reals, rows, doses, hits, hazards


@kernel
def _facts(facts: Any, setting: int, infectious: float, rates: Any) -> None:
    """Put what holds for a whole visit where the inner loop reads it without a detour."""
    facts[INFECTIOUS], facts[HAZARD], facts[WEIGHT] = infectious, rates.hazards[setting], rates.assumed_weight
    for grade in range(3):
        facts[LIMITS + grade] = rates.thresholds[setting, grade]


@inlined
def _add(
    slots: Any, tally: Any, reals: Any, rows: Any, doses: Any, hits: Any, hazards: Any, counts: Any, facts: Any,
    source: int, person: int, site: int, setting: int, low: int, high: int, flag: int, mixed: int, exposures: bool,
) -> None:  # fmt: skip
    """Count one hit: `person` was with the source over [low, high)."""
    who = slots[person]
    if who < 0:
        who = counts[CONTACTS]
        slots[person] = who
        counts[CONTACTS] += 1
        new_contact(tally, reals, who, person)
    new_site = extend(tally, reals, who, site, setting, low, high)
    seconds = high - low
    counted = seconds * facts[WEIGHT] if flag else float(seconds)
    reals[who, R_SETTING] += counted
    if reals[who, R_SETTING] > 0:
        tally[who, T_GRADE] = min(tally[who, T_GRADE], closest_grade(facts[LIMITS:], reals[who, R_SETTING]))
    dose = counted * facts[INFECTIOUS] / 3600.0
    if exposures:
        if new_site:
            tally[who, T_ROW] = counts[ROWS]
            new_exposure(rows, doses, counts[ROWS], source, who, site, setting)
            counts[ROWS] += 1
        expose(rows, doses, tally[who, T_ROW], low, high, flag, dose)
    if mixed or tally[who, T_MIXED]:
        hit = counts[HITS]
        hits[hit, H_WHO], hits[hit, H_START], hits[hit, H_END], hits[hit, H_ASSUMED] = who, low, high, flag
        hazards[hit, 0] = facts[HAZARD] * dose / seconds
        counts[HITS] += 1
    else:
        tally[who, T_SECONDS] += seconds
        if flag:
            tally[who, T_ASSUMED] += seconds
        reals[who, R_RISK] += facts[HAZARD] * dose


@kernel
def _meet(presence: Any, asked: Any, rates: Any, source: int, state: Any, counts: Any, facts: Any) -> Any:
    """Count the source's encounters. They come before visits, so that a visit knows whom it may count twice."""
    index = find(presence.people, asked.person[source])
    if index < 0:
        return state
    begin, finish = asked.start[source], asked.end[source]
    starts, ends, others = presence.start, presence.end, presence.other
    low, high = presence.offsets[index], presence.offsets[index + 1]
    high = first_from(starts, low, high, finish)
    low = first_from(starts, low, high, begin - DAY)
    state = _room(state, counts, high - low, asked.exposures)
    slots, tally, reals, rows, doses, hits, hazards = state
    for row in range(low, high):
        since, until = max(starts[row], begin), min(ends[row], finish)
        person = others[row]
        if since >= until or slots[person] == LEFT_OUT:
            continue
        weight = infectious(asked.onset[source], since, presence.utc_offset, rates)
        _facts(facts, MEASURED, weight, rates)
        if slots[person] < 0:
            slots[person] = counts[CONTACTS]
            new_contact(tally, reals, counts[CONTACTS], person)
            counts[CONTACTS] += 1
        tally[slots[person], T_MIXED] = 1
        _add(
            slots, tally, reals, rows, doses, hits, hazards, counts, facts,
            source, person, -1, MEASURED, since, until, 0, 1, asked.exposures,
        )  # fmt: skip
    return state


@kernel
def _scan(
    layers: Any, layer: int, visit: Any, source: int, me: int, exposures: bool, state: Any, counts: Any, facts: Any
) -> Any:  # fmt: skip
    """Count everyone at the visit's site during the visit, in one layer of its day."""
    sites = int32_at(layers[layer, L_SITES], layers[layer, L_NSITES])
    index = find(sites, visit[V_SITE])
    if index < 0:
        return state
    length = layers[layer, L_N]
    offsets = int32_at(layers[layer, L_OFFSETS], layers[layer, L_NSITES] + 1)
    longest = int32_at(layers[layer, L_LONGEST], layers[layer, L_NSITES])
    start, end = int32_at(layers[layer, L_START], length), int32_at(layers[layer, L_END], length)
    person, assumed = int32_at(layers[layer, L_PERSON], length), uint8_at(layers[layer, L_ASSUMED], length)
    masked = layers[layer, L_MASK] != 0
    mask = uint8_at(layers[layer, L_MASK], length)
    site, v_start, v_end, v_flag = visit[V_SITE], visit[V_START], visit[V_END], visit[V_ASSUMED]
    setting, mixed = visit[V_SETTING], visit[V_MIXED]
    low = first_from(start, offsets[index], offsets[index + 1], v_start - longest[index])
    high = first_from(start, low, offsets[index + 1], v_end)
    state = _room(state, counts, high - low, exposures)
    slots, tally, reals = unowned(state[0]), unowned(state[1]), unowned(state[2])
    rows, doses, hits, hazards = unowned(state[3]), unowned(state[4]), unowned(state[5]), unowned(state[6])
    counts, facts = unowned(counts), unowned(facts)
    for row in range(low, high):
        if (
            end[row] <= v_start
            or person[row] == me
            or slots[person[row]] == LEFT_OUT
            or (masked and mask[row])
        ):
            continue
        since, until = max(start[row], v_start), min(end[row], v_end)
        _add(
            slots, tally, reals, rows, doses, hits, hazards, counts, facts,
            source, person[row], site, setting, since, until, v_flag | assumed[row], mixed, exposures,
        )  # fmt: skip
    return state


@kernel
def _close(
    asked: Any, rates: Any, source: int, state: Any, counts: Any, first_row: int, out: Any, chances: Any, n: int
) -> Any:  # fmt: skip
    """Write the source's contacts that are wanted, by person, and forget the rest: (out, chances, how many)."""
    slots, tally, reals, rows, doses, hits, hazards = state
    contacts = counts[CONTACTS]
    if counts[HITS]:
        sweep_hits(hits, hazards, counts[HITS], contacts, tally, reals)
        counts[HITS] = 0
    out, chances = grown(out, n, n + contacts), grown(chances, n, n + contacts)
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
        chances[n, 0] = -np.expm1(-reals[who, R_RISK]) * asked.prior[source]
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
    return out, chances, n


@kernel
def search(presence: Any, asked: Any, rates: Any, slots: Any) -> Any:
    """Contacts and exposures of all sources.

    slots: int32 [people], -1 everywhere, and so again on return; it belongs to the calling thread.
    Returns contacts int32 [n, 8] by source and contact, their probabilities [n, 1], exposures int32 [m, 8] and their
    doses [m, 1].
    """
    for person in asked.left_out:
        if person < len(slots):
            slots[person] = LEFT_OUT
    counts = np.zeros(3, np.int64)
    tally, reals = np.empty((1024, TALLY_COLUMNS), np.int32), np.empty((1024, 2), np.float64)
    rows, doses = np.empty((1024, 8), np.int32), np.empty((1024, 1), np.float64)
    hits, hazards = np.empty((64, 4), np.int32), np.empty((64, 1), np.float64)
    state = (slots, tally, reals, rows, doses, hits, hazards)
    out, chances = np.empty((256, 8), np.int32), np.empty((256, 1), np.float64)
    visits = np.empty((256, 7), np.int32)
    layers, facts = presence.layers, np.empty(6, np.float64)
    n = 0
    for source in range(len(asked.person)):
        first_row, me = counts[ROWS], asked.person[source]
        state = _meet(presence, asked, rates, source, state, counts, facts)
        visits, found = collect(
            presence, asked.person[source], asked.start[source], asked.end[source], visits
        )
        linger(visits, found, rates.linger)
        mark_mixed(visits, found)
        for v in by_setting_and_site(visits, found):
            visit = visits[v]
            weight = infectious(asked.onset[source], visit[V_START], presence.utc_offset, rates)
            _facts(facts, visit[V_SETTING], weight, rates)
            here = visit[V_LAYER]
            for layer in range(layers[here, L_FROM], layers[here, L_TO]):
                state = _scan(layers, layer, visit, source, me, asked.exposures, state, counts, facts)
        out, chances, n = _close(asked, rates, source, state, counts, first_row, out, chances, n)
    for person in asked.left_out:
        if person < len(slots):
            slots[person] = -1
    return out[:n], chances[:n], state[3][: counts[ROWS]], state[4][: counts[ROWS]]
