"""How complete the last days are: of what happened on a day, the share that is reported so many days later.

Of the last days only quick reports are known, so that plain averages of delays are too short. What is counted is the
chance of a delay of k days among delays of at most k, of events that are at least k days old (Lawless, Can J Stat
1994;22:15; Kalbfleisch and Lawless, JASA 1989;84:360): their product gives the share known after d days.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEAST = 30
"""With fewer reports nothing is told of how complete the days are."""


def completeness(delays: Sequence[int], ages: Sequence[int], longest: int = 21) -> NDArray[np.float64] | None:
    """Share of a day's events that is known so many days later, [0] on the day itself, to `longest`; None if too few.

    delays: days from the event to its report; ages: days from the event to today. Delays that are negative, longer
    than `longest`, or longer than the event is old are left out.
    """
    delay, age = np.asarray(delays, dtype=np.int64), np.asarray(ages, dtype=np.int64)
    kept = (delay >= 0) & (delay <= longest) & (delay <= age)
    delay, age = delay[kept], np.minimum(age[kept], longest)
    if len(delay) < LEAST:
        return None
    # [k, a]: events of age a that were reported after k days.
    seen = np.zeros((longest + 1, longest + 1), dtype=np.int64)
    np.add.at(seen, (delay, age), 1)
    share = np.ones(longest + 1)
    for k in range(longest, 0, -1):
        at_most = int(seen[: k + 1, k:].sum())
        exactly = int(seen[k, k:].sum())
        share[k - 1] = share[k] * (1 - exactly / at_most) if at_most else share[k]
    return share
