"""Sites by kind, with who belongs there: which sites and which numbers for whom, as known then."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import AssignmentFactory, PersonFactory
from tests.integration.map.layers.world import (
    DAY,
    START,
    Province,
    case,
    change,
    follow,
    outbreak,
    told,
    viewer_of,
)
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.places.models import Site, SiteKind
from tuyendau.insight.map.layers import Asked, Features, layer_of
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseVersion
from tuyendau.records.followup.models import FollowUpVersion
from tuyendau.records.people.models import Assignment
from tuyendau.response.care.models import Stay

pytestmark = pytest.mark.django_db
LAYERS = ["workplaces", "lodgings", "gatherings", "facilities", "posts"]


@pytest.fixture
def province() -> Province:
    return Province()


def sites(code: str, viewer: Viewer, at: datetime = START, **options: str) -> Features:
    layer = layer_of(viewer, code)
    assert layer is not None
    return layer.features(Asked(viewer, at, options))


def numbers(found: Features) -> dict[str, tuple[int | None, int | None]]:
    rows = zip(found.columns["cases"], found.columns["contacts"], strict=True)
    return dict(zip(found.ids, rows, strict=True))


def belongs(person: Any, *where: Any) -> Any:
    for site in where:
        AssignmentFactory.create(person=person, site=site)
    return person


def test_a_park_counts_its_companies_and_a_company_its_lines(province: Province) -> None:
    park = province.site(SiteKind.PARK, lon=106.1, lat=21.3)
    one, other = (province.site(SiteKind.COMPANY, 0, park) for _ in range(2))
    lines = [province.site(SiteKind.LINE, 0, one) for _ in range(2)]
    unit = province.communes[3]
    worker = belongs(PersonFactory.create(unit=unit), *lines)
    case(START, unit, person=worker)
    case(START, unit, person=belongs(PersonFactory.create(unit=unit), other))
    follow(START, unit, person=belongs(PersonFactory.create(unit=unit), lines[0]))
    found = sites("workplaces", viewer_of("epidemiologist", province.root))
    assert numbers(found) == {park.public_id: (2, 1), one.public_id: (1, 1), other.public_id: (1, 0)}
    assert found.ids[0] == park.public_id
    assert {(shape.x, shape.y) for shape in found.geometry} == {(106.1, 21.3)}
    by_cases = sites("workplaces", viewer_of("epidemiologist", province.root), by="cases")
    assert set(by_cases.classes) == {1}


def test_numbers_are_as_known_then(province: Province) -> None:
    company, line = province.work()
    unit = province.communes[0]
    late = case(START + DAY, unit, person=belongs(PersonFactory.create(unit=unit), line))
    change(START + 2 * DAY, late, status="discarded")
    watched = follow(START + DAY, unit, person=belongs(PersonFactory.create(unit=unit), line))
    change(START + 3 * DAY, watched, ended_at=START + 3 * DAY, why="over")
    viewer = viewer_of("epidemiologist", province.root)
    seen = [numbers(sites("workplaces", viewer, START + n * DAY))[company.public_id] for n in range(4)]
    assert seen == [(0, 0), (1, 1), (0, 1), (0, 0)]


def test_the_window_leaves_older_cases_and_those_who_had_left(province: Province) -> None:
    company, line = province.work()
    unit = province.communes[0]
    case(START, unit, person=belongs(PersonFactory.create(unit=unit), line))
    gone = PersonFactory.create(unit=unit)
    AssignmentFactory.create(person=gone, site=line, valid_to=START.date() - 20 * DAY)
    case(START, unit, person=gone)
    viewer = viewer_of("epidemiologist", province.root)
    for days, after, count in (("7", 6, 1), ("7", 7, 0), ("14", 7, 1), ("28", 20, 1)):
        found = sites("workplaces", viewer, START + after * DAY, days=days)
        assert numbers(found)[company.public_id][0] == count, (days, after)


def test_a_facility_counts_who_is_there_at_that_moment(province: Province) -> None:
    hospital = province.site(SiteKind.HOSPITAL, lon=106.1, lat=21.3, capacity=80)
    ward = province.site(SiteKind.WARD, 0, hospital)
    camp = province.site(SiteKind.QUARANTINE)
    room = province.site(SiteKind.QUARANTINE_ROOM, 0, camp)
    unit = province.communes[0]
    old = case(START - 40 * DAY, unit, person=belongs(PersonFactory.create(unit=unit), ward))
    follow(START, unit, site=room)
    ill = case(START, unit)
    with transaction.atomic():
        stay = Stay.objects.create(
            person=ill.person, case=ill, site=hospital, began_at=START, recorded_at=START
        )
        told(START)
    viewer = viewer_of("epidemiologist", province.root)
    found = numbers(sites("facilities", viewer))
    assert (found[hospital.public_id], found[camp.public_id]) == ((2, 0), (0, 1))
    change(START + DAY, stay, state="discharged", ended_at=START + DAY)
    change(START + DAY, old, outcome="recovered", outcome_on=START.date())
    assert numbers(sites("facilities", viewer, START + DAY))[hospital.public_id] == (0, 0)


@pytest.mark.parametrize("code", LAYERS)
@pytest.mark.parametrize("role", ["epidemiologist", "leader"])
def test_homes_and_rooms_are_in_no_layer(province: Province, code: str, role: str) -> None:
    kinds = [kind for kind in SiteKind.values if kind in ("household", "room", "quarantine_room")]
    secret = {province.site(kind).public_id for kind in kinds}
    everything = [province.site(kind) for kind in SiteKind.values if kind not in kinds]
    found = sites(code, viewer_of(role, province.root))
    assert len(found)
    assert secret.isdisjoint(found.ids)
    assert set(found.ids) <= {site.public_id for site in everything}


@pytest.mark.parametrize(
    ("role", "code", "counted"),
    [
        ("leader", "workplaces", True), ("leader", "facilities", True), ("leader", "lodgings", False),
        ("leader", "gatherings", False), ("channel_operator", "workplaces", False),
        ("channel_operator", "facilities", False), ("province_administrator", "workplaces", False),
        ("epidemiologist", "lodgings", True), ("epidemiologist", "gatherings", True),
    ],
)  # fmt: skip
def test_who_sees_the_numbers_of_sites(province: Province, role: str, code: str, counted: bool) -> None:
    kinds = {
        "workplaces": SiteKind.COMPANY, "facilities": SiteKind.HOSPITAL, "lodgings": SiteKind.BOARDING_HOUSE,
        "gatherings": SiteKind.SCHOOL,
    }  # fmt: skip
    site = province.site(kinds[code])
    case(START, province.communes[0], person=belongs(PersonFactory.create(unit=province.communes[0]), site))
    found = sites(code, viewer_of(role, province.root))
    assert numbers(found)[site.public_id] == ((1, 0) if counted else (None, None))
    assert ("1 ca bệnh" in found.labels[0]) is counted
    assert found.people is None


def test_a_commune_sees_its_own_sites_and_the_provinces_public_ones(province: Province) -> None:
    own, other = (province.site(SiteKind.COMPANY, n) for n in (0, 1))
    hospitals = [province.site(SiteKind.HOSPITAL, n) for n in (0, 1)]
    posts = [province.site(SiteKind.TEST_POINT, n) for n in (0, 1)]
    beyond = province.site(SiteKind.TEST_POINT, None)
    Site.objects.filter(pk=beyond.pk).update(unit=province.far)
    viewer = viewer_of("commune_officer", province.communes[0])
    assert set(sites("workplaces", viewer).ids) == {own.public_id} != {other.public_id}
    found = numbers(sites("facilities", viewer))
    assert found == {hospitals[0].public_id: (0, 0), hospitals[1].public_id: (None, None)}
    assert set(sites("posts", viewer).ids) == {one.public_id for one in posts}
    assert [url is None for url in sites("facilities", viewer).urls].count(True) == 1


def test_a_company_has_no_map(province: Province) -> None:
    company, _line = province.work()
    viewer = Viewer(1, (Grant("company_officer", ScopeKind.SITE, str(company.path)),))
    for code in LAYERS:
        with pytest.raises(Denied):
            sites(code, viewer)


def test_sites_nobody_knows_where_are_counted_beside_the_map(province: Province) -> None:
    lost = province.site(SiteKind.MARKET, None)
    found = sites("gatherings", viewer_of("epidemiologist", province.root))
    assert list(found.ids) == [lost.public_id]
    assert list(found.geometry) == [None]
    assert str(found.notes[0].text).startswith("1 ")


def slow(at: datetime, days: int, path: str) -> tuple[int, int]:
    """Who belonged to the site of that path or a part of it, person by person."""

    def stood(version: Any) -> bool:
        return bool(version.since <= at and (version.until is None or version.until > at))

    day = clock.local_day(at)
    first = day - timedelta(days=days - 1)

    def there(person: int, since: Any) -> bool:
        return any(
            held.site.path.startswith(path)
            and held.valid_from <= day
            and (held.valid_to is None or held.valid_to > since)
            for held in Assignment.objects.filter(person=person).select_related("site")
        )

    ill = {
        v.person_id for v in CaseVersion.objects.all()
        if stood(v) and v.status == "confirmed" and v.reported_on >= first and there(v.person_id, first)
    }  # fmt: skip
    met = {
        v.person_id for v in FollowUpVersion.objects.all()
        if stood(v) and v.ended_at is None and v.degree > 0 and there(v.person_id, day)
    }  # fmt: skip
    return len(ill), len(met)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_counting_person_by_person_finds(seed: int) -> None:
    province = Province()
    end = outbreak(province, seed, 25)
    park = province.site(SiteKind.PARK)
    companies = [province.site(SiteKind.COMPANY, n, park) for n in range(3)]
    lines = [province.site(SiteKind.LINE, n % 5, companies[n % 3]) for n in range(6)]
    rng = random.Random(seed)
    people = {v.person_id for v in CaseVersion.objects.all()} | {
        v.person_id for v in FollowUpVersion.objects.all()
    }
    for person in sorted(people):
        for line in rng.sample(lines, rng.randrange(3)):
            begins = START.date() + rng.randrange(-30, 20) * DAY
            ends = rng.choice([None, begins + rng.randrange(1, 30) * DAY])
            AssignmentFactory.create(person_id=person, site=line, valid_from=begins, valid_to=ends)
    viewer = viewer_of("epidemiologist", province.root)
    for at in (end, end - 6 * DAY, end - 13 * DAY):
        found = numbers(sites("workplaces", viewer, at, days="7"))
        for site in (park, *companies):
            assert found[site.public_id] == slow(at, 7, str(site.path))


@pytest.mark.parametrize("code", LAYERS)
def test_as_many_queries_for_many_sites_as_for_few(province: Province, code: str) -> None:
    viewer = viewer_of("epidemiologist", province.root)
    kinds = list(layer_of(viewer, code).drawn)
    province.site(kinds[0])
    with CaptureQueriesContext(connection) as few:
        sites(code, viewer)
    for n in range(15):
        site = province.site(kinds[n % len(kinds)], n % 5)
        case(
            START, province.communes[0], person=belongs(PersonFactory.create(unit=province.communes[0]), site)
        )
    with CaptureQueriesContext(connection) as many:
        assert len(sites(code, viewer)) == 16
    assert len(few) == len(many) <= 18
