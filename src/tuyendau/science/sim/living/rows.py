"""What a day is lived from, and the rows that it leaves: a world as few tables, what is asked, visits true and seen."""

from __future__ import annotations

from typing import Any, NamedTuple

from tuyendau.science.jit import kernel

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
