"""Cases as points: which, where, for whom, as known then."""

from __future__ import annotations

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
    outbreak,
    told,
    viewer_of,
)
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.places.models import SiteKind
from tuyendau.insight.map.layers import Asked, Features, layer_of, layers_for
from tuyendau.insight.map.queries.cases import Where
from tuyendau.records.cases.models import Case, CaseVersion
from tuyendau.records.orders.models import Order
from tuyendau.records.people.models import Person, PersonVersion
from tuyendau.response.care.models import Stay

pytestmark = pytest.mark.django_db


def cases(viewer: Viewer, at: datetime, **options: str) -> Features:
    layer = layer_of(viewer, "cases")
    assert layer is not None
    return layer.features(Asked(viewer, at, options))


def at_point(found: Features, public_id: str) -> tuple[Where, tuple[float, float] | None]:
    n = list(found.ids).index(public_id)
    point = found.geometry[n]
    return Where(found.classes[n]), point and (round(point.x, 6), round(point.y, 6))


@pytest.fixture
def province() -> Province:
    return Province()


def somebody(province: Province, *sites: Any, commune: int = 0) -> Case:
    person = PersonFactory.create(unit=province.communes[commune])
    for site in sites:
        AssignmentFactory.create(person=person, site=site)
    return case(START, province.communes[commune], person=person)


def test_a_case_stands_where_it_is_treated_then_in_quarantine_then_at_home_then_at_work(
    province: Province,
) -> None:
    _company, line = province.work()
    house = province.site(SiteKind.BOARDING_HOUSE, lon=106.2, lat=21.3)
    room = province.site(SiteKind.ROOM, parent=house)
    camp = province.site(SiteKind.QUARANTINE, 1, lon=106.3, lat=21.4)
    hospital = province.site(SiteKind.HOSPITAL, 1, lon=106.4, lat=21.5)
    ward = province.site(SiteKind.WARD, 1, hospital)
    viewer = viewer_of("epidemiologist", province.root)
    expected = [
        ((line, room, camp, ward), Where.TREATMENT, (106.4, 21.5)),
        ((line, room, camp), Where.QUARANTINE, (106.3, 21.4)),
        ((line, room), Where.HOME, (106.2, 21.3)),
        ((line,), Where.WORK, (106.05, 21.25)),
        ((), Where.COMMUNE, (106.0, 21.2)),
    ]
    made = [somebody(province, *sites) for sites, _where, _point in expected]
    found = cases(viewer, START)
    for one, (_sites, where, point) in zip(made, expected, strict=True):
        assert at_point(found, one.public_id) == (where, point)
    at_work = cases(viewer, START, place="work")
    assert at_point(at_work, made[0].public_id) == (Where.WORK, (106.05, 21.25))
    assert at_point(at_work, made[4].public_id)[0] == Where.COMMUNE
    assert at_point(cases(viewer, START, place="home"), made[0].public_id) == (Where.HOME, (106.2, 21.3))
    assert found.approximate == [one == made[4].public_id for one in found.ids]


def test_an_order_says_where_somebody_is_of_whom_nothing_else_does(province: Province) -> None:
    camp = province.site(SiteKind.QUARANTINE, 1, lon=106.3, lat=21.4)
    one = somebody(province)
    terms = {
        "kind": "isolation", "person": one.person, "disease": "covid19", "place_kind": "facility", "site": camp,
        "starts_on": START.date(), "ends_on": (START + 5 * DAY).date(), "over_from": (START + 6 * DAY).date(),
        "drafted_at": START,
    }  # fmt: skip
    order = Order.objects.create(**terms)
    told(START)
    viewer = viewer_of("epidemiologist", province.root)
    assert at_point(cases(viewer, START), one.public_id)[0] == Where.COMMUNE
    from tuyendau.core.accounts.models import User
    from tuyendau.records.orders.models import Series

    series = Series.objects.create(unit=province.communes[0], year=2021, suffix="X", last=1)
    signer = User.objects.create(username="ky")
    change(START + DAY, order, state="signed", number=1, series=series, signed_at=START, signed_by=signer)
    assert at_point(cases(viewer, START), one.public_id)[0] == Where.COMMUNE
    assert at_point(cases(viewer, START + DAY), one.public_id) == (Where.QUARANTINE, (106.3, 21.4))
    assert at_point(cases(viewer, START + 6 * DAY), one.public_id)[0] == Where.COMMUNE


def test_a_patient_is_where_the_stay_says_and_not_where_they_were_assigned(province: Province) -> None:
    camp = province.site(SiteKind.QUARANTINE, 1, lon=106.3, lat=21.4)
    hospital = province.site(SiteKind.HOSPITAL, 1, lon=106.4, lat=21.5)
    one = somebody(province, camp)
    with transaction.atomic():
        stay = Stay.objects.create(
            person=one.person, case=one, site=hospital, began_at=START, recorded_at=START
        )
        told(START + DAY)
    viewer = viewer_of("epidemiologist", province.root)
    assert at_point(cases(viewer, START), one.public_id) == (Where.QUARANTINE, (106.3, 21.4))
    assert at_point(cases(viewer, START + DAY), one.public_id) == (Where.TREATMENT, (106.4, 21.5))
    change(START + 2 * DAY, stay, state="discharged", ended_at=START + 2 * DAY)
    assert at_point(cases(viewer, START + 2 * DAY), one.public_id)[0] == Where.QUARANTINE


def test_an_assignment_counts_on_its_days(province: Province) -> None:
    camp = province.site(SiteKind.QUARANTINE, lon=106.3, lat=21.4)
    one = somebody(province)
    AssignmentFactory.create(
        person=one.person, site=camp, valid_from=(START + 2 * DAY).date(), valid_to=(START + 5 * DAY).date()
    )
    viewer = viewer_of("epidemiologist", province.root)
    seen = [at_point(cases(viewer, START + n * DAY), one.public_id)[0] for n in (1, 2, 4, 5)]
    assert seen == [Where.COMMUNE, Where.QUARANTINE, Where.QUARANTINE, Where.COMMUNE]


def test_cases_without_an_address_stand_in_the_table_and_are_counted(province: Province) -> None:
    lost = case(START, None)
    found = cases(viewer_of("epidemiologist", province.root), START)
    assert at_point(found, lost.public_id) == (Where.COMMUNE, None)
    assert str(found.notes[0].text).startswith("1 ")


def test_options_choose_by_status_report_and_outcome(province: Province) -> None:
    viewer = viewer_of("epidemiologist", province.root)
    old = case(START, province.communes[0])
    ill = case(START + 9 * DAY, province.communes[0])
    maybe = case(START + 9 * DAY, province.communes[0], status="suspected")
    change(START + 10 * DAY, old, outcome="recovered", outcome_on=START.date())
    at = START + 11 * DAY
    assert set(cases(viewer, at).ids) == {ill.public_id}
    assert set(cases(viewer, at, status="all").ids) == {ill.public_id, maybe.public_id}
    assert set(cases(viewer, at, shown="7", status="suspected").ids) == {maybe.public_id}
    assert list(cases(viewer, at, shown="all").ids) == [ill.public_id, old.public_id]
    assert set(cases(viewer, START + 9 * DAY, shown="open").ids) == {ill.public_id, old.public_id}


def slow(viewer_units: set[int], whole: bool, at: datetime) -> set[int]:
    """The confirmed cases in reach as known at `at`, row by row."""
    found = set()
    for version in CaseVersion.objects.all():
        if version.since > at or (version.until is not None and version.until <= at):
            continue
        lives = Person.objects.get(pk=version.person_id).unit_id
        for was in PersonVersion.objects.filter(row=version.person_id):
            if (was.since is None or was.since <= at) and was.until > at:
                lives = was.unit_id
        mine = {version.unit_id, lives} & viewer_units
        if version.status == "confirmed" and (mine or (whole and None in (version.unit_id, lives))):
            found.add(version.row)
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("role", ["epidemiologist", "district_officer", "commune_officer"])
def test_they_are_those_in_reach_as_known_then(seed: int, role: str) -> None:
    province = Province()
    end = outbreak(province, seed)
    for one in Case.objects.order_by("pk")[:9]:
        change(end - 6 * DAY, one.person, unit=province.communes[seed])
    place = {"epidemiologist": province.root, "district_officer": province.districts[0]}.get(
        role, province.communes[seed]
    )
    reach = {
        u.pk
        for u in [*province.communes, *province.districts, province.root]
        if u.path.startswith(place.path)
    }
    viewer = viewer_of(role, place)
    for hours in range(0, 24 * 22, 37):
        at = START + timedelta(hours=hours)
        numbers = dict(Case.objects.values_list("public_id", "pk"))
        found = {numbers[one] for one in cases(viewer, at, shown="all").ids}
        assert found == slow(reach, role == "epidemiologist", at), at


@pytest.mark.parametrize("role", ["leader", "channel_operator", "province_administrator"])
def test_who_sees_no_cases_has_no_such_layer(province: Province, role: str) -> None:
    viewer = viewer_of(role, province.root)
    assert "cases" not in {layer.code for layer in layers_for(viewer)}
    with pytest.raises(Denied):
        layer_of(viewer, "cases")


def test_an_employer_is_not_shown_where_a_worker_lodges(province: Province) -> None:
    company, line = province.work()
    somebody(province, line, province.site(SiteKind.ROOM, 1, lon=106.2, lat=21.3))
    employer = Grant("company_officer", ScopeKind.SITE, str(company.path))
    with pytest.raises(Denied):
        cases(Viewer(1, (employer,)), START)
    both = Viewer(1, (employer, Grant("leader", ScopeKind.UNIT, str(province.root.path))))
    assert len(cases(both, START)) == 0


def test_a_name_stands_nowhere_and_whom_it_is_about_is_said(province: Province) -> None:
    one = somebody(province)
    found = cases(viewer_of("epidemiologist", province.root), START)
    everything = [*found.labels, *(str(value) for column in found.columns.values() for value in column)]
    assert one.person.full_name not in " ".join(everything)
    assert found.people == [one.person_id]


def test_as_many_queries_for_many_cases_as_for_few(province: Province) -> None:
    _company, line = province.work()
    viewer = viewer_of("epidemiologist", province.root)
    somebody(province, line)
    with CaptureQueriesContext(connection) as few:
        cases(viewer, START)
    for n in range(30):
        somebody(province, line, province.site(SiteKind.ROOM, n % 5))
    with CaptureQueriesContext(connection) as many:
        assert len(cases(viewer, START)) == 31
    assert len(few) == len(many) <= 21
