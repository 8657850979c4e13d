"""A person's cycle from leaving for work to leaving the next time, as the compiler takes it."""

from __future__ import annotations

from typing import Any

from tuyendau.science.jit import kernel
from tuyendau.science.sim.chance import chance, pick
from tuyendau.science.sim.living.leisure import (
    after_work,
    at_home,
    at_leisure,
    at_stall,
)
from tuyendau.science.sim.living.people import (
    _borrowed,
    _lent,
    leaves,
    may_meet,
    trip,
    works,
)
from tuyendau.science.sim.living.rows import (
    ABSENT,
    BUS_LIST,
    BUS_LISTS,
    CONFINED,
    DAY,
    EARLY,
    H_BEGIN,
    H_MEAL,
    H_MINUTES,
    LATE,
    LISTED_BUS,
    MEAL,
    MEAL_OUT,
    MEAL_SCAN,
    MEAL_SCANS,
    MINUTE,
    P_BUS,
    P_COMMUNE,
    P_COMPANY,
    P_LINE,
    P_ROAMS,
    P_SHIFT,
    P_STALL,
    P_WORKSHOP,
    P_ZONE,
    RATE_ABSENT,
    RATE_FORGETS,
    RATE_MEAL_FORGETS,
    RATE_MEAL_SCANS,
    RATE_ROAM_SCANS,
    RATE_SCANS,
    ROAM,
    ROSTER,
    ROSTERS,
    S_DWELL,
    S_FIRST,
    S_KEEPS,
    S_LINES,
    SCAN,
    SCAN_IN,
    SCAN_OUT,
    SCANS,
    UNSEEN,
    WANT_TRUE,
    emit,
    put,
)


@kernel
def live(plan: Any, ask: Any, away: Any, closed: Any, outings: Any, people: Any) -> int:
    """The cycles of `people` that begin on the day; returns how many rows they have."""
    plan, ask = _borrowed(plan), _lent(ask)
    n = 0
    for who in people:
        if away[who]:
            continue
        start = ask.midnight + MINUTE * leaves(plan, ask.seed, who)
        out = outings[plan.people[who, P_COMMUNE]]
        if ask.only_hot and not may_meet(plan, ask, who, out):
            continue
        if out >= CONFINED and works(plan, closed, who, ask.day):
            if chance(ask.seed, who, ask.day, ABSENT) < plan.rates[RATE_ABSENT]:
                n = absent(plan, ask, n, who)
            else:
                n = at_work(plan, ask, n, who, start, out)
                continue
        if plan.people[who, P_STALL] >= 0 and out >= CONFINED:
            n = at_stall(plan, ask, n, who, start)
        else:
            n = at_leisure(plan, ask, n, who, start, out)
    return n


@kernel
def absent(plan: Any, ask: Any, n: int, who: int) -> int:
    """What the roster says of somebody who stayed at home."""
    line, shift = plan.people[who, P_LINE], plan.people[who, P_SHIFT]
    if (
        line < 0
        or not plan.sites[plan.people[who, P_COMPANY], S_KEEPS] & ROSTERS
        or ask.want == WANT_TRUE
        or ask.only_hot
    ):
        return n
    begin = ask.midnight + MINUTE * plan.shifts[shift, H_BEGIN]
    end = begin + MINUTE * plan.shifts[shift, H_MINUTES]
    return put(n, ask, who, line, begin, end, 0, ROSTER, begin, end, False)


@kernel
def at_work(plan: Any, ask: Any, n: int, who: int, leaving: int, out: float) -> int:
    """A working cycle: there, inside, back, perhaps a shop and a friend, home."""
    seed, day = ask.seed, ask.day
    shift, company, bus = plan.people[who, P_SHIFT], plan.people[who, P_COMPANY], plan.people[who, P_BUS]
    keeps = plan.sites[company, S_KEEPS]
    begin = ask.midnight + MINUTE * plan.shifts[shift, H_BEGIN]
    end = begin + MINUTE * plan.shifts[shift, H_MINUTES]
    came = begin - 60 * 4 - int(chance(seed, who, day, EARLY) * 480)
    went = end + 60 * 3 + int(chance(seed, who, day, LATE) * 600)
    listed = BUS_LIST if keeps & BUS_LISTS and chance(seed, who, day, LISTED_BUS) < 0.97 else UNSEEN
    if bus >= 0:
        n = emit(n, ask, plan, who, bus, leaving, begin - 900, listed, begin - 900, False)
    scans = SCAN if keeps & SCANS and chance(seed, who, day, SCAN_IN) < plan.rates[RATE_SCANS] else UNSEEN
    forgot = chance(seed, who, day, SCAN_OUT) < plan.rates[RATE_FORGETS]
    seen = came + MINUTE * plan.sites[company, S_DWELL] if forgot else went
    n = emit(n, ask, plan, who, company, came, went, scans, seen, forgot)
    n = inside(plan, ask, n, who, begin, end)
    if bus >= 0:
        back = end + 900 + (begin - 900 - leaving)
        n = emit(n, ask, plan, who, bus, end + 900, back, listed, back, False)
    else:
        back = went + MINUTE * trip(seed, who)
    if plan.shifts[shift, H_BEGIN] < 720:
        back, n = after_work(plan, ask, n, who, back, out)
    return at_home(plan, ask, n, who, back, leaving + DAY)


@kernel
def inside(plan: Any, ask: Any, n: int, who: int, begin: int, end: int) -> int:
    """On the line and at the table; technicians on one line after another, the office in its room."""
    seed, day, line, zone = ask.seed, ask.day, plan.people[who, P_LINE], plan.people[who, P_ZONE]
    keeps, hall = plan.sites[plan.people[who, P_COMPANY], S_KEEPS], plan.people[who, P_WORKSHOP]
    meal = begin + MINUTE * (plan.shifts[plan.people[who, P_SHIFT], H_MEAL] + 30 * (hall % 3))
    if zone < 0:
        meal = end
    place = line if line >= 0 else hall
    listed = ROSTER if keeps & ROSTERS else UNSEEN
    if place != hall or plan.people[who, P_ROAMS]:
        n = emit(n, ask, plan, who, hall, begin, end, listed, end, False)
    if plan.people[who, P_ROAMS]:
        n = rounds(plan, ask, n, who, begin, meal, 0)
    else:
        n = emit(n, ask, plan, who, place, begin, meal, listed, meal, False)
    if zone < 0:
        return n
    sat = meal + 60 + int(chance(seed, who, day, MEAL) * 180)
    rose = meal + MINUTE * 26
    scans = keeps & MEAL_SCANS and chance(seed, who, day, MEAL_SCAN) < plan.rates[RATE_MEAL_SCANS]
    forgot = chance(seed, who, day, MEAL_OUT) < plan.rates[RATE_MEAL_FORGETS]
    seen = sat + MINUTE * plan.sites[zone, S_DWELL] if forgot else rose
    n = emit(n, ask, plan, who, zone, sat, rose, SCAN if scans else UNSEEN, seen, forgot)
    if plan.people[who, P_ROAMS]:
        return rounds(plan, ask, n, who, meal + MINUTE * 30, end, 3)
    return emit(n, ask, plan, who, place, meal + MINUTE * 30, end, listed, end, False)


@kernel
def rounds(plan: Any, ask: Any, n: int, who: int, begin: int, until: int, number: int) -> int:
    """Three stays of a technician on lines of the workshop, each scanned or not."""
    hall = plan.people[who, P_WORKSHOP]
    first, count = plan.sites[hall, S_FIRST], plan.sites[hall, S_LINES]
    step = (until - begin) // 3
    for k in range(3):
        purpose = ROAM + 32 * (number + k + 1)
        place = hall if count == 0 else first + pick(ask.seed, who, ask.day, purpose, count)
        seen = chance(ask.seed, who, ask.day, purpose + 1) < plan.rates[RATE_ROAM_SCANS]
        start = begin + k * step + 120
        end = start + step - 240
        n = emit(n, ask, plan, who, place, start, end, SCAN if seen else UNSEEN, end, False)
    return n
