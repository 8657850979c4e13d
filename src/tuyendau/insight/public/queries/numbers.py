"""Communes in bands, and where to be tested and vaccinated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count

from tuyendau.core.accounts.queries import in_force
from tuyendau.core.acting import as_program
from tuyendau.core.history.queries import as_known
from tuyendau.core.places.models import Site, SiteKind, Unit, UnitLevel
from tuyendau.core.places.queries import carried_to, under, units_on
from tuyendau.insight.public import rules
from tuyendau.insight.public.rules import Band
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus, CaseVersion

POINTS = (SiteKind.TEST_POINT, SiteKind.VACCINATION)
"""The kinds of site that are shown: where everybody may come. No other is, whatever it is called."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune with the band of its new cases; `above` names its district, where there is one."""

    pk: int
    name: str
    above: str
    band: Band


@dataclass(frozen=True, slots=True)
class Point:
    """A test or vaccination point: its kind in words, its name, its commune, where it lies (degrees) if known."""

    kind: str
    word: str
    name: str
    commune: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the public is told. `total` is in whole tens, None where it is small: then `band` tells what may be told."""

    provinces: Sequence[str]
    communes: Sequence[Commune]
    points: Sequence[Point]
    bands: Sequence[Band]
    total: int | None
    band: Band
    first: date
    last: date


@as_program()
def numbers(*, at: datetime) -> Numbers:
    """What the public is told at `at`: confirmed cases that were reported in the last days, in bands by commune."""
    day = clock.local_day(at)
    first = day - timedelta(days=rules.DAYS - 1)
    roots = _provinces(day)
    units = list(
        units_on(day, level=UnitLevel.COMMUNE)
        .filter(under(root.path for root in roots))
        .select_related("parent")
    )
    found = rules.bands(settings.LEAST_GROUP)
    counts = _counts({unit.pk for unit in units}, first, day, at)
    communes = [
        Commune(unit.pk, unit.name, _above(unit), rules.band_of(counts[unit.pk], found)) for unit in units
    ]
    total = sum(counts.values())
    return Numbers(
        provinces=[root.name for root in roots],
        communes=sorted(communes, key=lambda c: (-c.band.place, c.above, c.name)),
        points=_points({unit.pk: unit for unit in units}, day),
        bands=found,
        total=rules.about(total, settings.LEAST_GROUP),
        band=rules.band_of(total, found),
        first=first,
        last=day,
    )


def _provinces(day: date) -> list[Unit]:
    """The provinces of `day` in which somebody here answers for a unit: those of the whole country may be loaded."""
    paths = in_force(day).filter(unit__isnull=False).values_list("unit__path", flat=True).distinct()
    # Of hundreds of communes held, few roots: each is a condition.
    trees = {"/" + str(path).split("/")[1] + "/" for path in paths if path}
    held = Unit.objects.filter(under(trees)).values_list("pk", flat=True)
    here = Unit.objects.filter(pk__in=carried_to(held, day).values()).values_list("path", flat=True)
    roots = {int(str(path).split("/")[1]) for path in here if path}
    return list(Unit.objects.filter(pk__in=roots).order_by("code"))


def _counts(shown: set[int], first: date, last: date, at: datetime) -> Counter[int]:
    cases = as_known(CaseVersion, at).filter(status=CaseStatus.CONFIRMED, reported_on__range=(first, last))
    by_unit = dict(cases.filter(unit__isnull=False).values_list("unit").annotate(n=Count("pk")).order_by())
    here = carried_to(by_unit, last)
    counts: Counter[int] = Counter()
    for unit, count in by_unit.items():
        if here.get(unit) in shown:
            counts[here[unit]] += count
    return counts


def _points(communes: dict[int, Unit], day: date) -> list[Point]:
    sites = list(Site.objects.filter(kind__in=POINTS, unit__isnull=False).order_by("kind", "folded", "pk"))
    here = carried_to({int(site.unit_id) for site in sites if site.unit_id}, day)
    found = []
    for site in sites:
        commune = communes.get(here.get(site.unit_id or 0, 0))
        if commune is not None:
            word = str(SiteKind(site.kind).label)
            found.append(Point(site.kind, word, site.name, commune.name, site.lon, site.lat))
    return found


def _above(unit: Unit) -> str:
    return unit.parent.name if unit.parent and unit.parent.level == UnitLevel.DISTRICT else ""
