"""Where cases were while infectious: which places, when, for whom; and one case's movement."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import PersonFactory, stay
from tests.integration.map.layers.world import DAY, START, Province, case, change, viewer_of
from tuyendau.access import Denied, Grant, Permission, ScopeKind, Viewer
from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers import Asked, Features, layer_of, layers_for
from tuyendau.insight.map.queries.cases import Wanted, cases_of
from tuyendau.insight.map.queries.exposed import window_of
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.queries.tracing import window_of as traced_window
from tuyendau.records.visits.actions.partitions import ensure_partitions
from tuyendau.records.visits.models import Visit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def province() -> Province:
    ensure_partitions([START.date() + n * DAY for n in range(-8, 24)])
    made = Province()
    made.market = made.site(SiteKind.MARKET, 0, lon=106.01, lat=21.21, name="Chợ Núi")
    made.shop = made.site(SiteKind.SHOP, 1, lon=106.02, lat=21.22)
    made.home = made.site(SiteKind.HOUSEHOLD, 0, lon=106.03, lat=21.23, name="Hộ ông Thân Văn Bí Mật")
    return made


def layer_features(code: str, viewer: Viewer, at: datetime, **options: str) -> Features:
    layer = layer_of(viewer, code)
    assert layer is not None
    return layer.features(Asked(viewer, at, options))


def exposures(viewer: Viewer, at: datetime, **options: str) -> Features:
    return layer_features("exposures", viewer, at, **options)


def was(one: Case, site: Any, begins: datetime, hours: float = 1) -> None:
    stay(one.person, site, begins, begins + hours * HOUR)


def hours_of(found: Features, site: Any) -> str:
    return str(found.columns["hours"][list(found.ids).index(site.public_id)])


def test_a_place_shows_the_hours_of_each_day_and_how_many_cases(province: Province) -> None:
    one, other = (case(START + 5 * DAY, province.communes[0]) for _ in range(2))
    was(one, province.market, START + 3 * DAY)
    was(other, province.market, START + 3 * DAY + 2 * HOUR, 0.5)
    was(other, province.market, START + 4 * DAY)
    was(one, province.shop, START + 5 * DAY - HOUR)
    found = exposures(viewer_of("epidemiologist", province.root), START + 5 * DAY)
    assert list(found.ids) == [province.shop.public_id, province.market.public_id]
    assert found.columns["cases"] == [1, 2]
    assert hours_of(found, province.market) == "10:00–11:00 05/05; 10:00–12:30 04/05"
    assert list(found.classes) == [0, 0]
    later = exposures(viewer_of("epidemiologist", province.root), START + 9 * DAY)
    assert list(later.classes) == [2, 2]


def test_only_presence_within_the_window_counts_and_none_after_isolation(province: Province) -> None:
    one = case(START + 10 * DAY, province.communes[0], isolated_at=START + 8 * DAY + HOUR / 2)
    was(one, province.market, START)
    was(one, province.shop, START + 8 * DAY, 3)
    was(one, province.market, START + 9 * DAY)
    found = exposures(viewer_of("epidemiologist", province.root), START + 10 * DAY, days="14")
    assert list(found.ids) == [province.shop.public_id]
    assert hours_of(found, province.shop) == "10:00–10:30 09/05"


def test_homes_are_shown_where_they_are_asked_for_and_only_of_cases_in_reach(province: Province) -> None:
    one = case(START, province.communes[1])
    was(one, province.home, START - 5 * HOUR)
    was(one, province.market, START - HOUR)
    for role, place, whole in (
        ("epidemiologist", province.root, True),
        ("commune_officer", province.communes[1], True),
        ("commune_officer", province.communes[0], False),
    ):
        viewer = viewer_of(role, place)
        assert list(exposures(viewer, START).ids) == [province.market.public_id]
        found = exposures(viewer, START, homes="yes")
        assert (province.home.public_id in found.ids) is whole
        assert ("Bí Mật" in " ".join(found.labels)) is whole
    other = viewer_of("commune_officer", province.communes[2])
    assert len(exposures(other, START, homes="yes")) == 0


def test_what_was_recorded_or_classified_later_was_not_known(province: Province) -> None:
    one = case(START, province.communes[0], status="suspected")
    was(one, province.market, START - 2 * HOUR)
    stay(one.person, province.shop, START - 4 * HOUR, START - 3 * HOUR)
    Visit.objects.filter(site=province.shop).update(recorded_at=START + 2 * DAY)
    change(START + DAY, one, status="confirmed")
    viewer = viewer_of("epidemiologist", province.root)
    assert list(exposures(viewer, START).ids) == []
    assert list(exposures(viewer, START + DAY).ids) == [province.market.public_id]
    assert set(exposures(viewer, START + 2 * DAY).ids) == {province.market.public_id, province.shop.public_id}
    change(START + 3 * DAY, one, status="discarded")
    assert list(exposures(viewer, START + 3 * DAY).ids) == []


def test_a_stay_of_days_is_found_that_began_long_before(province: Province) -> None:
    one = case(START + 9 * DAY, province.communes[0], onset_on=(START - DAY).date())
    was(one, province.market, START - 3 * DAY, 24 * 11)
    found = exposures(viewer_of("epidemiologist", province.root), START + 9 * DAY, days="3")
    assert list(found.ids) == [province.market.public_id]


def slow(at: datetime, days: int) -> dict[str, tuple[int, datetime, datetime]]:
    """Every visit of every confirmed case, one by one."""
    first = clock.midnight(clock.local_day(at) - timedelta(days=days - 1))
    found: dict[str, list[tuple[int, datetime, datetime]]] = {}
    for one in Case.objects.filter(status="confirmed"):
        window, _used = traced_window(one, at=at)
        for visit in Visit.objects.filter(person=one.person).select_related("site"):
            start, end = max(visit.start, window.start, first), min(visit.end, window.end)
            if start < end:
                found.setdefault(visit.site.public_id, []).append((one.person_id, start, end))
    return {
        site: (len({p for p, _s, _e in rows}), min(s for _p, s, _e in rows), max(e for _p, _s, e in rows))
        for site, rows in found.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_looking_at_every_visit_finds(province: Province, seed: int) -> None:
    rng = random.Random(seed)
    sites = [province.market, province.shop, *(province.site(SiteKind.LINE, n % 5) for n in range(4))]
    for _ in range(12):
        at = START + rng.randrange(14 * 24) * HOUR
        dates = {
            "onset_on": rng.choice([None, (at - 2 * DAY).date()]), "sampled_on": rng.choice([None, at.date()]),
            "isolated_at": rng.choice([None, at + rng.randrange(50) * HOUR]),
            "details": rng.choice([{}, {"symptoms": {"fever": (at - 4 * DAY).date().isoformat()}}]),
        }  # fmt: skip
        one = case(at, province.communes[0], **dates)
        for _ in range(8):
            was(
                one,
                rng.choice(sites),
                START + rng.randrange(-5 * 24, 20 * 24) * HOUR,
                rng.choice([0.5, 3, 40, 100]),
            )
    at = START + 20 * DAY
    Visit.objects.update(recorded_at=START)
    for days in (3, 7, 14):
        found = exposures(viewer_of("epidemiologist", province.root), at, days=str(days))
        rows = zip(found.columns["cases"], found.columns["first"], found.columns["last"], strict=True)
        assert dict(zip(found.ids, rows, strict=True)) == slow(at, days)


def test_the_window_is_that_of_tracing(province: Province) -> None:
    case(START, province.communes[0], disease="measles", details={"symptoms": {"rash": "2021-04-28"}})
    case(START, province.communes[0], onset_on=date(2021, 4, 20), sampled_on=date(2021, 4, 15))
    at = START + 3 * DAY
    viewer = viewer_of("epidemiologist", province.root)
    known = cases_of(viewer, Permission.CASE_VIEW, at, Wanted(["confirmed"]))
    assert len(known) == 2
    for one in known:
        window, _used = traced_window(Case.objects.get(pk=one.row), at=at)
        assert window_of(one, at) == (window.start, window.end)


@pytest.mark.parametrize("code", ["exposures", "movement"])
@pytest.mark.parametrize("role", ["leader", "channel_operator", "province_administrator"])
def test_who_sees_no_cases_has_no_such_layer(province: Province, code: str, role: str) -> None:
    viewer = viewer_of(role, province.root)
    assert code not in {layer.code for layer in layers_for(viewer)}
    with pytest.raises(Denied):
        layer_of(viewer, code)


def test_an_employer_who_leads_a_commune_sees_no_workers_way(province: Province) -> None:
    company, line = province.work()
    one = case(START, province.communes[1])
    was(one, line, START - HOUR)
    employer = Grant("company_officer", ScopeKind.SITE, str(company.path))
    both = Viewer(1, (employer, Grant("leader", ScopeKind.UNIT, str(province.root.path))))
    assert len(exposures(both, START)) == 0
    assert len(layer_features("movement", both, START, case=one.public_id)) == 0


def test_as_many_queries_for_many_visits_as_for_few(province: Province) -> None:
    viewer = viewer_of("epidemiologist", province.root)
    was(case(START, province.communes[0]), province.market, START - HOUR)
    with CaptureQueriesContext(connection) as few:
        exposures(viewer, START)
    for n in range(15):
        was(case(START, province.communes[0]), province.site(SiteKind.SHOP, n % 5), START - HOUR)
    with CaptureQueriesContext(connection) as many:
        assert len(exposures(viewer, START)) == 16
    assert len(few) == len(many) <= 22


def test_a_movement_is_a_line_through_places_in_order_of_time(province: Province) -> None:
    one = case(START, province.communes[0])
    was(one, province.shop, START - 3 * HOUR)
    was(one, province.home, START - 20 * HOUR)
    was(one, province.site(SiteKind.BUS, None), START - 5 * HOUR)
    was(one, province.market, START - 30 * DAY / 4)
    found = layer_features("movement", viewer_of("epidemiologist", province.root), START, case=one.public_id)
    assert found.columns["place"][:3] == [province.home.name, found.columns["place"][1], province.shop.name]
    assert found.columns["number"] == [1, 2, 3, 3]
    assert list(found.classes) == [0, 1, 2, 3]
    assert [None if g is None else g.geom_type for g in found.geometry] == [
        "Point",
        None,
        "Point",
        "LineString",
    ]
    assert list(found.geometry[3].coords) == [(106.03, 21.23), (106.02, 21.22)]
    assert found.people == [one.person_id] * 4


def test_who_answers_for_the_case_alone_sees_of_its_way_what_was_in_their_reach(province: Province) -> None:
    one = case(START, province.communes[1], person=PersonFactory.create(unit=province.communes[0]))
    was(one, province.market, START - 5 * HOUR)
    was(one, province.shop, START - 3 * HOUR)
    lives, counts = (viewer_of("commune_officer", province.communes[n]) for n in (0, 1))
    assert len(layer_features("movement", lives, START, case=one.public_id)) == 3
    found = layer_features("movement", counts, START, case=one.public_id)
    assert found.columns["place"] == [province.shop.name]


@pytest.mark.parametrize("asked", ["", "case_nobody", "'; --"])
def test_no_case_or_one_out_of_reach_says_what_to_do(province: Province, asked: str) -> None:
    out_of_reach = case(START, province.communes[0])
    viewer = viewer_of("commune_officer", province.communes[1])
    for public_id in (asked, out_of_reach.public_id):
        found = layer_features("movement", viewer, START, case=public_id)
        assert len(found) == 0
        assert len(found.notes) == 1
