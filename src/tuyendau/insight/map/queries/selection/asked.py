"""What is asked of a selection: an area, a time, and as the records were known when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils.timezone import localtime

from tuyendau.lib import clock
from tuyendau.lib.areas import Area

LONGEST = timedelta(days=62)
"""So long a window may be; presence is not kept for much longer."""


@dataclass(frozen=True, slots=True)
class Selection:
    """An `area`, and the time [start, end) over which is asked who was there.

    Who lives and works there is told for the last day of that time; cases and follow-ups as they were known at `at`,
    None being now.
    """

    area: Area
    start: datetime
    end: datetime
    at: datetime | None = None

    @property
    def known(self) -> datetime:
        """The moment as of which records are told."""
        return self.at or clock.now()

    @property
    def day(self) -> date:
        """The province's day in which the window ends."""
        return clock.last_day(self.end)

    @property
    def query(self) -> str:
        """It as it stands in an address."""
        return urlencode(self.fields)

    @property
    def fields(self) -> dict[str, str]:
        """The same by name."""
        fields = {"area": self.area.text, "from": _minute(self.start), "to": _minute(self.end)}
        return fields if self.at is None else fields | {"at": _minute(self.at)}


def _minute(moment: datetime) -> str:
    return localtime(moment).strftime("%Y-%m-%dT%H:%M")
