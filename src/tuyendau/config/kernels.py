"""Compiles the kernels of tracing and of the simulation into their cache: `python -m tuyendau.config.kernels`.

Compiling takes a minute, once for each version of them. Done when the program is installed, so that neither the first
case that somebody confirms nor the demonstration waits for it.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from tuyendau.science.epi.times import date_to_day
from tuyendau.science.sim import Communes, Days, build_world, run_outbreak
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
SMALLEST = 0.002
FIRST_WEEKS = date_to_day(date(2021, 5, 14))


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
    _live_a_little()


def _live_a_little() -> None:
    """Let the smallest world live through its first weeks, with everything that the demonstration asks of it."""
    communes = Communes.of(["07807", "07777"], ["222", "222"], [106.1, 106.1], [21.2, 21.3])
    world = build_world(communes, SMALLEST)
    days = Days(world)
    outbreak = run_outbreak(world, days, until=FIRST_WEEKS)
    days.presence(FIRST_WEEKS, outbreak.movement(world, FIRST_WEEKS), want="recorded")


if __name__ == "__main__":
    compile_all()
