"""Who works, leaves and may be met: what the parts of a day ask of a person."""

from __future__ import annotations

from typing import Any

from tuyendau.science.jit import kernel, unowned
from tuyendau.science.sim.chance import chance, pick
from tuyendau.science.sim.living.leisure import (
    a_friend,
    a_market,
    a_shop,
)
from tuyendau.science.sim.living.rows import (
    FRIEND,
    H_BEGIN,
    H_WEEKDAYS,
    MARKET,
    P_BUS,
    P_COMPANY,
    P_HOME,
    P_SHIFT,
    P_STALL,
    RATE_FRIEND,
    RATE_MARKET,
    RATE_SHOP,
    S_AROUND,
    SHOP,
    TRIP,
    Asking,
    Plan,
)


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
