"""Time as the engine counts it: int32 seconds since `EPOCH`, and days cut at local midnight.

An int32 reaches from December 1951 to January 2088. Vietnam keeps +07:00 all year, so a local day is a fixed
shift and needs no time-zone table.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""The instant 0 of every int32 time in `tuyendau.science`."""

DAY = 86_400
"""Seconds in a day."""

UTC_OFFSET = 7 * 3_600
"""Seconds by which local time leads UTC in Vietnam (Asia/Ho_Chi_Minh)."""

_FIRST_DAY = date(2020, 1, 1)
_LIMIT = 2**31


def to_seconds(moment: datetime) -> int:
    """Seconds from `EPOCH` to an aware `moment`, rounded down.

    Raises ValueError for a naive datetime and OverflowError outside 1951-12-13 to 2088-01-19.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without an offset is ambiguous: give it a tzinfo")
    seconds = (moment - EPOCH) // timedelta(seconds=1)
    if not -_LIMIT <= seconds < _LIMIT:
        raise OverflowError(f"{moment.isoformat()} lies outside 1951 to 2088")
    return seconds


def to_datetime(seconds: int, utc_offset: int = UTC_OFFSET) -> datetime:
    """The local aware datetime at `seconds` since `EPOCH`."""
    zone = timezone(timedelta(seconds=utc_offset))
    return (EPOCH + timedelta(seconds=int(seconds))).astimezone(zone)


def day_of(seconds: int, utc_offset: int = UTC_OFFSET) -> int:
    """The local day that holds an instant, as days since 2020-01-01 (local)."""
    return (int(seconds) + utc_offset) // DAY


def day_start(day: int, utc_offset: int = UTC_OFFSET) -> int:
    """Seconds since `EPOCH` at the local midnight that begins `day`."""
    return int(day) * DAY - utc_offset


def date_to_day(value: date) -> int:
    """Days since 2020-01-01 of a local calendar date."""
    return (value - _FIRST_DAY).days


def day_to_date(day: int) -> date:
    """The local calendar date of a day number."""
    return _FIRST_DAY + timedelta(days=int(day))


def minutes_shown(seconds: int) -> int:
    """Whole minutes for display, half a minute rounding up: 5 min 45 s is 6, 5 min 15 s is 5, 30 s is 1."""
    if seconds < 0:
        raise ValueError("a duration is not negative")
    return (int(seconds) + 30) // 60
