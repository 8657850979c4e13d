"""The clock of the demonstration: where it stands, how fast it runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tuyendau.config import demonstration
from tuyendau.config.storage import write_private
from tuyendau.lib import clock
from tuyendau.lib.clock import Scenario

FASTEST = 3_600.0


def read(folder: Path) -> Scenario | None:
    """The scenario of the demonstration kept in `folder`; None where there is none. Raises `ValueError` if damaged."""
    try:
        return Scenario.of_text((folder / demonstration.CLOCK).read_text())
    except FileNotFoundError:
        return None


def put(folder: Path, moment: datetime, speed: float) -> Scenario:
    """Let the demonstration kept in `folder` be at `moment` now and run at `speed`; all processes follow."""
    said = Scenario(clock.real_now(), moment, speed)
    write_private(folder / demonstration.CLOCK, said.to_text())
    return said


def change(folder: Path, *, moment: datetime | None, speed: float | None) -> Scenario:
    """Set the moment, the speed or both; what is not given stays. Raises `LookupError` where there is no scenario."""
    before = read(folder)
    if before is None:
        raise LookupError(folder)
    return put(
        folder,
        before.at(clock.real_now()) if moment is None else moment,
        before.speed if speed is None else speed,
    )
