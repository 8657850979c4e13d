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


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", {"ha", "hoa", "nameless"}),
        ("hà", {"ha"}),
        ("DO THI", {"ha"}),
        ("thị", {"ha", "hoa"}),
        ("hoa nguyen", {"hoa"}),
        ("oa", set()),
        ("ha hoa", set()),
        ("&|!", set()),
        ("'); drop", set()),
        ("cn-00", {"ha"}),
        ("CN-002", set()),
        ("0912 345", {"ha"}),
        ("+84 912", {"ha"}),
        ("84912", {"ha"}),
        ("0988", {"hoa"}),
        ("99", set()),
        ("x7", {"nameless"}),
    ],
)
def test_search(wanted: str, found: set[str]) -> None:
    people = {
        "ha": PersonFactory(full_name="Đỗ Thị Hà", code="CN-001", phone="+84912345678"),
        "hoa": PersonFactory(full_name="Nguyễn Thị Hoa", code="B", phone="0988 112 233".replace(" ", "")),
        "nameless": PersonFactory(full_name="", code="x7"),
    }
    pks = set(queries.search(Person.objects.all(), wanted).values_list("pk", flat=True))
    assert pks == {people[key].pk for key in found}


def test_pages_follow_each_other_by_name_without_gap_or_repeat() -> None:
    made = [PersonFactory(full_name=name) for name in ["Hà", "An", "Hà", "Hà", "Bình"]]
    seen: list[Person] = []
    after = None
    for _ in range(3):
        page = queries.people_page(Person.objects.all(), after=after, size=2)
        assert (page.count, page.more) == (5, False)
        seen += page.people
        after = page.next_id
    assert after is None
    assert [person.full_name for person in seen] == ["An", "Bình", "Hà", "Hà", "Hà"]
    assert {person.pk for person in seen} == {person.pk for person in made}


def everyone(wanted: str, size: int) -> list[str]:
    """The names on all pages, in their order."""
    listed, after = [], None
    while True:
        page = queries.people_page(Person.objects.all(), wanted=wanted, after=after, size=size)
        listed += [person.full_name for person in page.people]
        after = page.next_id
        if after is None:
            return listed


@pytest.mark.parametrize("limit", [2, 100], ids=["walking", "sorting"])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_names_that_begin_as_asked_come_first(monkeypatch: pytest.MonkeyPatch, limit: int, size: int) -> None:
    monkeypatch.setattr(queries, "COUNT_LIMIT", limit)
    for name in ["Bùi Thị Trân", "Trần An", "An", "Đỗ Trần Bình", "Trần Bình", "Trần An"]:
        PersonFactory(full_name=name)
    assert everyone("trần", size) == ["Trần An", "Trần An", "Trần Bình", "Bùi Thị Trân", "Đỗ Trần Bình"]
    assert everyone("bình trần", size) == ["Đỗ Trần Bình", "Trần Bình"]
    assert everyone("P", size) == []


def test_a_long_list_is_counted_no_further_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COUNT_LIMIT", 3)
    PersonFactory.create_batch(5)
    page = queries.people_page(Person.objects.all(), size=4)
    assert (len(page.people), page.count, page.more) == (4, 3, True)


def test_a_commune_of_today_has_the_people_of_those_it_was_made_of(communes: tuple[Unit, Unit]) -> None:
    old, merged = communes
    oldest = UnitFactory()
    UnitSuccessor.objects.create(old=oldest, new=old)
    UnitSuccessor.objects.create(old=old, new=merged)
    for unit in (oldest, old, merged, UnitFactory()):
        PersonFactory(unit=unit)
    found = queries.of_commune(Person.objects.all(), merged)
    assert {person.unit_id for person in found} == {oldest.pk, old.pk, merged.pk}
    assert list(queries.communes_in_reach(over_unit(merged))) == [merged]


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
