"""Time as the province lives it: Asia/Ho_Chi_Minh, +07:00 without daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
UTC_OFFSET_SECONDS = 7 * 3600


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The province's calendar day of an aware `moment`."""
    return moment.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """The first moment of `day` in the province."""
    return datetime.combine(day, time(), ZONE)


def day_span(first: date, last: date) -> tuple[datetime, datetime]:
    """[start of `first`, end of `last`): both days whole, half-open."""
    return midnight(first), midnight(last + timedelta(days=1))
