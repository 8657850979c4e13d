"""Communes shaded by the cases of the days before."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import numpy as np
import shapely
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tuyendau.insight.map import queries, rules
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
from tuyendau.insight.map.queries import Choice, Commune
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.cases.queries import ALL

LEVEL_WORDS = (
    gettext_lazy("none"),
    gettext_lazy("single cases"),
    gettext_lazy("few"),
    gettext_lazy("many"),
    gettext_lazy("very many"),
    gettext_lazy("extreme"),
)


@layer
class Communes(Layer):
    """Cases of a window by commune, on the tree of units of the day."""

    code = "communes"
    title = gettext_lazy("Cases by commune")
    group = gettext_lazy("Units")
    order = 10
    kind = Kind.AREA
    shown = True
    written = "name"
    options = (
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
            (
                (CaseStatus.CONFIRMED.value, gettext_lazy("confirmed")),
                (CaseStatus.PROBABLE.value, gettext_lazy("probable")),
                (CaseStatus.SUSPECTED.value, gettext_lazy("suspected")),
                (ALL, gettext_lazy("all not discarded")),
            ),
            CaseStatus.CONFIRMED.value,
        ),
    )
    columns = (
        Column("name", gettext_lazy("Commune")),
        Column("above", gettext_lazy("District")),
        Column("count", gettext_lazy("Cases"), "integer"),
        Column("rate", gettext_lazy("per 100,000"), "number"),
    )

    def features(self, asked: Asked) -> Features:
        """The communes, most cases first. Raises `Denied`."""
        choice = self._choice(asked)
        found = queries.situation(viewer=asked.viewer, choice=choice)
        outlines = queries.outlines(viewer=asked.viewer, day=choice.as_of)
        drawn = [outlines.get(commune.pk) for commune in found.communes]
        geometry = np.empty(len(drawn), dtype=object)
        geometry[:] = [one and shapely.from_geojson(one.geometry) for one in drawn]
        return Features(
            geometry,
            ids=[commune.code for commune in found.communes],
            classes=[-1 if commune.level is None else commune.level for commune in found.communes],
            labels=[_label(commune) for commune in found.communes],
            urls=[
                None if commune.count is None else _list_url(choice, unit=commune.code)
                for commune in found.communes
            ],
            columns={
                "name": [commune.name for commune in found.communes],
                "above": [commune.above for commune in found.communes],
                "count": [commune.count for commune in found.communes],
                "rate": [commune.rate for commune in found.communes],
            },
            approximate=[one is not None and one.approximate for one in drawn],
            notes=_notes(found, choice),
        )

    def legend(self, asked: Asked) -> Sequence[Class]:
        """The classes, from none to most."""
        return [
            Class(level, LEVEL_WORDS[level], colour, _span(level))
            for level, colour in enumerate(rules.COLOURS)
        ]

    def _choice(self, asked: Asked) -> Choice:
        days, basis, status = (self.chosen(asked, name) for name in ("days", "basis", "status"))
        return Choice(asked.day, int(days), basis, status)


def _span(level: int) -> str:
    low, high = rules.span_of(level)
    return str(low) if low == high else f"{low}–{high}" if high is not None else f"≥ {low}"


def _label(commune: Commune) -> str:
    """The commune in words, for who points at it."""
    name = f"{commune.name}, {commune.above}" if commune.above else commune.name
    if commune.count is None:
        return name
    cases = ngettext("%(count)s case", "%(count)s cases", commune.count)
    cases %= {"count": number_format(commune.count, 0, force_grouping=True)}
    if commune.rate is None:
        return f"{name}: {cases}"
    rate = _("%(rate)s per 100,000") % {"rate": number_format(commune.rate, 1, force_grouping=True)}
    return f"{name}: {cases}, {rate}"


def _list_url(choice: Choice, **where: str) -> str:
    """The line list of the cases of the window in a unit (`unit`), or in none (`no_unit`)."""
    span = choice.window
    asked = where | {"unit_on": choice.as_of.isoformat(), "from": span.first.isoformat()}
    asked |= {"to": span.last.isoformat(), "basis": choice.basis, "status": choice.status}
    return f"{reverse('cases:list')}?{urlencode(asked)}"


def _notes(found: queries.Situation, choice: Choice) -> list[Note]:
    """What is counted and lies in no commune of the map."""
    notes = []
    if found.no_unit:
        words = ngettext(
            "%(n)s case without a commune here, or from outside the province",
            "%(n)s cases without a commune here, or from outside the province",
            found.no_unit,
        )
        notes.append(Note(words % {"n": number_format(found.no_unit)}, _list_url(choice, no_unit="1")))
    if found.elsewhere:
        words = ngettext(
            "%(n)s case is counted in a unit that is not on this map.",
            "%(n)s cases are counted in units that are not on this map.",
            found.elsewhere,
        )
        notes.append(Note(words % {"n": number_format(found.elsewhere)}))
    return notes
