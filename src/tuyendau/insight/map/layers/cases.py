"""Cases as points: where they are treated, in quarantine, at home, or where they work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext

from tuyendau.access import Permission, Privacy
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
from tuyendau.insight.map.layers.points import STATUSES, points
from tuyendau.insight.map.queries.areas import Counting
from tuyendau.insight.map.queries.cases import Placed, Wanted, Where, known_cases, placed
from tuyendau.records.cases.models import CaseStatus, Outcome

CLASSES = (
    Class(Where.TREATMENT, gettext_lazy("in treatment"), "#7b3294", shape=Shape.CROSS),
    Class(Where.QUARANTINE, gettext_lazy("in a quarantine facility"), "#0571b0", shape=Shape.SQUARE),
    Class(Where.HOME, gettext_lazy("where they live"), "#ca0020", shape=Shape.CIRCLE),
    Class(Where.WORK, gettext_lazy("where they work or learn"), "#e66101", shape=Shape.TRIANGLE),
    Class(Where.COMMUNE, gettext_lazy("only the commune is known"), "#636363", shape=Shape.DIAMOND),
)
_ADDRESS = "case_public_id"


@layer
class Cases(Layer):
    """The cases in the viewer's reach as they were known then."""

    code = "cases"
    title = gettext_lazy("Cases")
    group = gettext_lazy("Cases")
    order = 20
    kind = Kind.POINT
    permission = Permission.CASE_VIEW
    clustered = True
    sensitive = True
    topics = ("cases", "map")
    options = (
        Option(
            "shown",
            gettext_lazy("Which"),
            (
                ("open", gettext_lazy("without an outcome so far")),
                ("7", gettext_lazy("reported in 7 days")),
                ("14", gettext_lazy("reported in 14 days")),
                ("all", gettext_lazy("all")),
            ),
            "open",
        ),
        Option(
            "status",
            gettext_lazy("Status"),
            STATUSES,
            CaseStatus.CONFIRMED.value,
        ),
        Option(
            "place",
            gettext_lazy("Drawn"),
            (
                ("now", gettext_lazy("where they are")),
                ("home", gettext_lazy("where they live")),
                ("work", gettext_lazy("where they work or learn")),
            ),
            "now",
        ),
    )
    columns = (
        Column("case", gettext_lazy("Case"), privacy=Privacy.PERSONAL),
        Column("status", gettext_lazy("Status"), privacy=Privacy.SENSITIVE),
        Column("where", gettext_lazy("Drawn"), privacy=Privacy.SENSITIVE),
        Column("place", gettext_lazy("Location"), privacy=Privacy.SENSITIVE),
        Column("commune", gettext_lazy("Commune"), privacy=Privacy.PERSONAL),
        Column("reported", gettext_lazy("Reported"), "day", Privacy.SENSITIVE),
        Column("onset", gettext_lazy("Onset"), "day", Privacy.SENSITIVE),
        Column("sampled", gettext_lazy("Sampled"), "day", Privacy.SENSITIVE),
        Column("isolated", gettext_lazy("Isolated since"), "moment", Privacy.SENSITIVE),
        Column("outcome", gettext_lazy("Outcome"), privacy=Privacy.SENSITIVE),
    )

    def features(self, asked: Asked) -> Features:
        """The cases, the latest report first. Raises `Denied`."""
        asked.viewer.require(Permission.MAP_VIEW)
        found = placed(
            known_cases(asked.viewer, asked.at, self._wanted(asked)),
            asked.at,
            drawn=self.chosen(asked, "place"),
        )
        address = reverse("cases:detail", args=[_ADDRESS])
        # Words are said once, and not for each of thousands.
        words = {one.value: str(one.word) for one in CLASSES}
        statuses = {status.value: str(status.label) for status in CaseStatus}
        outcomes = {outcome.value: str(outcome.label) for outcome in Outcome}
        return Features(
            points(each.point for each in found),
            ids=[each.case.public_id for each in found],
            classes=[int(each.where) for each in found],
            labels=[_label(each, words[each.where]) for each in found],
            urls=[address.replace(_ADDRESS, each.case.public_id) for each in found],
            columns={
                "case": [each.case.code or each.case.public_id for each in found],
                "status": [statuses[each.case.status] for each in found],
                "where": [words[each.where] for each in found],
                "place": [each.spot.full_name if each.spot else "" for each in found],
                "commune": [each.commune.name for each in found],
                "reported": [each.case.reported_on for each in found],
                "onset": [each.case.onset_on for each in found],
                "sampled": [each.case.sampled_on for each in found],
                "isolated": [each.case.isolated_at for each in found],
                "outcome": [outcomes.get(each.case.outcome, "") for each in found],
            },
            people=[each.case.person for each in found],
            approximate=[each.approximate for each in found],
            notes=_notes(found),
        )

    def legend(self, asked: Asked) -> Sequence[Class]:
        """The kinds of place at which cases are drawn."""
        wanted = {"home": (Where.HOME, Where.COMMUNE), "work": (Where.WORK, Where.COMMUNE)}
        chosen = wanted.get(self.chosen(asked, "place"), tuple(Where))
        return [one for one in CLASSES if one.value in chosen]

    def _wanted(self, asked: Asked) -> Wanted:
        shown = self.chosen(asked, "shown")
        first = asked.day - timedelta(days=int(shown) - 1) if shown.isdigit() else date.min
        statuses = Counting(status=self.chosen(asked, "status")).statuses
        return Wanted(statuses, first, open=shown == "open")


def _label(each: Placed, where: str) -> str:
    """A case in words, for who points at it; never a name."""
    place = each.spot.name if each.spot else each.commune.name
    told = [each.case.code or each.case.public_id, where, place, f"{each.case.reported_on:%d/%m/%Y}"]
    return " · ".join(filter(None, told))


def _notes(found: Sequence[Placed]) -> list[Note]:
    """Cases of which no place is known: they stand in the table."""
    nowhere = sum(each.point is None for each in found)
    words = ngettext(
        "Of %(n)s case no place is known: it stands in the table.",
        "Of %(n)s cases no place is known: they stand in the table.",
        nowhere,
    )
    return [Note(words % {"n": number_format(nowhere)})] if nowhere else []
