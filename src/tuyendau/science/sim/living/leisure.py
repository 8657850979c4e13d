"""What people do after work and on free days, by habit and chance: shops, markets, friends, stalls, home."""

from __future__ import annotations

from typing import Any

from tuyendau.science.jit import kernel
from tuyendau.science.sim.chance import chance, pick
from tuyendau.science.sim.living.rows import (
    C_MARKETS,
    C_NEIGHBOURS,
    C_SHOPS,
    DAY,
    FRIEND,
    FRIEND_AT,
    FRIEND_WHO,
    LISTED,
    MARKET,
    MARKET_AT,
    MINUTE,
    P_AGE,
    P_COMMUNE,
    P_COMPANY,
    P_HOME,
    P_STALL,
    P_WORKSHOP,
    RATE_AFTER_WORK,
    RATE_COLLEAGUE,
    RATE_FRIEND,
    RATE_MARKET,
    RATE_OUT_FORGETS,
    RATE_OUT_SCANS,
    RATE_SHOP,
    ROOM_LIST,
    S_AROUND,
    S_COLLEAGUES,
    S_DWELL,
    S_KEEPS,
    SCAN,
    SHOP,
    SHOP_AT,
    SHORT,
    UNSEEN,
    WHICH,
    emit,
)


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
