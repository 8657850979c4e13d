"""Numbers and days inside sentences, in the language in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tuyendau.insight.reports.rules.paper import Cell, Shown, shown


def language() -> str:
    """ "vi" or "en"."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def whole(value: Cell) -> str:
    """A number without decimals."""
    return shown(value, Shown.WHOLE, language())


def tenths(value: Cell) -> str:
    """A number with one decimal."""
    return shown(value, Shown.TENTHS, language())


def percent(share: float | None) -> str:
    """A share of one in per cent with one decimal."""
    return "–" if share is None else f"{tenths(100 * share)}%"


def day(iso: str | None) -> str:
    """A day as 28/05/2021."""
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else "–"


def short_day(iso: str) -> str:
    """A day without its year."""
    return f"{date.fromisoformat(iso):%d/%m}"


def moment(iso: str) -> str:
    """A moment of the province's clock, as papers say it."""
    at = localtime(datetime.fromisoformat(iso))
    return f"{at:%H giờ %M ngày %d/%m/%Y}" if language() == "vi" else f"{at:%H:%M on %d/%m/%Y}"


def change(value: int, before: int) -> str:
    """How a number differs from the one before it, in words."""
    if value == before:
        return _("no change")
    said = {"n": whole(abs(value - before))}
    return _("up %(n)s") % said if value > before else _("down %(n)s") % said


def figure(figures: list[Mapping[str, Any]], code: str) -> Mapping[str, Any]:
    """The figure of a code."""
    return next(each for each in figures if each["code"] == code)
