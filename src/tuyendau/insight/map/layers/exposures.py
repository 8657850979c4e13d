"""Places where cases were while infectious, with their hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext

from tuyendau.access import Permission, Privacy
from tuyendau.core.places.models import SiteKind
from tuyendau.core.places.queries import reach_of
from tuyendau.insight.map.layers.base import (
    Asked,
    Class,
    Column,
    Features,
    Kind,
    Layer,
    Option,
    Shape,
    layer,
)
from tuyendau.insight.map.layers.points import hours, points, unplaced
from tuyendau.insight.map.queries.exposed import Exposed, exposed_sites
from tuyendau.insight.map.queries.spots import NOWHERE, communes
from tuyendau.lib import clock

MOST_TOLD = 7
_AGES = (1, 3, 7)
"""Days since the last presence, the last of each class but the oldest."""
CLASSES = (
    Class(0, gettext_lazy("today or yesterday"), "#800026", shape=Shape.STAR),
    Class(1, gettext_lazy("2 to 3 days ago"), "#e31a1c", shape=Shape.TRIANGLE),
    Class(2, gettext_lazy("4 to 7 days ago"), "#fd8d3c", shape=Shape.SQUARE),
    Class(3, gettext_lazy("longer ago"), "#fed976"),
)
_SITE = "site_public_id"


@layer
class Exposures(Layer):
    """Sites where confirmed cases were in their infectious windows."""

    code = "exposures"
    title = gettext_lazy("Exposure sites")
    group = gettext_lazy("Cases")
    order = 30
    kind = Kind.POINT
    permission = Permission.CASE_VIEW
    clustered = True
    sensitive = True
    topics = ("cases", "map")
    options = (
        Option(
            "days",
            gettext_lazy("Days"),
            (("3", "3"), ("7", "7"), ("14", "14"), ("21", "21")),
            "14",
        ),
        Option(
            "homes",
            gettext_lazy("Homes and rooms"),
            (("no", gettext_lazy("left out")), ("yes", gettext_lazy("shown"))),
            "no",
        ),
    )
    columns = (
        Column("name", gettext_lazy("Location"), privacy=Privacy.SENSITIVE),
        Column("kind", gettext_lazy("Kind")),
        Column("commune", gettext_lazy("Commune")),
        Column("cases", gettext_lazy("Cases"), "integer", Privacy.SENSITIVE),
        Column("first", gettext_lazy("From when"), "moment", Privacy.SENSITIVE),
        Column("last", gettext_lazy("Until when"), "moment", Privacy.SENSITIVE),
        Column("hours", gettext_lazy("Hours"), privacy=Privacy.SENSITIVE),
    )

    def features(self, asked: Asked) -> Features:
        """The sites, the latest presence first. Raises `Denied`."""
        days, homes = int(self.chosen(asked, "days")), self.chosen(asked, "homes") == "yes"
        found = exposed_sites(asked.viewer, asked.at, days, homes=homes)
        names = communes(each.spot.unit for each in found)
        kinds = {kind.value: str(kind.label) for kind in SiteKind}
        own = reach_of(asked.viewer, Permission.VISIT_VIEW)
        address = reverse("places:site", args=[_SITE])
        return Features(
            points(each.spot.point for each in found),
            ids=[each.spot.public_id for each in found],
            classes=[_class(each.end, asked) for each in found],
            labels=[_label(each) for each in found],
            urls=[
                address.replace(_SITE, each.spot.public_id) if each.spot.unit in own.units else None
                for each in found
            ],
            columns={
                "name": [each.spot.full_name for each in found],
                "kind": [kinds[each.spot.kind] for each in found],
                "commune": [names.get(each.spot.unit, NOWHERE).name for each in found],
                "cases": [each.cases for each in found],
                "first": [each.start for each in found],
                "last": [each.end for each in found],
                "hours": [_all_hours(each) for each in found],
            },
            approximate=[each.spot.approximate for each in found],
            notes=unplaced([each.spot for each in found]),
        )

    def legend(self, asked: Asked) -> Sequence[Class]:
        """How long ago a case was there last."""
        return CLASSES


def _class(end: datetime, asked: Asked) -> int:
    ago = (asked.day - clock.last_day(end)).days
    return next((n for n, most in enumerate(_AGES) if ago <= most), len(_AGES))


def _label(each: Exposed) -> str:
    cases = ngettext("%(count)s case", "%(count)s cases", each.cases) % {"count": number_format(each.cases)}
    return f"{each.spot.full_name}: {cases}, {hours(*each.days[-1][1:])}"


def _all_hours(each: Exposed) -> str:
    """The hours, the latest first: each day from the first case that came to the last that left, nights in one."""
    spans: list[tuple[datetime, datetime]] = []
    for _day, start, end in each.days:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    told = [hours(*span) for span in reversed(spans[-MOST_TOLD:])]
    return "; ".join([*told, *(["…"] if len(spans) > MOST_TOLD else [])])
