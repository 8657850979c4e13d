"""Where one case was in its infectious window, in order of time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from tuyendau.access import Permission, Privacy
from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers.base import (
    Asked,
    Class,
    Column,
    Features,
    Kind,
    Layer,
    Note,
    Option,
    Shape,
    layer,
)
from tuyendau.insight.map.layers.points import hours
from tuyendau.insight.map.queries.exposed import Movement as Moved
from tuyendau.insight.map.queries.exposed import Stop, movement

FIRST, BETWEEN, LAST, WAY = range(4)
CLASSES = (
    Class(FIRST, gettext_lazy("first place"), "#1b7837", shape=Shape.TRIANGLE),
    Class(BETWEEN, gettext_lazy("on the way"), "#e66101", shape=Shape.CIRCLE),
    Class(LAST, gettext_lazy("last place"), "#7b3294", shape=Shape.STAR),
    Class(WAY, gettext_lazy("from one place to the next, as the crow flies"), "#404040"),
)


class Part(NamedTuple):
    """A place of the movement, or the way to the next."""

    number: int
    level: int
    geometry: BaseGeometry | None
    stop: Stop


@layer
class Movement(Layer):
    """The movement of the case that the address names."""

    code = "movement"
    title = gettext_lazy("Movement of a case")
    group = gettext_lazy("Cases")
    order = 40
    kind = Kind.LINE
    permission = Permission.CASE_VIEW
    sensitive = True
    topics = ("cases", "map")
    options = (Option("case", gettext_lazy("Case"), (), ""),)
    columns = (
        Column("number", gettext_lazy("No."), "integer"),
        Column("place", gettext_lazy("Location"), privacy=Privacy.SENSITIVE),
        Column("kind", gettext_lazy("Kind"), privacy=Privacy.SENSITIVE),
        Column("start", gettext_lazy("From when"), "moment", Privacy.SENSITIVE),
        Column("end", gettext_lazy("Until when"), "moment", Privacy.SENSITIVE),
        Column("assumed", gettext_lazy("End seen"), privacy=Privacy.SENSITIVE),
    )

    def features(self, asked: Asked) -> Features:
        """The places in order of time, and behind them the ways between. Raises `Denied`."""
        wanted = self.chosen(asked, "case")
        found = movement(asked.viewer, asked.at, wanted)
        if found is None:
            return _nothing(wanted)
        parts = [*_places(found.stops), *_ways(found.stops)]
        geometry = np.empty(len(parts), object)
        geometry[:] = [part.geometry for part in parts]
        kinds = {kind.value: str(kind.label) for kind in SiteKind}
        url = reverse("cases:detail", args=[found.case.public_id])
        return Features(
            geometry,
            ids=[f"{'way' if part.level == WAY else 'place'}-{part.number}" for part in parts],
            classes=[part.level for part in parts],
            labels=[_label(part) for part in parts],
            urls=[url] * len(parts),
            columns={
                "number": [part.number for part in parts],
                "place": [part.stop.spot.full_name for part in parts],
                "kind": [kinds[part.stop.spot.kind] for part in parts],
                "start": [part.stop.start for part in parts],
                "end": [part.stop.end for part in parts],
                "assumed": [_("no, assumed") if part.stop.assumed else _("yes") for part in parts],
            },
            people=[found.case.person] * len(parts),
            approximate=[part.stop.spot.approximate for part in parts],
            notes=_notes(found),
        )

    def legend(self, asked: Asked) -> Sequence[Class]:
        """Places and ways."""
        return CLASSES


def _places(stops: Sequence[Stop]) -> list[Part]:
    last = len(stops) - 1
    return [
        Part(
            n + 1,
            FIRST if n == 0 else LAST if n == last else BETWEEN,
            shapely.Point(stop.spot.point) if stop.spot.point else None,
            stop,
        )
        for n, stop in enumerate(stops)
    ]


def _ways(stops: Sequence[Stop]) -> list[Part]:
    """Straight lines between places that follow one another and lie apart, each told of as the place reached."""
    known = [(n, stop, stop.spot.point) for n, stop in enumerate(stops, 1) if stop.spot.point]
    return [
        Part(n, WAY, shapely.LineString([left, point]), reached)
        for (_n, _stop, left), (n, reached, point) in pairwise(known)
        if left != point
    ]


def _label(part: Part) -> str:
    told = f"{part.number}. {part.stop.spot.full_name}: {hours(part.stop.start, part.stop.end)}"
    return _("to %(place)s") % {"place": told} if part.level == WAY else told


def _nothing(wanted: str) -> Features:
    words = (
        _("There is no such case in your reach at that moment.")
        if wanted
        else _("Open a case and choose “On the map” to see where it was.")
    )
    empty = np.empty(0, object)
    return Features(
        empty, [], [], [], [], {column.name: [] for column in Movement.columns}, notes=[Note(words)]
    )


def _notes(found: Moved) -> list[Note]:
    name = found.case.code or found.case.public_id
    words = _("%(case)s, infectious from %(hours)s")
    told = words % {"case": name, "hours": hours(found.window.start, found.window.end)}
    notes = [Note(told, reverse("cases:detail", args=[found.case.public_id]))]
    if not found.stops:
        notes.append(Note(_("Nothing is recorded of where it was in this time.")))
    return notes
