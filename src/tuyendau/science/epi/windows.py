"""The infectious window of a case: from some days before a reference day until isolation, or until it is over."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tuyendau.science.epi.times import DAY, UTC_OFFSET


def infectious_windows(
    reference: ArrayLike,
    isolated: ArrayLike,
    lookback_days: ArrayLike,
    utc_offset: int = UTC_OFFSET,
    *,
    sampled: ArrayLike | None = None,
    last_day: ArrayLike | None = None,
    longest: int | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Start and end of the infectious windows of cases. All times are int32 seconds, [n] or one.

    reference: the moment of onset, of rash, or of the first positive sample where there were no symptoms.
    isolated: isolation, or the present where the case is still at large.
    lookback_days: `Disease.lookback_days` gives the rule in force on a date.
    sampled: a positive sample; who was positive before symptoms was infectious on that day at the latest.
    last_day: a moment of the last infectious day, where the disease ends by itself (`Disease.infectious_until`).
    longest: seconds after which a window is cut.
    Returns (start, end): the start is the local midnight that begins the day `lookback_days` before the day of
    `reference`. A case isolated before that has an empty window (end = start).
    """

    def midnight(moment: ArrayLike, days: ArrayLike = 0) -> NDArray[np.int64]:
        day = (np.asarray(moment, dtype=np.int64) + utc_offset) // DAY
        return (day + np.asarray(days, dtype=np.int64)) * DAY - utc_offset

    start = midnight(reference, -np.asarray(lookback_days, dtype=np.int64))
    if sampled is not None:
        start = np.minimum(start, midnight(sampled))
    end = np.asarray(isolated, dtype=np.int64)
    if last_day is not None:
        end = np.minimum(end, midnight(last_day, 1))
    if longest is not None:
        end = np.minimum(end, start + longest)
    return start.astype(np.int32), np.maximum(end, start).astype(np.int32)
