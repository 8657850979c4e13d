"""What charts draw, as the tables from which they read it: one source for those who see and those who listen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tuyendau.insight.situation.queries import Ages, Band, Curve, Testing, Trend
from tuyendau.insight.situation.rules import Window
from tuyendau.insight.situation.views.links import Links
from tuyendau.science.epi.growth import LEAST_CASES, LEAST_DAYS_WITH_CASES, Growth


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the list behind it."""

    value: int | float | None
    url: str = ""

    @property
    def raw(self) -> str:
        """The number as a chart reads it; "" where there is none."""
        return "" if self.value is None else str(self.value)

    @property
    def shown(self) -> str:
        """The number as people read it."""
        if self.value is None:
            return "–"
        return str(number_format(self.value, int(isinstance(self.value, float)), force_grouping=True))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its head, its cells, and whether it lacks what is still to come."""

    head: str
    cells: tuple[Cell, ...]
    incomplete: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Heads of columns and rows."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]


def curve_table(curve: Curve, links: Links) -> Table:
    """The curve by day, the first day first: a column for each part, and the trailing mean of 7 complete days."""
    means = _means(curve)
    lines = []
    for n, day in enumerate(curve.days):
        cells = [
            Cell(each.counts[n], links.day(day, each.code) if each.counts[n] else "") for each in curve.series
        ]
        total = sum(cell.value or 0 for cell in cells)
        lines.append(Line(
            date_format(day, "SHORT_DATE_FORMAT"), (*cells, Cell(means[n])), day >= curve.incomplete,
            links.day(day) if total else "",
        ))  # fmt: skip
    return Table((*(str(each.title) for each in curve.series), _("mean of 7 days")), tuple(lines))


def _means(curve: Curve) -> list[float | None]:
    totals = curve.totals
    return [
        round(sum(totals[n - 6 : n + 1]) / 7, 1) if n >= 6 and day < curve.incomplete else None
        for n, day in enumerate(curve.days)
    ]


def ages_table(ages: Ages, links: Links) -> Table:
    """Cases by age, the oldest first as the pyramid stands: women, men, sex not known."""
    lines = [_band(band, ages.window, links) for band in reversed(ages.bands)]
    if ages.no_age.total:
        none = ages.no_age
        cells = tuple(Cell(n) for n in (none.female, none.male, none.unknown))
        lines.append(Line(_("age not known"), cells))
    return Table((_("female"), _("male"), _("sex not known")), tuple(lines))


def _band(band: Band, window: Window | None, links: Links) -> Line:
    head = (
        f"{band.first}–{band.last}" if band.last is not None else _("%(age)d and older") % {"age": band.first}
    )

    def cell(count: int, sex: str) -> Cell:
        return Cell(count, links.band(band.first, band.last, sex, window) if count and sex else "")

    return Line(head, (cell(band.female, "F"), cell(band.male, "M"), Cell(band.unknown)))


def testing_table(testing: Testing, links: Links) -> Table:
    """Testing by day: results by what they say, samples taken."""

    def line(day: date, positive: int, negative: int, taken: int) -> Line:
        of = Window(day, day)
        return Line(
            date_format(day, "SHORT_DATE_FORMAT"),
            (
                Cell(positive, links.samples(of, by="first", result="positive") if positive else ""),
                Cell(negative, links.samples(of, by="first", result="negative") if negative else ""),
                Cell(taken, links.samples(of) if taken else ""),
            ),
        )

    heads = (_("positive"), _("negative"), _("samples taken"))
    lines = (line(day.day, day.positive, day.negative, day.taken) for day in testing.days)
    return Table(heads, tuple(lines))


def testing_words(testing: Testing) -> dict[str, str]:
    """Positivity with its interval, turn-around in hours and the share within a day; without what is not known."""
    now = testing.now
    told: dict[str, str] = {}
    if now.positivity is not None and now.interval is not None:
        told |= {
            "positivity": _share(now.positivity), "low": _share(now.interval[0]), "high": _share(now.interval[1]),
        }  # fmt: skip
    if now.hours is not None:
        names = ("median", "quartile_low", "quartile_high", "ninety")
        told |= {name: number_format(hours, 1) for name, hours in zip(names, now.hours, strict=True)}
    if now.in_time_share is not None:
        told["in_time"] = _share(now.in_time_share)
    return told


def _share(share: float) -> str:
    return str(number_format(100 * share, 1))


def growth_words(trend: Trend) -> dict[str, Any]:
    """The growth in words: a headline, its interval, or why nothing is told."""
    days = _span(trend.window)
    if trend.growth is None:
        least = {"cases": sum(trend.cases), "least": LEAST_CASES, "days": LEAST_DAYS_WITH_CASES}
        why = (
            _("Not enough cases: %(cases)s. A rate needs %(least)d or more, on %(days)d days at least.")
            % least
        )
        return {"known": False, "days": days, "why": why}
    found = trend.growth
    return {
        "known": True,
        "days": days,
        "headline": _headline(found),
        "percent": _percent(found.rate),
        "low": _percent(found.low),
        "high": _percent(found.high),
        "clear": found.clear,
        "rising": found.rate > 0,
        "cases": found.cases,
    }


def _headline(found: Growth) -> str:
    time, shortest, longest = found.times
    if not found.clear or longest is None:
        return _("No clear trend")
    told = {"time": _days(time), "shortest": _days(shortest), "longest": _days(longest)}
    if found.rate > 0:
        return _("Cases double every %(time)s days (%(shortest)s to %(longest)s)") % told
    return _("Cases halve every %(time)s days (%(shortest)s to %(longest)s)") % told


def _days(days: float) -> str:
    return number_format(days, 1 if days < 100 else 0, force_grouping=True)


def _percent(rate: float) -> str:
    """A rate a day as the change from one day to the next, in per cent."""
    change = 100 * (math.exp(rate) - 1)
    return ("+" if change > 0 else "−" if change < 0 else "") + number_format(abs(change), 1)


def _span(window: Window) -> str:
    told = {
        "first": date_format(window.first, "SHORT_DATE_FORMAT"),
        "last": date_format(window.last, "SHORT_DATE_FORMAT"),
        "n": window.days,
    }
    return (
        ngettext("%(first)s to %(last)s (%(n)d day)", "%(first)s to %(last)s (%(n)d days)", window.days)
        % told
    )
