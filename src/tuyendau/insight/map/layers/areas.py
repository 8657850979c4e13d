"""Communes or districts, shaded by new cases, their rate, contacts in follow-up, or days since the last case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tuyendau.access import Permission
from tuyendau.core.places.models import UnitLevel
from tuyendau.insight.map import queries, rules
from tuyendau.insight.map.layers import scales
from tuyendau.insight.map.layers.base import (
    Asked,
    Class,
    Column,
    Features,
    Kind,
    Layer,
    Note,
    Option,
    layer,
)
from tuyendau.insight.map.layers.points import STATUSES
from tuyendau.insight.map.queries import Area, Counting, Counts, Timeline, Tree
from tuyendau.records.cases.models import CaseStatus

LEVELS = {"commune": UnitLevel.COMMUNE, "district": UnitLevel.DISTRICT}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything that is counted of the areas."""

    new: Counts
    followed: Counts
    since: Mapping[int, int]


@layer
class Areas(Layer):
    """What is counted by area, as it was known then, on the tree of units of the day."""

    code = "communes"
    title = gettext_lazy("Communes and districts")
    group = gettext_lazy("Units")
    order = 10
    kind = Kind.AREA
    shown = True
    written = "name"
    options = (
        Option(
            "number",
            gettext_lazy("Shaded by"),
            (
                ("new", gettext_lazy("new cases")),
                ("rate", gettext_lazy("new cases per 100,000")),
                ("followup", gettext_lazy("contacts in follow-up")),
                ("since", gettext_lazy("days since the last case")),
            ),
            "new",
        ),
        Option(
            "level",
            gettext_lazy("Level"),
            (("commune", gettext_lazy("communes")), ("district", gettext_lazy("districts"))),
            "commune",
        ),
        Option(
            "days", gettext_lazy("Days"), tuple((str(n), str(n)) for n in rules.DAYS), str(rules.DEFAULT_DAYS)
        ),
        Option(
            "basis",
            gettext_lazy("By date of"),
            (
                ("reported", gettext_lazy("report")),
                ("onset", gettext_lazy("onset")),
                ("sample", gettext_lazy("sample")),
            ),
            "reported",
        ),
        Option(
            "status",
            gettext_lazy("Cases"),
            STATUSES,
            CaseStatus.CONFIRMED.value,
        ),
        Option(
            "tree",
            gettext_lazy("Units"),
            (
                ("day", gettext_lazy("of the day")),
                ("districts", gettext_lazy("before 01/07/2025")),
                ("communes", gettext_lazy("since 01/07/2025")),
            ),
            "day",
        ),
    )
    columns = (
        Column("name", gettext_lazy("Unit")),
        Column("above", gettext_lazy("District")),
        Column("cases", gettext_lazy("New cases"), "integer"),
        Column("rate", gettext_lazy("per 100,000"), "number"),
        Column("followup", gettext_lazy("Contacts in follow-up"), "integer"),
        Column("since", gettext_lazy("Days since the last case"), "integer"),
        Column("population", gettext_lazy("Population"), "integer"),
        Column("code", gettext_lazy("Code")),
    )

    def features(self, asked: Asked) -> Features:
        """The areas, the highest number first. Raises `Denied`."""
        shown, counting = self._tree(asked), self._counting(asked)
        numbers = _numbers(shown, asked, counting)
        number = self.chosen(asked, "number")
        table = sorted(
            (self._row(area, numbers) for area in shown.areas), key=lambda row: _order(row, number)
        )
        outlines = queries.outlines_of([row.area.pk for row in table])
        geometry = np.empty(len(table), object)
        geometry[:] = [outlines.shapes.get(row.area.pk) for row in table]
        address = _Addresses(asked, counting, self._day(asked))
        return Features(
            geometry,
            ids=[row.area.code for row in table],
            classes=[row.level(number) for row in table],
            labels=[row.label for row in table],
            urls=[address.of(row.area) for row in table],
            columns={
                "name": [row.area.name for row in table],
                "above": [row.area.above for row in table],
                "cases": [row.cases for row in table],
                "rate": [row.rate for row in table],
                "followup": [row.followed for row in table],
                "since": [row.since for row in table],
                "population": [row.area.population for row in table],
                "code": [row.area.code for row in table],
            },
            approximate=[row.area.pk in outlines.approximate for row in table],
            notes=_notes(numbers, number, address),
        )

    def legend(self, asked: Asked) -> Sequence[Class]:
        """The classes of the number that is shown."""
        number = self.chosen(asked, "number")
        return scales.since_legend() if number == "since" else _SCALES[number].legend()

    def timeline(self, asked: Asked) -> Timeline:
        """The classes of every day up to that of `asked.at`, as known at its end, by the ids of the features."""
        number, shown = self.chosen(asked, "number"), self._tree(asked)
        found = queries.timeline(
            shown, asked.at, "new" if number == "rate" else number, self._counting(asked)
        )
        if number == "since":
            return found.classed(np.searchsorted(rules.SINCE, found.counts, side="right"))
        values = found.counts.astype(float)
        if number == "rate":
            people = {area.code: area.population for area in shown.areas}
            values *= 100_000 / np.array([people[code] or np.nan for code in found.units])
            values = values.round(1)
        classes = np.searchsorted(_SCALES[number].breaks, values, side="right")
        return found.classed(np.where(np.isnan(values), -1, classes))

    def _day(self, asked: Asked) -> date:
        return queries.day_of_tree(self.chosen(asked, "tree"), asked.day)

    def _tree(self, asked: Asked) -> Tree:
        return queries.tree(asked.viewer, self._day(asked), level=LEVELS[self.chosen(asked, "level")])

    def _counting(self, asked: Asked) -> Counting:
        days, basis, status = (self.chosen(asked, name) for name in ("days", "basis", "status"))
        return Counting(int(days), basis, status)

    def _row(self, area: Area, numbers: Numbers) -> _Row:
        if not area.own:
            return _Row(area)
        cases = numbers.new.by_area[area.pk]
        rate = rules.rate(cases, area.population)
        return _Row(area, cases, rate, numbers.followed.by_area[area.pk], numbers.since.get(area.pk))


_SCALES = {"new": scales.NEW, "rate": scales.RATE, "followup": scales.FOLLOWED}


@dataclass(frozen=True, slots=True)
class _Row:
    """An area with its numbers, None where the viewer may not see them."""

    area: Area
    cases: int | None = None
    rate: float | None = None
    followed: int | None = None
    since: int | None = None

    def level(self, number: str) -> int:
        """Its class by a number; -1 where the viewer may not see it, or it cannot be said."""
        if number == "since":
            return scales.since_of(self.since) if self.area.own else -1
        value = {"new": self.cases, "rate": self.rate, "followup": self.followed}[number]
        return _SCALES[number].of(value)

    @property
    def label(self) -> str:
        """The area in words, for who points at it."""
        name = f"{self.area.name}, {self.area.above}" if self.area.above else self.area.name
        if self.cases is None or self.followed is None:
            return name
        told = [ngettext("%(count)s case", "%(count)s cases", self.cases) % {"count": _written(self.cases)}]
        if self.rate is not None:
            told.append(
                _("%(rate)s per 100,000") % {"rate": number_format(self.rate, 1, force_grouping=True)}
            )
        words = ngettext("%(n)s contact in follow-up", "%(n)s contacts in follow-up", self.followed)
        told.append(words % {"n": _written(self.followed)})
        if self.since is not None:
            words = ngettext("last case %(n)s day ago", "last case %(n)s days ago", self.since)
            told.append(_("last case today") if self.since == 0 else words % {"n": _written(self.since)})
        return f"{name}: {', '.join(told)}"


def _written(number: int) -> str:
    return str(number_format(number, 0, force_grouping=True))


def _order(row: _Row, number: str) -> tuple[bool, float, str]:
    """Those of which nothing is known last; the highest first, of days since the last case the lowest."""
    value = {"new": row.cases, "rate": row.rate, "followup": row.followed, "since": row.since}[number]
    if value is None:
        return True, float(not row.area.own), row.area.code
    return False, value if number == "since" else -value, row.area.code


def _numbers(shown: Tree, asked: Asked, counting: Counting) -> Numbers:
    last = queries.last_cases(shown, asked.at, counting)
    since = {area: (asked.day - day).days for area, day in last.items()}
    return Numbers(queries.new_cases(shown, asked.at, counting), queries.followed(shown, asked.at), since)


class _Addresses:
    """Where the cases of an area are listed, for whoever may see cases."""

    def __init__(self, asked: Asked, counting: Counting, tree: date) -> None:
        self._may = asked.viewer.may(Permission.CASE_VIEW)
        self._same = {
            "unit_on": tree.isoformat(), "from": counting.first(asked.day).isoformat(),
            "to": asked.day.isoformat(), "basis": counting.basis, "status": counting.status,
        }  # fmt: skip

    def of(self, area: Area) -> str | None:
        """The line list of the window's cases there."""
        return self._list(unit=area.code) if area.own else None

    def nowhere(self) -> str | None:
        """The line list of the window's cases of no known commune."""
        return self._list(no_unit="1")

    def _list(self, **where: str) -> str | None:
        return f"{reverse('cases:list')}?{urlencode(where | self._same)}" if self._may else None


def _notes(numbers: Numbers, number: str, address: _Addresses) -> list[Note]:
    """What is counted and lies in no area of the map."""
    if number == "followup":
        beside = numbers.followed.no_unit + numbers.followed.elsewhere
        words = ngettext(
            "%(n)s contact in follow-up lives in no unit of this map.",
            "%(n)s contacts in follow-up live in no unit of this map.",
            beside,
        )
        return [Note(words % {"n": _written(beside)})] if beside else []
    notes = []
    if numbers.new.no_unit:
        words = ngettext(
            "%(n)s case has no known commune.", "%(n)s cases have no known commune.", numbers.new.no_unit
        )
        notes.append(Note(words % {"n": _written(numbers.new.no_unit)}, address.nowhere()))
    if numbers.new.elsewhere:
        words = ngettext(
            "%(n)s case is counted in a unit that is not on this map.",
            "%(n)s cases are counted in units that are not on this map.",
            numbers.new.elsewhere,
        )
        notes.append(Note(words % {"n": _written(numbers.new.elsewhere)}))
    return notes
