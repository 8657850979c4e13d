"""Who lives, works and was in an area: as the slow reference says, within each viewer's reach, on record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, stay
from tests.reference import selection as reference
from tuyendau.access import Denied, Grant, ScopeKind, Viewer
from tuyendau.core.places.models import Boundary, SiteKind, Unit
from tuyendau.insight.map.queries.selection import (
    Selection,
    Unknown,
    Way,
    counts,
    people_in,
)
from tuyendau.lib import areas, clock
from tuyendau.records.people.queries import belonging
from tuyendau.records.visits.actions import publish_day
from tuyendau.science.tracing import to_datetime

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("segments")]
# Presence is read on a connection of its own, which sees what is committed.
committed = pytest.mark.django_db(transaction=True)

DAY = date(2021, 5, 14)
START, END = clock.day_span(date(2021, 5, 10), DAY)
BOX = "box:106.1,21.2,106.2,21.3"


class Town:
    """A province of two communes side by side, each a tenth of a degree wide; the box holds the first one whole."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=1, code="24")
        self.district = UnitFactory(level=2, code="222", parent=self.province)
        self.here = UnitFactory(code="07807", parent=self.district)
        self.beside = UnitFactory(code="07795", parent=self.district)
        self._outline(self.here, 106.11, 106.15)
        self._outline(self.beside, 106.15, 106.25)

    @staticmethod
    def _outline(unit: Unit, west: float, east: float) -> None:
        wkb = shapely.to_wkb(shapely.box(west, 21.21, east, 21.29))
        Boundary.objects.create(unit=unit, wkb=wkb, outline=wkb, source="test")

    def viewer(self, role: str = "epidemiologist", unit: Unit | None = None) -> Viewer:
        return Viewer(1, (Grant(role, ScopeKind.UNIT, str((unit or self.province).path)),))

    def site(self, lon: float | None, lat: float | None = 21.25, **fields):
        fields = {"kind": SiteKind.HOUSEHOLD, "unit": self.here} | fields
        return SiteFactory(lon=lon, lat=None if lon is None else lat, **fields)


@pytest.fixture
def town() -> Town:
    return Town()


def asked(area: str = BOX, start: datetime = START, end: datetime = END) -> Selection:
    return Selection(areas.read(area), start, end)


@committed
def test_who_lives_works_and_was_there(town):
    home, line = town.site(106.12), town.site(106.13, kind=SiteKind.LINE)
    lodger, worker, visitor, elsewhere = (PersonFactory(unit=town.here) for _ in range(4))
    AssignmentFactory(person=lodger, site=home)
    AssignmentFactory(person=worker, site=line)
    AssignmentFactory(person=worker, site=town.site(106.3))
    for person in (visitor, elsewhere):
        AssignmentFactory(person=person, site=town.site(106.3))
    morning = START + timedelta(hours=7)
    stay(visitor, line, morning, morning + timedelta(hours=2))
    stay(elsewhere, line, END, END + timedelta(hours=2))
    found = people_in(town.viewer(), asked())
    assert found.lives.tolist() == [lodger.pk]
    assert found.works.tolist() == [worker.pk]
    assert found.was.person.tolist() == [visitor.pk]
    assert to_datetime(int(found.was.first[0])) == morning
    assert found.anyone.tolist() == [lodger.pk, worker.pk, visitor.pk]


def test_whoever_has_a_commune_alone_counts_where_it_lies_wholly_inside(town):
    whole, cut = PersonFactory(unit=town.here), PersonFactory(unit=town.beside)
    PersonFactory(unit=None)
    found = people_in(town.viewer(), asked())
    assert found.lives.tolist() == [whole.pk]
    assert (found.vague, found.unplaced) == (1, 1)
    assert cut.pk not in found.anyone


def test_whoever_is_in_quarantine_lives_there_and_not_at_home(town):
    home, room = town.site(106.12), town.site(106.3)
    person = PersonFactory(unit=town.here)
    AssignmentFactory(person=person, site=home, valid_from=date(2021, 1, 1))
    AssignmentFactory(person=person, site=room, valid_from=date(2021, 5, 1))
    assert people_in(town.viewer(), asked()).lives.tolist() == []


def test_a_room_without_a_point_lies_where_its_house_lies(town):
    house = town.site(106.12, kind=SiteKind.DORMITORY)
    room = town.site(None, kind=SiteKind.ROOM, parent=house)
    person = PersonFactory(unit=town.beside)
    AssignmentFactory(person=person, site=room)
    assert people_in(town.viewer(), asked()).lives.tolist() == [person.pk]


def test_a_unit_and_a_site_are_areas_by_what_belongs_to_them(town):
    company = town.site(106.14, kind=SiteKind.COMPANY)
    line = town.site(None, kind=SiteKind.LINE, parent=company)
    worker, resident = PersonFactory(unit=town.beside), PersonFactory(unit=town.here)
    AssignmentFactory(person=worker, site=line)
    of_unit = people_in(town.viewer(), asked("unit:07807"))
    assert (of_unit.works.tolist(), of_unit.lives.tolist()) == ([worker.pk], [resident.pk])
    of_site = people_in(town.viewer(), asked(f"site:{company.public_id}"))
    assert (of_site.works.tolist(), of_site.lives.tolist()) == ([worker.pk], [])
    assert people_in(town.viewer(), asked("unit:222")).lives.tolist() == [worker.pk, resident.pk]
    for unknown in ("unit:99999", "site:site_nobody"):
        with pytest.raises(Unknown):
            people_in(town.viewer(), asked(unknown))


def test_nothing_counts_beyond_the_viewers_units(town):
    officer = town.viewer("commune_officer", town.here)
    line = town.site(106.13, kind=SiteKind.LINE)
    line_beside = town.site(106.16, kind=SiteKind.LINE, unit=town.beside)
    own, commuter, other = PersonFactory(unit=town.here), PersonFactory(unit=town.beside), PersonFactory()
    for person in (own, commuter):
        AssignmentFactory(person=person, site=line)
    AssignmentFactory(person=other, site=line_beside)
    found = counts(officer, asked())
    works = next(count for count in found.ways if count.way is Way.WORKS)
    assert (works.people, works.listed, works.others) == (2, 1, 1)
    assert found.beyond
    assert not counts(town.viewer(), asked()).beyond
    company = Viewer(1, (Grant("company_officer", ScopeKind.SITE, str(line.path)),))
    with pytest.raises(Denied):
        counts(company, asked())


def test_cases_and_follow_ups_are_told_of_the_viewers_own_people(town):
    home = town.site(106.12)
    case, stranger = PersonFactory(unit=town.here), PersonFactory(unit=town.beside)
    for person in (case, stranger):
        AssignmentFactory(person=person, site=home)
        CaseFactory(person=person, status="confirmed")
    CaseFactory(person=case, status="discarded")
    lives = counts(town.viewer("commune_officer", town.here), asked()).ways[0]
    assert (lives.people, lives.listed, lives.cases, lives.followed) == (2, 1, 1, 0)
    assert counts(town.viewer(), asked()).ways[0].cases == 2


def test_whoever_may_see_no_person_is_told_no_small_number(town):
    leader, home = town.viewer("leader"), town.site(106.12)
    for _ in range(4):
        AssignmentFactory(person=PersonFactory(unit=town.beside), site=home)
    lives, works, _was, _any = counts(leader, asked()).ways
    assert (lives.people, works.people) == (None, 0)
    AssignmentFactory(person=PersonFactory(unit=town.beside), site=home)
    found = counts(leader, asked())
    assert (found.ways[0].people, found.blurred, found.nobody) == (5, True, False)


def test_a_case_counts_from_when_it_was_known(town):
    home, person = town.site(106.12), PersonFactory(unit=town.here)
    AssignmentFactory(person=person, site=home)
    before = clock.now() - timedelta(hours=1)
    CaseFactory(person=person, status="confirmed")
    then = Selection(areas.read(BOX), START, END, before)
    assert counts(town.viewer(), then).ways[0].cases == 0
    assert counts(town.viewer(), asked()).ways[0].cases == 1


@committed
@pytest.mark.parametrize("few", [0, 12_000], ids=["all are read", "some are looked up"])
def test_random_towns_equal_the_slow_reference(town, monkeypatch, few):
    """Sites with and without points, trees of them, moves, several lodgings, corrected and published presence."""
    monkeypatch.setattr(belonging, "FEW_SITES", few)
    random = np.random.default_rng(20_210_514)
    sites = []
    for _ in range(14):
        placed = random.random() < 0.6
        sites.append(
            town.site(
                106.05 + 0.2 * random.random() if placed else None,
                21.15 + 0.2 * random.random(),
                parent=random.choice(sites) if sites and random.random() < 0.5 else None,
                unit=random.choice([town.here, town.beside]),
            )
        )
    people = [PersonFactory(unit=random.choice([town.here, town.beside, None])) for _ in range(25)]
    PersonFactory(unit=town.here, merged_into=people[0])
    for _ in range(40):
        since = DAY - timedelta(days=int(random.integers(-3, 200)))
        AssignmentFactory._meta.model.objects.update_or_create(
            person=random.choice(people),
            site=random.choice(sites),
            valid_from=since,
            defaults={
                "role": random.choice(["lodges", "works", "eats"]),
                "valid_to": None
                if random.random() < 0.6
                else since + timedelta(days=int(random.integers(1, 60))),
            },
        )
    for step in range(40):
        begun = START + timedelta(minutes=int(random.integers(-3_000, 9_000)))
        stay(
            random.choice(people),
            random.choice(sites),
            begun,
            begun + timedelta(minutes=int(random.integers(1, 3_000))),
        )
        if step in (15, 30):
            publish_day(DAY - timedelta(days=int(random.integers(4))), at=datetime(2021, 5, 15, tzinfo=UTC))
    for area in (
        BOX,
        "round:106.15,21.25,5000",
        "ring:106.05,21.15;106.25,21.16;106.12,21.34",
        "box:106,21,107,22",
    ):
        found = people_in(town.viewer(), asked(area))
        polygon = areas.read(area).polygon
        assert set(found.lives.tolist()) == reference.lives(polygon, DAY), area
        assert found.unplaced == reference.unplaced(polygon, DAY), area
        assert set(found.works.tolist()) == reference.works(polygon, DAY), area
        was = {
            person: (to_datetime(first), to_datetime(last))
            for person, first, last in zip(
                found.was.person.tolist(), found.was.first.tolist(), found.was.last.tolist(), strict=True
            )
        }
        assert was == reference.was(polygon, START, END), area
        assert len(was), "an area in which nobody was proves nothing"
