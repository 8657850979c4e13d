"""What the layers of sites share: drawn by kind or by cases, with how many cases and contacts belong there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tuyendau.access import Permission, Privacy
from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers import scales
from tuyendau.insight.map.layers.base import Asked, Class, Column, Features, Kind, Layer, Option, Shape
from tuyendau.insight.map.layers.points import points, unplaced
from tuyendau.insight.map.queries.sites import Counted, Kinds, sites_counted
from tuyendau.insight.map.queries.spots import NOWHERE, communes

Drawn = Mapping[str, tuple[str, Shape]]
"""Colour and shape by kind of site, in the order of the legend."""
GROUP = gettext_lazy("Places")
_SITE = "site_public_id"
_SHAPES = (Shape.CIRCLE, Shape.CIRCLE, Shape.SQUARE, Shape.DIAMOND, Shape.TRIANGLE, Shape.STAR)

BY = Option(
    "by",
    gettext_lazy("Drawn by"),
    (("kind", gettext_lazy("kind")), ("cases", gettext_lazy("cases"))),
    "kind",
)
DAYS = Option("days", gettext_lazy("Days"), (("7", "7"), ("14", "14"), ("28", "28")), "14")


class SiteLayer(Layer):
    """A layer of sites of some kinds. Who holds one of `permissions` sees numbers; nobody where there are none."""

    group = GROUP
    kind = Kind.POINT
    clustered = True
    drawn: ClassVar[Drawn]
    permissions: ClassVar[tuple[Permission, ...]] = (Permission.CASE_VIEW,)
    everywhere: ClassVar[bool] = False
    now: ClassVar[bool] = False
    options: ClassVar[tuple[Option, ...]] = (BY, DAYS)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("name", pgettext_lazy("site", "Name")),
        Column("kind", gettext_lazy("Kind")),
        Column("commune", gettext_lazy("Commune")),
        Column("cases", gettext_lazy("Cases"), "integer", Privacy.SENSITIVE),
        Column("contacts", gettext_lazy("Contacts in follow-up"), "integer", Privacy.SENSITIVE),
        Column("capacity", gettext_lazy("Capacity"), "integer"),
    )

    def features(self, asked: Asked) -> Features:
        """The sites, those with most cases first. Raises `Denied`."""
        days = int(self.chosen(asked, "days")) if DAYS in self.options else 14
        found = sites_counted(
            asked.viewer,
            asked.at,
            Kinds(tuple(self.drawn), self.permissions, self.everywhere, self.now, days),
        )
        names = communes(each.spot.unit for each in found)
        words = {kind.value: str(kind.label) for kind in SiteKind}
        address = reverse("places:site", args=[_SITE])
        opens = asked.viewer.may(Permission.VISIT_VIEW)
        told: dict[str, Sequence[Any]] = {
            "name": [each.spot.full_name for each in found],
            "kind": [words[each.spot.kind] for each in found],
            "commune": [names.get(each.spot.unit, NOWHERE).name for each in found],
            "cases": [each.cases for each in found],
            "contacts": [each.contacts for each in found],
            "capacity": [each.capacity for each in found],
        }
        return Features(
            points(each.spot.point for each in found),
            ids=[each.spot.public_id for each in found],
            classes=self._classes(asked, found),
            labels=[_label(each, words) for each in found],
            urls=[
                address.replace(_SITE, each.spot.public_id) if opens and each.own else None for each in found
            ],
            columns={column.name: told[column.name] for column in self.columns},
            approximate=[each.spot.approximate for each in found],
            notes=unplaced([each.spot for each in found]),
        )

    def legend(self, asked: Asked) -> Sequence[Class]:
        """The kinds, or the numbers of cases."""
        if self._by_cases(asked):
            classes = scales.NEW.legend()
            return [
                Class(one.value, one.word, one.colour, one.span, shape)
                for one, shape in zip(classes, _SHAPES, strict=True)
            ]
        words = {kind.value: kind.label for kind in SiteKind}
        return [
            Class(n, words[kind], colour, shape=shape)
            for n, (kind, (colour, shape)) in enumerate(self.drawn.items())
        ]

    def _by_cases(self, asked: Asked) -> bool:
        return BY in self.options and self.chosen(asked, "by") == "cases"

    def _classes(self, asked: Asked, found: Sequence[Counted]) -> list[int]:
        if self._by_cases(asked):
            return [scales.NEW.of(each.cases) for each in found]
        places = {kind: n for n, kind in enumerate(self.drawn)}
        return [places[each.spot.kind] for each in found]


def _label(each: Counted, words: Mapping[str, str]) -> str:
    told = f"{each.spot.full_name} ({words[each.spot.kind]})"
    if each.cases is None or each.contacts is None:
        return told
    cases = ngettext("%(count)s case", "%(count)s cases", each.cases) % {"count": number_format(each.cases)}
    contacts = ngettext("%(n)s contact in follow-up", "%(n)s contacts in follow-up", each.contacts)
    return f"{told}: {cases}, {contacts % {'n': number_format(each.contacts)}}"
