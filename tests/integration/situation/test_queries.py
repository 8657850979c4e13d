"""The numbers of the situation, against a plain count of what was told, and as they were known then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory
from tests.integration.situation.world import START, Province, known_from, play, viewer
from tests.reference.situation import by_day, counted
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.places.models import Unit
from tuyendau.insight.situation import queries
from tuyendau.insight.situation.rules import Basis, By, Counted, Window, before, last
from tuyendau.records.cases.models import Case
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.people.models import Person

pytestmark = pytest.mark.django_db
END = START + timedelta(days=8)
VIET_YEN = {"07807", "07795"}
ALL = VIET_YEN | {"07681", "07684", ""}


@pytest.fixture
def province() -> Province:
    return Province()


@pytest.mark.parametrize("hours", [0, 40, 101.5, 192])
@pytest.mark.parametrize(("code", "units"), [("", ALL), ("222", VIET_YEN), ("07681", {"07681"})])
@pytest.mark.parametrize("counting", list(Counted))
def test_every_number_is_what_was_told_until_then(
    province: Province, hours: float, code: str, units: set[str], counting: Counted
) -> None:
    histories = play(province, 60, seed=11)
    at = START + timedelta(hours=hours)
    scope = queries.scope_of(viewer(province.root), at, code, counted=counting)
    statuses = set(counting.statuses)
    now = counted(histories, at, units, statuses)
    then = counted(histories, at - timedelta(days=1), units, statuses)
    assert scope.before.known == replace(scope, at=scope.before.at, units_of=scope.tree).known
    for basis in (Basis.REPORTED, Basis.ONSET):
        found = queries.numbers(scope, basis)
        assert (found["total"].value, found["total"].before) == (len(now), len(then))
        for name, days in (("today", 1), ("week", 7), ("fortnight", 14)):
            window = last(days, scope.day)
            assert found[name].value == sum(by_day(now, basis, window.first, window.last))
            window = before(window)
            assert found[name].before == sum(by_day(now, basis, window.first, window.last))
        assert found["died"].value == sum(state.outcome == "died" for state in now)
        assert found["not_isolated"].value == sum(not s.outcome and not s.isolated for s in now)
        assert found["waiting"].value == len(counted(histories, at, units, {"suspected", "probable"}))
        for by in By:
            curve = queries.curve(scope, basis, by, Window(date(2021, 5, 25), date(2021, 6, 18)))
            assert list(curve.totals) == by_day(now, basis, *curve.days[:: len(curve.days) - 1])
            dated = sum(basis is not Basis.ONSET or state.onset is not None for state in now)
            assert curve.undated == len(now) - dated
            assert sum(curve.totals) + curve.earlier + curve.later == dated
    found_ages = queries.ages(scope)
    for band in found_ages.bands:
        ages = [state.reported.year - state.born for state in now if state.born is not None]
        assert band.total == sum(band.first <= age <= (band.last or 200) for age in ages)
    assert found_ages.no_age.total == sum(state.born is None for state in now)
    assert sum(band.female for band in found_ages.bands) + found_ages.no_age.female == sum(
        s.sex == "F" for s in now
    )


def told(scope: queries.Scope) -> list[Any]:
    """Everything that is told of a scope."""
    fresh = replace(scope)
    return [
        *(queries.numbers(fresh, basis) for basis in Basis),
        *(queries.curve(fresh, basis, by) for basis in Basis for by in By),
        queries.ages(fresh),
        queries.growth(fresh),
        queries.apart(fresh),
        queries.laboratory(fresh),
        queries.places(fresh),
    ]


def test_what_is_told_of_a_moment_never_changes(province: Province) -> None:
    play(province, 40, seed=5)
    scope = queries.scope_of(viewer(province.root), START + timedelta(days=4))
    was = told(scope)
    with known_from(END):
        Case.objects.update(status="discarded", unit=None, onset_on=None, outcome="died")
        Person.objects.update(sex="F", birth_year=1900, unit=province.far)
        for _ in range(5):
            CaseFactory.create(
                person=PersonFactory.create(unit=province.communes["07807"]), reported_on=date(2021, 6, 12)
            )
    assert told(scope) == was
    assert told(queries.scope_of(viewer(province.root), END)) != was


def test_follow_up_is_compared_with_what_was_known_a_day_before(province: Province) -> None:
    def begin(count: int, unit: Unit | None) -> None:
        for _ in range(count):
            FollowUp.objects.create(
                person=PersonFactory.create(unit=unit), disease="covid19", degree=1, regime="r", days=14,
                began_on=date(2021, 6, 9), last_exposure=date(2021, 6, 8), planned_day=date(2021, 6, 22),
                last_day=date(2021, 6, 22),
            )  # fmt: skip

    with known_from(START):
        begin(5, province.communes["07807"])
        begin(2, province.far)
    with known_from(START + timedelta(hours=30)):
        begin(1, province.communes["07795"])
        ended = FollowUp.objects.order_by("pk")[:2].values("pk")
        FollowUp.objects.filter(pk__in=ended).update(state="completed", why="over", ended_at=START)
        moved = FollowUp.objects.order_by("pk")[3:4].values("person")
        Person.objects.filter(pk__in=moved).update(unit=province.communes["07681"])

    def told_at(hours: int, code: str = "") -> tuple[int, int]:
        scope = queries.scope_of(viewer(province.root), START + timedelta(hours=hours), code)
        figure = queries.apart(scope)["f1"]
        return figure.value, figure.before

    assert told_at(1) == (5, 0)
    assert told_at(31) == (4, 5)
    assert told_at(31, "222") == (3, 5)
    assert told_at(31, "221") == (1, 0)
    assert told_at(29, "221") == (0, 0)
    assert told_at(60) == (4, 4)


def test_a_scope_is_of_what_the_viewer_reaches(province: Province) -> None:
    play(province, 30, seed=3)
    own = queries.scope_of(viewer(province.viet_yen), END)
    assert own.unit == province.viet_yen
    assert not own.orphans
    whole = queries.scope_of(viewer(province.root), END, "222")
    assert own.cases == whole.cases
    assert own.cases
    for code in ("24", "221", "07681", "01", "no such"):
        with pytest.raises(Unit.DoesNotExist):
            queries.scope_of(viewer(province.viet_yen), END, code)
    with pytest.raises(Denied):
        queries.scope_of(Viewer(1, (Grant("auditor", ScopeKind.UNIT, str(province.root.path)),)), END)
    with pytest.raises(Denied):
        queries.Scope(Viewer(None), END)


def test_a_scope_of_two_areas_is_both(province: Province) -> None:
    play(province, 30, seed=3)
    paths = [str(province.communes[code].path) for code in ("07807", "07681")]
    both = Viewer(1, tuple(Grant("commune_officer", ScopeKind.UNIT, path) for path in paths))
    scope = queries.scope_of(both, END, counted=Counted.ALL)
    assert scope.unit is None
    alone = [queries.scope_of(both, END, code, counted=Counted.ALL) for code in ("07807", "07681")]
    assert len(scope.cases) == sum(len(each.cases) for each in alone) > 0
    titles = {series.title for series in queries.curve(scope, by=By.UNIT).series}
    assert titles == {"Xã 07807", "Xã 07681"}


def test_settings_and_companies_are_those_of_the_day_of_the_report(province: Province) -> None:
    park = SiteFactory.create(kind="park", name="KCN Quang Châu", unit=province.communes["07807"])
    company = SiteFactory.create(kind="company", name="Hosiden", parent=park)
    line = SiteFactory.create(kind="line", name="Chuyền 5", parent=company)
    elsewhere = SiteFactory.create(kind="company", name="May Việt")
    lodging = SiteFactory.create(kind="boarding_house", name="Trọ Ba Sao")

    def case(*sites: Any, valid_to: date | None = None) -> None:
        person = PersonFactory.create(unit=province.communes["07807"])
        for site in sites:
            AssignmentFactory.create(person=person, site=site, valid_to=valid_to)
        CaseFactory.create(person=person, status="confirmed", reported_on=date(2021, 6, 15))

    with known_from(START):
        case(line, lodging)
        case(line)
        case(elsewhere)
        case(lodging)
        case(line, valid_to=date(2021, 6, 15))
        case(line, valid_to=date(2021, 6, 16))
    scope = queries.scope_of(viewer(province.root), END)
    found = queries.curve(scope, by=By.SETTING)
    assert {each.code: each.total for each in found.series} == {
        "park": 3, "company": 1, "lodging": 1, "community": 1,
    }  # fmt: skip
    places = queries.places(scope)
    assert [(row.name, row.cases, row.above) for row in places.companies] == [
        ("Hosiden", 3, "KCN Quang Châu"),
        ("May Việt", 1, ""),
    ]
    assert [(row.name, row.cases) for row in places.lines] == [("Chuyền 5", 3)]
    assert [(row.name, row.cases) for row in places.parks] == [("KCN Quang Châu", 3)]
    assert [(row.name, row.cases, row.rate, row.above) for row in places.communes] == [
        ("Xã 07807", 6, 60.0, "Huyện Việt Yên")
    ]


def test_an_empty_province_has_numbers_too(province: Province) -> None:
    scope = queries.scope_of(viewer(province.root), END, "", "covid19")
    assert {figure.value for figure in queries.numbers(scope).figures} == {0}
    curve = queries.curve(scope)
    assert (len(curve.days), curve.series, set(curve.totals)) == (14, (), {0})
    assert queries.growth(scope).growth is None
    assert queries.laboratory(scope).now.positivity is None
    assert queries.places(scope).communes == ()
    assert queries.ages(scope).total == 0


def test_all_is_read_in_few_queries_however_many_cases(
    province: Province, django_assert_max_num_queries: Any
) -> None:
    def read() -> None:
        scope = queries.scope_of(viewer(province.root), END, "222")
        for each in (queries.numbers, queries.curve, queries.growth, queries.ages, queries.apart):
            each(scope)
        queries.laboratory(scope)
        queries.places(scope)

    for cases in (20, 40):
        play(province, cases, seed=5)
        with django_assert_max_num_queries(60):
            read()
