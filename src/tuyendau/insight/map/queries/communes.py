"""Reads for the map: cases by commune in a window, and the communes' outlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import shapely
from django.db.models import Count, Max, Min, QuerySet

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit.queries import Event
from tuyendau.core.live.rules import Notice
from tuyendau.core.places.models import Boundary, Unit, UnitLevel
from tuyendau.core.places.queries import carried_to, under, units_in_reach, units_on
from tuyendau.insight.map import rules
from tuyendau.lib import geometry
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import ALL, BASIS_FIELDS, cases_in_reach, whereabouts_of_cases

COUNTED = (CaseStatus.CONFIRMED, CaseStatus.PROBABLE, CaseStatus.SUSPECTED)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the map shows: cases of `status` ("all": all but discarded) by the date `basis`, in `days` to `as_of`."""

    as_of: date
    days: int = rules.DEFAULT_DAYS
    basis: str = "reported"
    status: str = CaseStatus.CONFIRMED

    @property
    def window(self) -> rules.Window:
        """The days that are counted."""
        return rules.window(self.as_of, self.days)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune on the map. `count`, `rate`, `level` are None where the viewer may not see them."""

    pk: int
    code: str
    name: str
    above: str
    count: int | None
    rate: float | None
    level: int | None


@dataclass(frozen=True, slots=True)
class Situation:
    """Cases of the window by commune, most first; `no_unit` without commune, `elsewhere` not of these communes."""

    communes: tuple[Commune, ...]
    total: int
    no_unit: int
    elsewhere: int

    @property
    def seen(self) -> tuple[Commune, ...]:
        """The communes whose numbers the viewer may see."""
        return tuple(c for c in self.communes if c.count is not None)


def situation(*, viewer: Viewer, choice: Choice) -> Situation:
    """The situation as the viewer may see it, on the tree of units valid on `choice.as_of`.

    Cases of a unit of another tree count where that unit came from or went to, if that is one unit. Communes of the
    viewer's provinces that are out of their reach come without numbers. Raises `Denied`.
    """
    viewer.require(Permission.MAP_VIEW)
    by_unit = _by_unit(viewer, choice)
    no_unit = by_unit.pop(None, 0)
    here = carried_to((unit for unit in by_unit if unit is not None), choice.as_of)
    counts: Counter[int] = Counter()
    for unit, count in by_unit.items():
        if unit in here:
            counts[here[unit]] += count
    communes = _communes(viewer, choice.as_of, counts)
    on_map = sum(commune.count or 0 for commune in communes)
    elsewhere = sum(by_unit.values()) - on_map
    return Situation(communes, on_map + no_unit + elsewhere, no_unit, elsewhere)


TOLD_OF_THE_MAP = (
    "cases.imported", "case.reported", "case.suspected", "case.probable", "case.confirmed", "case.discarded",
    "case.dates_corrected",
)  # fmt: skip


def notices(events: Sequence[Event]) -> Mapping[int, Sequence[Notice]]:
    """What events mean to open maps: one whose numbers count the case."""
    where = whereabouts_of_cases(event.subject for event in events)
    found: dict[int, list[Notice]] = {}
    for event in events:
        if event.kind == "cases.imported":
            found[event.pk] = [Notice("map", event.subject, Permission.MAP_VIEW, None)]
        elif event.subject in where:
            found[event.pk] = [Notice("map", event.subject, Permission.MAP_VIEW, where[event.subject][1])]
    return found


def _cases(viewer: Viewer, choice: Choice) -> QuerySet[Case]:
    cases = cases_in_reach(viewer, Permission.MAP_VIEW)
    return cases.filter(status__in=COUNTED if choice.status == ALL else [choice.status])


def _by_unit(viewer: Viewer, choice: Choice) -> dict[int | None, int]:
    """Cases of the window by the row number of their unit."""
    field, span = BASIS_FIELDS[choice.basis], choice.window
    cases = _cases(viewer, choice).filter(**{f"{field}__range": (span.first, span.last)})
    # Counts are for whoever may see the map, also without seeing cases.
    with as_program():
        return dict(cases.order_by().values_list("unit").annotate(count=Count("pk")))


def _communes(viewer: Viewer, day: date, counts: Counter[int]) -> tuple[Commune, ...]:
    reach = set(units_in_reach(viewer, Permission.MAP_VIEW).values_list("pk", flat=True))
    shown = communes_shown(viewer, day).values_list(
        "pk", "code", "name", "population", "parent__name", "parent__level"
    )
    communes = []
    for pk, code, name, population, above, above_level in shown:
        count = counts[pk] if pk in reach else None
        communes.append(
            Commune(
                pk,
                code,
                name,
                above if above_level == UnitLevel.DISTRICT else "",
                count,
                None if count is None else rules.rate(count, population),
                None if count is None else rules.level_of(count),
            )
        )
    return tuple(sorted(communes, key=lambda c: (-(c.count or 0), c.code)))


def communes_shown(viewer: Viewer, day: date) -> QuerySet[Unit]:
    """The communes valid on `day` of every province in which the viewer's reach has a unit on that day. Public."""
    reach = units_in_reach(viewer, Permission.MAP_VIEW).filter(pk__in=units_on(day))
    roots = {"/" + path.split("/")[1] + "/" for path in reach.values_list("path", flat=True) if path}
    return units_on(day, level=UnitLevel.COMMUNE).filter(under(roots))


def latest_day(*, viewer: Viewer, choice: Choice) -> date | None:
    """The last day, by the same date and status, on which the viewer may see any case; None if there is none."""
    field = BASIS_FIELDS[choice.basis]
    with as_program():
        found: date | None = _cases(viewer, choice).aggregate(day=Max(field))["day"]
    return found


def first_day_of_units(*, viewer: Viewer) -> date | None:
    """The first day on which any unit in the viewer's reach is valid; None if there is none."""
    found: date | None = units_in_reach(viewer, Permission.MAP_VIEW).aggregate(day=Min("valid_from"))["day"]
    return found


@dataclass(frozen=True, slots=True)
class Outline:
    """A commune's outline as GeoJSON text; `approximate` where it is a cell around its point."""

    geometry: str
    approximate: bool


def outlines(*, viewer: Viewer, day: date) -> dict[int, Outline]:
    """The outlines of the communes shown, by row number. Kept between requests until boundaries change."""
    boundaries = Boundary.objects.filter(unit__in=communes_shown(viewer, day))
    numbers = tuple(boundaries.order_by("pk").values_list("pk", flat=True))
    return _outlines(numbers)


@lru_cache(maxsize=16)
def _outlines(numbers: tuple[int, ...]) -> dict[int, Outline]:
    """Boundaries by row number; a changed one is a new row, so that what is kept never ages."""
    rows = Boundary.objects.filter(pk__in=numbers).values_list("unit_id", "outline", "approximate")
    return {unit: Outline(geometry.geojson(shapely.from_wkb(bytes(wkb))), about) for unit, wkb, about in rows}
