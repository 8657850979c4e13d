"""The map of 2021 over the real communes: every outline finds its commune, every case its place."""

from __future__ import annotations

import csv
import gzip
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.integration.map.reading import unpacked
from tuyendau.access import Grant, ScopeKind, Viewer
from tuyendau.core.audit import actions as audit
from tuyendau.core.places import actions
from tuyendau.core.places.actions import outlines, tables, vietnam
from tuyendau.core.places.actions.rows import Loaded
from tuyendau.core.places.models import Boundary, Unit
from tuyendau.core.places.queries import carried_to
from tuyendau.insight.map import queries
from tuyendau.insight.map.queries import Counting, Counts
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.people.models import Person

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]
AT = datetime(2026, 11, 23, tzinfo=UTC)
FIRST, MERGED, REFORM = date(2020, 2, 1), date(2025, 1, 1), date(2025, 7, 1)


@pytest.fixture
def province(realdata: Path) -> Unit:
    """The 209 communes of 2021 with their outlines; the province."""
    rows = tables.read_units(realdata / "places" / "bacgiang_admin_2021.csv", successors="code_2025_01")
    actions.load_units(rows, valid_from=FIRST, valid_to=MERGED, by=None, at=AT)
    shapes = outlines.read_outlines(
        realdata / "places" / "bacgiang_communes.geojson", code_field="code", level=3
    )
    loaded = actions.load_boundaries(
        shapes, valid_on=date(2021, 5, 8), level=3, source="2021", by=None, at=AT
    )
    assert loaded == Loaded(209, 0, 0)
    return Unit.objects.get(code="24")


@pytest.fixture
def reported(realdata: Path, province: Unit) -> list[tuple[date, str, int]]:
    """The cases of the file, made one by one: (day, commune code or "", count)."""
    with (realdata / "outbreak" / "bacgiang_covid_daily_by_commune_2021.csv").open(encoding="utf-8") as file:
        rows = [
            (date.fromisoformat(r["date"]), r["commune_code"], int(r["cases"])) for r in csv.DictReader(file)
        ]
    units = {unit.code: unit for unit in Unit.objects.filter(level=3)}
    named = [(day, units[code] if code else None) for day, code, count in rows for _ in range(count)]
    # What is written now was known from the start.
    audit.record("cases.imported", by=None, at=clock.midnight(FIRST), subject="cases")
    people = Person.objects.bulk_create([Person(unit=unit) for _day, unit in named])
    Case.objects.bulk_create(
        Case(person=person, unit=unit, reported_on=day, status="confirmed")
        for person, (day, unit) in zip(people, named, strict=True)
    )
    return rows


def viewer(unit: Unit) -> Viewer:
    return Viewer(1, (Grant("epidemiologist", ScopeKind.UNIT, str(unit.path)),))


def test_every_outline_is_that_of_a_commune_and_holds_its_point(province: Unit) -> None:
    rows = Boundary.objects.filter(approximate=False).values_list(
        "wkb", "unit__lon", "unit__lat", "unit__level"
    )
    assert len(rows) == 209
    assert {level for *_rest, level in rows} == {3}
    inside = sum(
        shapely.from_wkb(bytes(wkb)).contains(shapely.Point(lon, lat)) for wkb, lon, lat, _level in rows
    )
    assert inside == 209


def counted(province: Unit, day: date, counting: Counting) -> tuple[Counter[str], Counts]:
    """The cases of each commune by code, of those that have any."""
    shown = queries.tree(viewer(province), day)
    found = queries.new_cases(shown, clock.midnight(day) + timedelta(hours=23), counting)
    assert len(shown.areas) == 209
    return Counter({a.code: n for a in shown.areas if (n := found.by_area[a.pk])}), found


def test_the_map_counts_what_the_file_counts(province: Unit, reported: list[tuple[date, str, int]]) -> None:
    for as_of, days in ((date(2021, 5, 31), 14), (date(2021, 5, 25), 7), (date(2021, 7, 13), 21)):
        counting = Counting(days)
        by_code, found = counted(province, as_of, counting)
        expected: Counter[str] = Counter()
        for day, code, count in reported:
            if counting.first(as_of) <= day <= as_of:
                expected[code] += count
        assert found.no_unit == expected.pop("", 0)
        assert by_code == expected
        assert found.elsewhere == 0


def test_the_whole_outbreak_is_on_the_map(province: Unit, reported: list[tuple[date, str, int]]) -> None:
    by_code, found = counted(province, date(2021, 7, 13), Counting(67))
    assert (by_code.total() + found.no_unit, found.no_unit, found.elsewhere) == (5649, 69, 0)
    assert len(by_code) == 161


def test_the_layer_is_small_and_quick(
    client: Client, province: Unit, reported: list[tuple[date, str, int]]
) -> None:
    client.force_login(make_user("epi", "epidemiologist", unit=province))
    address = f"{reverse('map:layer', args=['communes'])}?at=2021-05-31"
    client.get(address)
    start = time.perf_counter()
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    took = time.perf_counter() - start
    shapes = unpacked(gzip.decompress(answer.content)).texts["shapes"]
    assert len(shapes) == 209
    assert {shapely.from_geojson(shape).is_valid for shape in shapes} == {True}
    assert len(answer.content) < 200_000
    assert took < 1


def test_communes_of_2021_are_carried_to_the_wards_that_the_official_list_names(
    realdata: Path, province: Unit
) -> None:
    for rows, start, end in (
        (vietnam.legacy_units(), MERGED, REFORM),
        (vietnam.present_units(), REFORM, None),
    ):
        kept = tables.only_province(rows, "24")
        actions.load_units(kept, valid_from=start, valid_to=end, by=None, at=AT)
    actions.link_units(vietnam.links(), old_from=MERGED, new_from=REFORM, by=None, at=AT)
    old = tables.read_units(realdata / "places" / "bacgiang_admin_2021.csv", successors="code_2025_01")
    links = actions.successor_links(old, MERGED)
    actions.link_units(links, old_from=FIRST, new_from=MERGED, by=None, at=AT)
    with (realdata / "places" / "bacgiang_admin_2021.csv").open(encoding="utf-8") as file:
        listed = {row["code"]: row["code_2025_07"] for row in csv.DictReader(file)}
    codes = dict(Unit.objects.values_list("pk", "code"))
    communes = Unit.objects.filter(level=3, valid_from=FIRST).values_list("pk", flat=True)
    here = carried_to(communes, date(2026, 11, 23))
    # Where the package divides a legacy commune among several wards, nobody can say which is meant.
    assert len(here) >= 205
    assert {codes[a]: codes[b] for a, b in here.items()} == {codes[a]: listed[codes[a]] for a in here}
