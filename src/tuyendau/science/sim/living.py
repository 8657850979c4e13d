"""One person's day, as the compiler takes it.

A person's cycle begins when they leave for work (or would, if they worked) and ends when they leave the next time, so
cycles cover all time without gap or overlap and each can be lived by itself. What a cycle holds follows from
`chance` alone: a day lived twice is the same day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tuyendau.science.jit import kernel, unowned
from tuyendau.science.sim.chance import chance, pick

UNSEEN, SCAN, ROSTER, ROOM_LIST, BUS_LIST = range(5)
"""How a visit became known, 0 for not at all; the others as the program numbers its sources."""

SCANS, ROSTERS, BUS_LISTS, MEAL_SCANS, LISTED = 1, 2, 4, 8, 16
"""Bits of `Plan.keeps`."""

MINUTE, DAY = 60, 86_400
CONFINED = 0.5
"""Share of usual outings below which nobody of a commune goes to work or keeps a stall."""

WANT_ALL, WANT_RECORDED, WANT_TRUE = range(3)

(
    ABSENT, TRIP, EARLY, LATE, SCAN_IN, SCAN_OUT, MEAL, MEAL_SCAN, MEAL_OUT, LISTED_BUS, SHOP, SHOP_AT, MARKET,
    MARKET_AT, FRIEND, FRIEND_AT, FRIEND_WHO, WHICH, ROAM, SHORT,
) = range(20)  # fmt: skip
"""Purposes of chance; those of repeated things count on from theirs in steps of 32."""


(
    P_COMMUNE, P_HOME, P_COMPANY, P_WORKSHOP, P_LINE, P_BUS, P_ZONE, P_SHIFT, P_ROAMS, P_STALL, P_AGE, P_COLUMNS,
) = range(12)  # fmt: skip
(S_AROUND, S_DWELL, S_KEEPS, S_FIRST, S_LINES, S_COLLEAGUES, S_COLUMNS) = range(7)
(H_BEGIN, H_MINUTES, H_WEEKDAYS, H_MEAL, H_COLUMNS) = range(5)
(C_SHOPS, C_MARKETS, C_NEIGHBOURS, C_COLUMNS) = range(4)
(R_PERSON, R_SITE, R_START, R_END, R_TRUE, R_SOURCE, R_SEEN_START, R_SEEN_END, R_ASSUMED, R_COLUMNS) = range(
    10
)


class Plan(NamedTuple):
    """A world as the kernels read it: few tables, since what a call passes on costs more than what it computes.

    people int32 [p, P_COLUMNS], sites int32 [s + 1, S_COLUMNS], shifts int32 [h, H_COLUMNS], communes int32
    [c + 1, C_COLUMNS]: columns of `World`; S_COLLEAGUES and the columns of communes say where a site's or a commune's
    part of a list begins. neighbours and colleagues int32: people by commune and by workshop. rates float64.
    """

    people: Any
    sites: Any
    shifts: Any
    communes: Any
    neighbours: Any
    colleagues: Any
    rates: Any


class Asking(NamedTuple):
    """What is wanted: seed, day, its local midnight; `want`; sites of interest (uint8 by site) if `only_hot`.

    rows int32 [n, R_COLUMNS] is filled as far as it reaches.
    """

    seed: int
    day: int
    midnight: int
    want: int
    only_hot: bool
    hot: Any
    rows: Any


RATE_SHOP, RATE_MARKET, RATE_FRIEND, RATE_ABSENT, RATE_FORGETS, RATE_MEAL_FORGETS, RATE_MEAL_SCANS, RATE_OUT_SCANS, \
    RATE_OUT_FORGETS, RATE_SCANS, RATE_ROAM_SCANS, RATE_AFTER_WORK, RATE_COLLEAGUE = range(13)  # fmt: skip
"""Places in `Plan.rates`."""


@kernel
def emit(
    n: int, ask: Any, plan: Any, who: int, site: int, start: int, end: int, source: int, seen_end: int,
    assumed: bool,
) -> int:  # fmt: skip
    """Write a true visit that was seen as [start, seen_end) if `source` is not UNSEEN; returns the next row."""
    if end <= start or (ask.want == WANT_RECORDED and source == UNSEEN):
        return n
    if ask.only_hot:
        up = plan.sites[site, S_AROUND]
        if not (ask.hot[site] or (up >= 0 and ask.hot[up])):
            return n
    return put(n, ask, who, site, start, end, 1, source, start, seen_end, assumed)


@kernel
def put(
    n: int, ask: Any, who: int, site: int, start: int, end: int, true: int, source: int, seen_start: int,
    seen_end: int, assumed: bool,
) -> int:  # fmt: skip
    """Write any row; returns the next."""
    if n < len(ask.rows):
        row = ask.rows[n]
        row[R_PERSON] = who
        row[R_SITE] = site
        row[R_START] = start
        row[R_END] = end
        row[R_TRUE] = true
        row[R_SOURCE] = source
        row[R_SEEN_START] = seen_start if source else 0
        row[R_SEEN_END] = seen_end if source else 0
        row[R_ASSUMED] = assumed
    return n + 1


@kernel
def leaves(plan: Any, seed: int, who: int) -> Any:
    """Minute after local midnight at which a person's cycle begins: when they leave, or would leave, for work."""
    shift = plan.people[who, P_SHIFT]
    if shift < 0:
        return 300
    bus = plan.people[who, P_BUS]
    if bus >= 0:
        return plan.shifts[shift, H_BEGIN] - 15 - (25 + pick(seed, bus, 0, TRIP, 35))
    return plan.shifts[shift, H_BEGIN] - 12 - trip(seed, who)


@kernel
def trip(seed: int, who: int) -> Any:
    """Minutes on the way to work of somebody who takes no bus."""
    return 8 + pick(seed, who, 0, TRIP, 22)


@kernel
def works(plan: Any, closed: Any, who: int, day: int) -> Any:
    """Whether the shift of a person works on a day; 1 January 2020 was a Wednesday."""
    shift = plan.people[who, P_SHIFT]
    if shift < 0 or closed[plan.people[who, P_COMPANY]]:
        return False
    return (plan.shifts[shift, H_WEEKDAYS] >> ((day + 2) % 7)) & 1 == 1


@kernel
def _borrowed(plan: Any) -> Any:
    return Plan(
        unowned(plan.people), unowned(plan.sites), unowned(plan.shifts), unowned(plan.communes),
        unowned(plan.neighbours), unowned(plan.colleagues), unowned(plan.rates),
    )  # fmt: skip


@kernel
def _lent(ask: Any) -> Any:
    return Asking(
        ask.seed, ask.day, ask.midnight, ask.want, ask.only_hot, unowned(ask.hot), unowned(ask.rows)
    )


@kernel
def may_meet(plan: Any, ask: Any, who: int, out: float) -> Any:
    """Whether a person could come to a site of interest this cycle; True too often is slow, never wrong."""
    home, company, bus, stall = (
        plan.people[who, P_HOME], plan.people[who, P_COMPANY], plan.people[who, P_BUS], plan.people[who, P_STALL],
    )  # fmt: skip
    around = plan.sites[home, S_AROUND]
    if ask.hot[home] or (around >= 0 and ask.hot[around]) or (company >= 0 and ask.hot[company]):
        return True
    if (bus >= 0 and ask.hot[bus]) or (stall >= 0 and ask.hot[stall]):
        return True
    if chance(ask.seed, who, ask.day, SHOP) < plan.rates[RATE_SHOP] * out and ask.hot[a_shop(plan, ask, who)]:
        return True
    if (
        chance(ask.seed, who, ask.day, MARKET) < plan.rates[RATE_MARKET] * out
        and ask.hot[a_market(plan, ask, who)]
    ):
        return True
    if chance(ask.seed, who, ask.day, FRIEND) < plan.rates[RATE_FRIEND] * out:
        site = a_friend(plan, ask, who, FRIEND + 32)
        around = plan.sites[site, S_AROUND]
        return ask.hot[site] or (around >= 0 and ask.hot[around])
    return False


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


@kernel
def out_scan(plan: Any, ask: Any, n: int, who: int, site: int, start: int, end: int, purpose: int) -> int:
    """A visit to a shop or a market, where few scan in and fewer scan out."""
    scans = chance(ask.seed, who, ask.day, purpose + 32) < plan.rates[RATE_OUT_SCANS]
    forgot = chance(ask.seed, who, ask.day, purpose + 64) < plan.rates[RATE_OUT_FORGETS]
    seen = start + MINUTE * plan.sites[site, S_DWELL] if forgot else end
    return emit(n, ask, plan, who, site, start, end, SCAN if scans else UNSEEN, seen, forgot)


@kernel
def a_shop(plan: Any, ask: Any, who: int) -> Any:
    """One of the three shops that a home goes to, near each other in the commune's row of shops."""
    commune, home = plan.people[who, P_COMMUNE], plan.people[who, P_HOME]
    first, count = (
        plan.communes[commune, C_SHOPS],
        plan.communes[commune + 1, C_SHOPS] - plan.communes[commune, C_SHOPS],
    )
    usual = int(home * 7_919) + pick(ask.seed, who, ask.day, WHICH, 3)
    return first + usual // 3 % count


@kernel
def a_market(plan: Any, ask: Any, who: int) -> Any:
    """The market that a home goes to."""
    commune = plan.people[who, P_COMMUNE]
    first, count = (
        plan.communes[commune, C_MARKETS],
        plan.communes[commune + 1, C_MARKETS] - plan.communes[commune, C_MARKETS],
    )
    return first + pick(ask.seed, plan.people[who, P_HOME], 0, WHICH, count)


@kernel
def a_friend(plan: Any, ask: Any, who: int, purpose: int) -> Any:
    """The home of somebody to call on: of the same line, or who lives in the commune."""
    company, commune = plan.people[who, P_COMPANY], plan.people[who, P_COMMUNE]
    if company >= 0 and chance(ask.seed, who, ask.day, purpose) < plan.rates[RATE_COLLEAGUE]:
        hall = plan.people[who, P_WORKSHOP]
        low, high = plan.sites[hall, S_COLLEAGUES], plan.sites[hall + 1, S_COLLEAGUES]
        return plan.people[
            plan.colleagues[low + pick(ask.seed, who, ask.day, FRIEND_WHO, high - low)], P_HOME
        ]
    low, high = plan.communes[commune, C_NEIGHBOURS], plan.communes[commune + 1, C_NEIGHBOURS]
    return plan.people[plan.neighbours[low + pick(ask.seed, who, ask.day, FRIEND_WHO, high - low)], P_HOME]


@kernel
def after_work(plan: Any, ask: Any, n: int, who: int, back: int, out: float) -> Any:
    """A shop and a friend on the way home; returns when they come home, and the next row."""
    seed, day = ask.seed, ask.day
    share = out * plan.rates[RATE_AFTER_WORK]
    if chance(seed, who, day, SHOP) < plan.rates[RATE_SHOP] * share:
        end = back + MINUTE * (8 + pick(seed, who, day, SHOP_AT, 12))
        n = out_scan(plan, ask, n, who, a_shop(plan, ask, who), back, end, SHOP)
        back = end
    if chance(seed, who, day, FRIEND) < plan.rates[RATE_FRIEND] * share:
        end = back + MINUTE * (60 + pick(seed, who, day, FRIEND_AT, 40))
        site = a_friend(plan, ask, who, FRIEND + 32)
        if site != plan.people[who, P_HOME]:
            n = emit(n, ask, plan, who, site, back, end, UNSEEN, 0, False)
            back = end
    return back, n


@kernel
def at_leisure(plan: Any, ask: Any, n: int, who: int, start: int, out: float) -> int:
    """A cycle without work: at home but for the market, a shop, a friend. Children go out little."""
    seed, day = ask.seed, ask.day
    now, last = start, start + DAY
    minute = (start - ask.midnight) // MINUTE
    base = start + 1_800 if minute < 720 else ask.midnight + DAY + 6 * 3_600
    if plan.people[who, P_AGE] < 12:
        out = out * 0.3
    if chance(seed, who, day, MARKET) < plan.rates[RATE_MARKET] * out:
        first = a_market(plan, ask, who)
        begin = base + MINUTE * pick(seed, who, day, MARKET_AT, 120)
        end = begin + MINUTE * (20 + pick(seed, who, day, SHORT, 25))
        n = at_home(plan, ask, n, who, now, begin)
        n = out_scan(plan, ask, n, who, first, begin, end, MARKET)
        now = end
    if chance(seed, who, day, SHOP) < plan.rates[RATE_SHOP] * out:
        begin = base + MINUTE * (180 + pick(seed, who, day, SHOP_AT, 300))
        end = begin + MINUTE * (8 + pick(seed, who, day, SHORT + 32, 12))
        n = at_home(plan, ask, n, who, now, begin)
        n = out_scan(plan, ask, n, who, a_shop(plan, ask, who), begin, end, SHOP)
        now = end
    if chance(seed, who, day, FRIEND) < plan.rates[RATE_FRIEND] * out:
        begin = base + MINUTE * (540 + pick(seed, who, day, FRIEND_AT, 60))
        end = begin + MINUTE * (60 + pick(seed, who, day, SHORT + 64, 40))
        site = a_friend(plan, ask, who, FRIEND + 32)
        if site != plan.people[who, P_HOME]:
            n = at_home(plan, ask, n, who, now, begin)
            n = emit(n, ask, plan, who, site, begin, end, UNSEEN, 0, False)
            now = end
    return at_home(plan, ask, n, who, now, last)


@kernel
def at_stall(plan: Any, ask: Any, n: int, who: int, start: int) -> int:
    """A seller's cycle: the morning at the stall."""
    begin = start + MINUTE * (30 + pick(ask.seed, who, ask.day, MARKET_AT, 60))
    end = begin + MINUTE * 330
    n = at_home(plan, ask, n, who, start, begin)
    n = out_scan(plan, ask, n, who, plan.people[who, P_STALL], begin, end, MARKET)
    return at_home(plan, ask, n, who, end, start + DAY)


@kernel
def at_home(plan: Any, ask: Any, n: int, who: int, start: int, end: int) -> int:
    """In one's room or household; a room's list is the only thing that tells of it."""
    home = plan.people[who, P_HOME]
    listed = ROOM_LIST if plan.sites[home, S_KEEPS] & LISTED else UNSEEN
    house = plan.sites[home, S_AROUND]
    if house >= 0:
        n = emit(n, ask, plan, who, house, start, end, listed, end, False)
    return emit(n, ask, plan, who, home, start, end, listed, end, False)
