"""Time as the province lives it: Asia/Ho_Chi_Minh, +07:00 without daylight saving.

`now()` is the present of the records. A demonstration lets it be another moment than the real one, one that stands
still or runs fast: all processes follow one small file, to which `follow` points. What belongs to the machine and not
to the outbreak, such as sessions, queues and the age of what waits to be published, goes by `real_now()`.
"""

from __future__ import annotations

import json
import math
import time as machine
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UTC_OFFSET_SECONDS = 7 * 3600
LOOK_SECONDS = 0.5
"""How often, at most, the file is looked at: so long may a process still live in the time before."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """At the real moment `real` it was `moment`; since then each real second is `speed` seconds, 0 standing still."""

    real: datetime
    moment: datetime
    speed: float = 0.0

    def __post_init__(self) -> None:
        if self.real.utcoffset() is None or self.moment.utcoffset() is None:
            raise ValueError("the moments of a scenario are aware of their zone")
        if not math.isfinite(self.speed) or self.speed < 0:
            raise ValueError(f"time does not run at {self.speed}")

    def at(self, real: datetime) -> datetime:
        """The scenario's moment at a real one, in UTC; before its beginning it stands."""
        passed = max((real - self.real).total_seconds(), 0.0)
        return (self.moment + timedelta(seconds=passed * self.speed)).astimezone(UTC)

    def to_text(self) -> str:
        """As it stands in the file."""
        return json.dumps(
            {"real": self.real.isoformat(), "moment": self.moment.isoformat(), "speed": self.speed}
        )

    @classmethod
    def of_text(cls, text: str) -> Scenario:
        """The scenario of a file's text. Raises `ValueError` where it is none."""
        try:
            told = json.loads(text)
            return cls(
                datetime.fromisoformat(told["real"]),
                datetime.fromisoformat(told["moment"]),
                float(told["speed"]),
            )
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"no scenario: {error}") from error


class _Followed:
    """The file that is followed, and what it said when it was last looked at."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._next_look = -math.inf
        self._seen: tuple[int, int] | None = None
        self._said: Scenario | None = None

    def scenario(self) -> Scenario | None:
        """What the file says, at most `LOOK_SECONDS` old. No file is no scenario; one that is damaged is left."""
        if self._file is None:
            return None
        if (looked := machine.monotonic()) >= self._next_look:
            # Threads may look twice at once: each sets the same.
            self._look(self._file)
            self._next_look = looked + LOOK_SECONDS
        return self._said

    def _look(self, file: Path) -> None:
        try:
            about = file.stat()
            seen = (about.st_mtime_ns, about.st_ino)
            if seen != self._seen:
                self._said = Scenario.of_text(file.read_text())
                self._seen = seen
        except FileNotFoundError:
            self._said = self._seen = None
        except (OSError, ValueError):
            return


_followed = _Followed(None)


def follow(file: Path | None) -> None:
    """Have `now()` follow the scenario that `file` holds, whenever there is such a file; None for real time only."""
    global _followed
    _followed = _Followed(file)


def scenario() -> Scenario | None:
    """The scenario in force, None in real time."""
    return _followed.scenario()


def now() -> datetime:
    """The present moment of the records, aware, in UTC: the real one unless a scenario is in force."""
    real = real_now()
    said = _followed.scenario()
    return real if said is None else said.at(real)


def real_now() -> datetime:
    """The real moment, aware, in UTC, whatever a scenario says."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The province's calendar day of an aware `moment`."""
    return moment.astimezone(ZONE).date()


def last_day(end: datetime) -> date:
    """The province's last calendar day of a time that is over at an aware `end`: midnight is of the day before."""
    return local_day(end - timedelta(microseconds=1))


def midnight(day: date) -> datetime:
    """The first moment of `day` in the province."""
    return datetime.combine(day, time(), ZONE)


def day_span(first: date, last: date) -> tuple[datetime, datetime]:
    """[start of `first`, end of `last`): both days whole, half-open."""
    return midnight(first), midnight(last + timedelta(days=1))
