"""Dates as official papers write them in Vietnamese."""

from __future__ import annotations

from datetime import date


def in_words(day: date) -> str:
    """A date as "ngày 05 tháng 5 năm 2021"; days below 10 and months 1 and 2 with a nought, which leaves no room."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
