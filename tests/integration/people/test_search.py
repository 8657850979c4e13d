"""Who is found by what was written, page by page, in every size of area."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from tests.factories import AssignmentFactory, PersonFactory, SiteFactory, UnitFactory
from tuyendau.access import Denied, Grant, Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Unit, UnitLevel, UnitSuccessor
from tuyendau.lib import clock
from tuyendau.records.people import queries
from tuyendau.records.people.models import Identifier, Name, Person
from tuyendau.records.people.queries import area, search
from tuyendau.records.people.rules import wanted as meant

pytestmark = pytest.mark.django_db


def over_unit(unit: Unit, role: str = "epidemiologist") -> Viewer:
    return Viewer(1, (Grant(role, ScopeKind.UNIT, str(unit.path)),))


@pytest.fixture
def province() -> Unit:
    return UnitFactory(level=UnitLevel.PROVINCE)


@pytest.fixture(params=["few", "many", "many of common names"])
def size_of_area(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same answers where every row is looked at and where an index leads."""
    if request.param != "few":
        monkeypatch.setattr(area, "SMALL", -1)
    if request.param == "many of common names":
        monkeypatch.setattr(search._Search, "_common", lambda self: True)
    return str(request.param)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("", {"ha", "hoa", "nameless", "old"}),
        ("hà", {"ha"}),
        ("DO THI", {"ha"}),
        ("thị", {"ha", "hoa", "old"}),
        ("hoa nguyen", {"hoa", "old"}),
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
        ("024194", {"hoa"}),
        ("024 194 012 345", {"hoa"}),
        ("024194012346", set()),
        ("121 234 567", {"old"}),
        ("DN4 24 2721315635", {"hoa"}),
        ("2721315635", {"hoa"}),
        ("thi hoa 1994", {"hoa"}),
        ("hoa 12/03/1994", {"hoa"}),
        ("hoa 30/04/1960", {"old"}),
        ("12/03/1994", {"hoa"}),
        ("30/04/1960", set()),
        ("hoa 024194012345", {"hoa"}),
        ("ha 024194012345", set()),
        ("100%", set()),
        ("c_-0", set()),
    ],
)
def test_search(written: str, found: set[str], size_of_area: str, province: Unit) -> None:
    people = {
        "ha": PersonFactory(full_name="Đỗ Thị Hà", code="CN-001", phone="+84912345678", unit=province),
        "hoa": PersonFactory(
            full_name="Nguyễn Thị Hoa",
            code="B",
            phone="0988112233",
            birth_year=1994,
            birth_date=date(1994, 3, 12),
        ),
        "nameless": PersonFactory(full_name="", code="x7"),
        "old": PersonFactory(full_name="Nguyễn Thị Hoa", code="C", birth_year=1960),
    }
    for key, kind, value in [
        ("hoa", "cccd", "024194012345"),
        ("old", "cmnd", "121234567"),
        ("hoa", "bhyt", "2721315635"),
    ]:
        Identifier.objects.create(person=people[key], kind=kind, value=value)
    page = queries.people_page(over_unit(province), written)
    assert {p.pk for p in page.people} == {people[key].pk for key in found}
    assert page.count == len(found)


def test_whoever_was_merged_is_found_as_the_survivor(size_of_area: str, province: Unit) -> None:
    survivor = PersonFactory(full_name="Lan", code="A1")
    PersonFactory(full_name="Lan", code="OLD-7", phone="+84911111111", merged_into=survivor)
    viewer = over_unit(province)
    for wanted in ("lan", "OLD-7", "old-7"):
        assert queries.people_page(viewer, wanted).people == [survivor], wanted


def everyone(viewer: Viewer, wanted: str, size: int) -> list[str]:
    """The names on all pages, in their order."""
    listed: list[str] = []
    after = None
    while True:
        page = queries.people_page(viewer, wanted, after=after, size=size)
        listed += [person.full_name for person in page.people]
        after = page.next_id
        if after is None:
            return listed


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_names_that_begin_as_asked_come_first(size: int, size_of_area: str, province: Unit) -> None:
    for name in ["Bùi Thị Trân", "Trần An", "An", "Đỗ Trần Bình", "Trần Bình", "Trần An"]:
        PersonFactory(full_name=name)
    viewer = over_unit(province)
    assert everyone(viewer, "trần", size) == [
        "Trần An",
        "Trần An",
        "Trần Bình",
        "Bùi Thị Trân",
        "Đỗ Trần Bình",
    ]
    assert everyone(viewer, "bình trần", size) == ["Đỗ Trần Bình", "Trần Bình"]
    assert everyone(viewer, "P", size) == []
    whole = everyone(viewer, "", size)
    assert whole == ["An", "Bùi Thị Trân", "Đỗ Trần Bình", "Trần An", "Trần An", "Trần Bình"]


def test_a_long_list_is_counted_no_further_than_needed(
    monkeypatch: pytest.MonkeyPatch, size_of_area: str, province: Unit
) -> None:
    monkeypatch.setattr(search, "COUNT_LIMIT", 3)
    PersonFactory.create_batch(5)
    for wanted in ("", "nguyen van"):
        page = queries.people_page(over_unit(province), wanted, size=4)
        assert (len(page.people), page.count, page.more) == (4, 3, True)


def test_nobody_out_of_reach_is_found(size_of_area: str, province: Unit) -> None:
    here, there = UnitFactory(parent=province), UnitFactory(parent=province)
    company = SiteFactory()
    own = PersonFactory(full_name="Hà Lan", code="H1", unit=here, birth_year=1990)
    worker = PersonFactory(full_name="Hà Lan", code="H2", unit=there, birth_year=1990)
    AssignmentFactory(person=worker, site=SiteFactory(parent=company))
    nurse = over_unit(here, "commune_officer")
    officer = Viewer(2, (Grant("company_officer", ScopeKind.SITE, str(company.path)),))
    both = Viewer(3, nurse.grants + officer.grants)
    for wanted in ("", "ha", "lan ha", "ha 1990", "h"):
        assert queries.people_page(nurse, wanted).people == [own]
        assert queries.people_page(officer, wanted).people == [worker]
    assert {p.pk for p in queries.people_page(both, "ha").people} == {own.pk, worker.pk}
    assert queries.people_page(nurse, "H2").people == []
    with pytest.raises(Denied):
        queries.people_page(Viewer(9), "ha")


def test_a_commune_of_today_has_the_people_of_those_it_was_made_of(size_of_area: str, province: Unit) -> None:
    ends = (date(2021, 1, 1), date(2022, 1, 1), None, None)
    oldest, old, merged, other = (UnitFactory(parent=province, valid_to=end) for end in ends)
    UnitSuccessor.objects.create(old=oldest, new=old)
    UnitSuccessor.objects.create(old=old, new=merged)
    for unit in (oldest, old, merged, other):
        PersonFactory(unit=unit)
    found = queries.people_page(over_unit(province), commune=merged).people
    assert {person.unit_id for person in found} == {oldest.pk, old.pk, merged.pk}
    assert list(queries.communes_in_reach(over_unit(merged, "commune_officer"))) == [merged]


def test_the_communes_to_choose_from_are_those_of_the_day(
    province: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    reform = date(2025, 7, 1)
    before = UnitFactory(parent=province, code="07795", valid_to=reform)
    after = UnitFactory(parent=province, code="07795", valid_from=reform)
    UnitSuccessor.objects.create(old=before, new=after)
    found = partial(queries.communes_in_reach, over_unit(province, "district_officer"))
    assert list(found()) == [after]
    monkeypatch.setattr(clock, "now", lambda: datetime(2021, 5, 28, tzinfo=UTC))
    assert list(found()) == [before]


def test_a_site_narrows_to_who_belongs_there_today(size_of_area: str, province: Unit) -> None:
    company = SiteFactory()
    line = SiteFactory(parent=company)
    for name, site, until in [
        ("Hà", line, None),
        ("Lan", company, date(2021, 3, 1)),
        ("Mai", SiteFactory(), None),
    ]:
        AssignmentFactory(person=PersonFactory(full_name=name), site=site, valid_to=until)
    found = queries.people_page(over_unit(province), site=company.code).people
    assert [p.full_name for p in found] == ["Hà"]
    assert queries.people_page(over_unit(province), site="none").people == []


def test_a_picker_finds_by_the_permission_that_is_asked_for(province: Unit) -> None:
    person = PersonFactory(full_name="Hà")
    assert queries.find(over_unit(province), "ha", Permission.PERSON_EDIT) == [person.pk]
    assert queries.find(None, "ha", Permission.PERSON_EDIT) == [person.pk]
    with pytest.raises(Denied):
        queries.find(over_unit(province), "ha", Permission.USER_MANAGE)


def test_names_follow_people_who_are_renamed(django_assert_num_queries: Any) -> None:
    person = PersonFactory(full_name="Hà")
    PersonFactory.create_batch(2, full_name="Lan")
    Person.objects.filter(pk=person.pk).update(folded="ha moi")
    assert set(Name.objects.values_list("folded", flat=True)) >= {"ha", "ha moi", "lan"}


def test_words_are_common_by_what_was_counted(monkeypatch: pytest.MonkeyPatch, province: Unit) -> None:
    monkeypatch.setattr(search, "shares", lambda: {"nguyen": 0.4, "thi": 0.3, "thinh": 0.02, "quach": 0.001})
    among = area.area(over_unit(province), Permission.PERSON_VIEW)
    asked = {
        written: search._Search(among, meant.wanted(written))._common()
        for written in ("ng", "nguyen thi", "th", "quach", "quach nguyen", "zx")
    }
    assert asked == {
        "ng": True, "nguyen thi": True, "th": True, "quach": False, "quach nguyen": False, "zx": False,
    }  # fmt: skip
