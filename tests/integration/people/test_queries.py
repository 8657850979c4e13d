"""Who finds whom: reach, search, pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from tests.factories import AssignmentFactory, PersonFactory, SiteFactory, UnitFactory
from tuyendau.access import Denied, Grant, Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Unit, UnitLevel, UnitSuccessor
from tuyendau.lib import clock
from tuyendau.records.people import queries
from tuyendau.records.people.models import Assignment, Person

pytestmark = pytest.mark.django_db
VIEW = Permission.PERSON_VIEW


def over_unit(unit: Unit, role: str = "commune_officer") -> Viewer:
    return Viewer(1, (Grant(role, ScopeKind.UNIT, str(unit.path)),))


def over_site(path: str) -> Viewer:
    return Viewer(2, (Grant("company_officer", ScopeKind.SITE, path),))


@pytest.fixture
def province() -> Unit:
    return UnitFactory(level=UnitLevel.PROVINCE, name="Tỉnh Thử")


@pytest.fixture
def communes(province: Unit) -> tuple[Unit, Unit]:
    district = UnitFactory(level=UnitLevel.DISTRICT, parent=province)
    return UnitFactory(parent=district), UnitFactory(parent=district)


def names(people: Iterable[Person]) -> list[str]:
    return sorted(person.full_name for person in people)


def test_a_commune_sees_its_own_people_and_the_province_all(
    province: Unit, communes: tuple[Unit, Unit]
) -> None:
    here, there = communes
    PersonFactory(full_name="Hà", unit=here)
    PersonFactory(full_name="Lan", unit=there)
    PersonFactory(full_name="Mai")
    assert names(queries.visible_people(over_unit(here))) == ["Hà"]
    assert names(queries.visible_people(over_unit(province))) == ["Hà", "Lan", "Mai"]


def test_nobody_without_a_role_sees_anyone() -> None:
    PersonFactory()
    with pytest.raises(Denied):
        queries.visible_people(Viewer(None))
    assert not Person.objects.filter(queries.within(Viewer(1), VIEW)).exists()


def test_a_company_sees_who_works_there_or_left_lately(communes: tuple[Unit, Unit]) -> None:
    company, other = SiteFactory(), SiteFactory()
    line = SiteFactory(parent=company)
    today = clock.local_day(clock.now())
    for name, site, start, end in [
        ("works", line, today, None),
        ("last day", company, today - timedelta(9), today + timedelta(1)),
        ("left today", line, today - timedelta(9), today),
        ("left lately", line, today - timedelta(99), today - queries.LEFT_SINCE + timedelta(1)),
        ("left long ago", line, today - timedelta(99), today - queries.LEFT_SINCE),
        ("starts tomorrow", line, today + timedelta(1), None),
        ("elsewhere", other, today, None),
    ]:
        person = PersonFactory(full_name=name, unit=communes[0])
        AssignmentFactory(person=person, site=site, valid_from=start, valid_to=end)
    seen = queries.visible_people(over_site(company.path))
    assert names(seen) == ["last day", "left lately", "left today", "works"]


def test_the_reach_narrows_what_hangs_on_a_person_too(communes: tuple[Unit, Unit]) -> None:
    here, there = communes
    for unit in (here, there):
        AssignmentFactory(person=PersonFactory(unit=unit), site=SiteFactory())
    found = Assignment.objects.filter(queries.within(over_unit(here), VIEW, person="person__"))
    assert [assignment.person.unit_id for assignment in found] == [here.pk]
    assert not Assignment.objects.filter(queries.within(Viewer(1), VIEW, person="person__")).exists()


def test_a_person_out_of_reach_is_as_one_who_does_not_exist(communes: tuple[Unit, Unit]) -> None:
    person = PersonFactory(unit=communes[0])
    assert queries.person_by_public_id(over_unit(communes[0]), person.public_id) == person
    for viewer, public_id in [
        (over_unit(communes[1]), person.public_id),
        (over_unit(communes[0]), "person_x"),
    ]:
        with pytest.raises(Person.DoesNotExist):
            queries.person_by_public_id(viewer, public_id)


def test_a_name_is_told_within_reach_and_elsewhere_the_code(communes: tuple[Unit, Unit]) -> None:
    here, there = communes
    person = PersonFactory(full_name="Đỗ Thị Hà", code="CN-001", unit=here)
    nameless = PersonFactory(full_name="", code="CN-002", unit=here)
    stranger = PersonFactory(full_name="Lan", code=None, unit=there)
    told = [queries.known_name(over_unit(here), who, VIEW) for who in (person, nameless, stranger)]
    assert told == ["Đỗ Thị Hà", "CN-002", stranger.public_id]
    assert queries.known_name(over_unit(there), person, VIEW) == "CN-001"
    assert queries.known_name(over_unit(here), person, Permission.USER_MANAGE) == "CN-001"


def test_the_reach_follows_the_permission_that_is_asked_for(communes: tuple[Unit, Unit]) -> None:
    """A nurse who is also the officer of a company sees its workers, and reports only people of the commune."""
    here, there = communes
    company = SiteFactory()
    neighbour, worker = PersonFactory(unit=here), PersonFactory(unit=there)
    AssignmentFactory(person=worker, site=company)
    both = Viewer(3, over_unit(here).grants + over_site(company.path).grants)
    assert set(queries.visible_people(both)) == {neighbour, worker}
    assert list(queries.visible_people(both, Permission.CASE_CREATE)) == [neighbour]
    with pytest.raises(Person.DoesNotExist):
        queries.person_by_public_id(both, worker.public_id, Permission.CASE_CREATE)
    with pytest.raises(Denied):
        queries.visible_people(over_site(company.path), Permission.CASE_CREATE)


def test_people_of_a_divided_commune_are_for_whoever_holds_all_its_parts(province: Unit) -> None:
    oldest, whole, divided = UnitFactory(), UnitFactory(), UnitFactory()
    here, there = UnitFactory(parent=province), UnitFactory(parent=province)
    for old, new in [(oldest, divided), (whole, here), (divided, here), (divided, there)]:
        UnitSuccessor.objects.create(old=old, new=new)
    for name, unit in [("Hà", here), ("Lan", there), ("Mai", whole), ("Sen", divided), ("Tư", oldest)]:
        PersonFactory(full_name=name, unit=unit)
    assert names(queries.visible_people(over_unit(here))) == ["Hà", "Mai"]
    assert names(queries.visible_people(over_unit(there))) == ["Lan"]
    assert names(queries.visible_people(over_unit(province))) == ["Hà", "Lan", "Mai", "Sen", "Tư"]
    assert names(queries.visible_people(over_unit(divided))) == ["Sen", "Tư"]
    both = Viewer(1, over_unit(here).grants + over_unit(there).grants)
    assert names(queries.visible_people(both)) == ["Hà", "Lan", "Mai", "Sen", "Tư"]


def test_a_company_learns_only_of_its_own_sites_where_somebody_belongs(communes: tuple[Unit, Unit]) -> None:
    company, room = SiteFactory(), SiteFactory()
    person = PersonFactory(unit=communes[0])
    AssignmentFactory(person=person, site=company)
    AssignmentFactory(person=person, site=room, valid_from=date(2021, 2, 1))
    by_company = queries.assignments_of(over_site(company.path), person)
    assert [(a.site_id, a.may_open) for a in by_company] == [(company.pk, True)]
    by_commune = queries.assignments_of(over_unit(communes[0]), person)
    assert [(a.site_id, a.may_open) for a in by_commune] == [(room.pk, False), (company.pk, False)]
