"""Compiles the tracing kernels into their cache: `python -m tuyendau.config.kernels`.

Compiling takes half a minute, once for each version of them. Done when the program is installed, so that the first
case that somebody confirms does not wait for it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tuyendau.science.tracing import (
    ContactPolicy,
    DaySegment,
    Keys,
    Overlay,
    PresenceIndex,
    Sources,
    Visits,
    degrees,
    split_days,
)

HOUR = 3600


def compile_all() -> None:
    """Trace one case among two visits in each way that the program does: from files, with changes, by degrees."""
    visits = Visits.of([1, 2], [1, 1], [0, 0], [HOUR, HOUR], [False, True])
    sources = Sources.of([1], 0, HOUR, onset=0)
    with tempfile.TemporaryDirectory() as folder:
        days = list(split_days(visits))
        for day, rows in days:
            DaySegment.build(day, rows).write(Path(folder) / f"{day}.arrow")
        segments = [DaySegment.open(Path(folder) / f"{day}.arrow") for day, _rows in days]
        changes = Overlay()
        changes.apply(Keys.touching(visits), visits)
        for overlay in (Overlay(), changes):
            index = PresenceIndex(segments, [0, 1], overlay=overlay)
            policy = ContactPolicy.bundled()
            index.trace(sources, policy)
            index.contacts(sources, policy)
            index.exposures(sources, policy)
            degrees(index, sources, 2, policy)


if __name__ == "__main__":
    compile_all()
