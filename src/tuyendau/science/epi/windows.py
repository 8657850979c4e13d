"""The infectious window of a case: from some days before onset until isolation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tuyendau.science.epi.times import DAY, UTC_OFFSET


def infectious_windows(
    reference: ArrayLike, isolated: ArrayLike, lookback_days: ArrayLike, utc_offset: int = UTC_OFFSET
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Start and end of the infectious windows of cases.

    reference: [n] int32 seconds, onset, or the first positive sample where there were no symptoms.
    isolated: [n] int32 seconds, isolation, or the present where the case is still at large.
    lookback_days: [n] or one; `Parameters.lookback_days` gives the rule in force on a date.
    Returns (start, end), int32 [n]: the start is the local midnight that begins the day `lookback_days` before
    the day of `reference`. A case isolated before that has an empty window (end = start).
    """
    onset = np.asarray(reference, dtype=np.int64)
    back = np.asarray(lookback_days, dtype=np.int64)
    start = ((onset + utc_offset) // DAY - back) * DAY - utc_offset
    end = np.maximum(np.asarray(isolated, dtype=np.int64), start)
    return start.astype(np.int32), end.astype(np.int32)
