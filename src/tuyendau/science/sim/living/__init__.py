"""One person's day, as the compiler takes it.

A person's cycle begins when they leave for work (or would, if they worked) and ends when they leave the next time, so
cycles cover all time without gap or overlap and each can be lived by itself. What a cycle holds follows from
`chance` alone: a day lived twice is the same day.
"""

from tuyendau.science.sim.living.day import live
from tuyendau.science.sim.living.rows import (
    BUS_LISTS,
    LISTED,
    MEAL_SCANS,
    R_COLUMNS,
    ROSTER,
    ROSTERS,
    S_COLLEAGUES,
    S_COLUMNS,
    SCANS,
    UNSEEN,
    WANT_ALL,
    WANT_RECORDED,
    WANT_TRUE,
    Asking,
    Plan,
)  # fmt: skip

__all__ = [
    "BUS_LISTS", "LISTED", "MEAL_SCANS", "ROSTER", "ROSTERS", "R_COLUMNS", "SCANS", "S_COLLEAGUES", "S_COLUMNS",
    "UNSEEN", "WANT_ALL", "WANT_RECORDED", "WANT_TRUE", "Asking", "Plan", "live",
]  # fmt: skip
