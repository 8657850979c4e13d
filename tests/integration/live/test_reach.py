"""Who is told of an event is whoever the queries let see the thing: on random worlds, for every kind of viewer."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory
from tuyendau.access import ROLES, Denied, Grant, Permission, ScopeKind, Viewer
from tuyendau.core.places.models import Site, Unit, UnitLevel, UnitSuccessor
from tuyendau.core.places.queries import reach_of, visible_sites, whereabouts_of_site
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.queries import cases_in_reach, whereabouts_of_cases
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import visible_people, whereabouts_of

pytestmark = pytest.mark.django_db


class World:
    """Units of today and of before a reform, sites in trees, people who live, work and worked there, their cases."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        provinces = [UnitFactory(level=UnitLevel.PROVINCE) for _ in range(2)]
        districts = [UnitFactory(level=UnitLevel.DISTRICT, parent=province) for province in provinces * 2]
        now = [UnitFactory(parent=district) for district in districts * 2]
        before = [UnitFactory(parent=chance.choice(districts)) for _ in range(8)]
        long_before = [UnitFactory(parent=chance.choice(districts)) for _ in range(6)]
        for olds, news in ((before, now), (long_before, before)):
            for old in olds:
                for new in chance.sample(news, chance.choice([0, 1, 1, 2])):
                    UnitSuccessor.objects.create(old=old, new=new)
        self.units: list[Unit | None] = [*provinces, *districts, *now, *before, *long_before]
        tops = [SiteFactory(unit=self.unit()) for _ in range(4)]
        self.sites = tops + [SiteFactory(parent=chance.choice(tops), unit=self.unit()) for _ in range(6)]
        people = [PersonFactory(unit=self.unit()) for _ in range(25)]
        for person in people:
            for _ in range(chance.choice([0, 1, 2])):
                self.assign(person)
        for person in people[:15]:
            CaseFactory(person=person, unit=self.unit() if chance.random() < 0.5 else person.unit)

    def unit(self) -> Unit | None:
        return self.chance.choice([*self.units, None, None])

    def assign(self, person: Person) -> None:
        today = clock.local_day(clock.now())
        begun = today - timedelta(days=self.chance.choice([-2, 0, 1, 20, 60]))
        ended = self.chance.choice([None, -1, 0, 1, 5, 27, 28, 29, 40])
        until = None if ended is None else max(today - timedelta(days=ended), begun + timedelta(days=1))
        site = self.chance.choice(self.sites)
        if not person.assignments.filter(site=site, valid_from=begun).exists():
            AssignmentFactory(person=person, site=site, valid_from=begun, valid_to=until)

    def viewer(self, role: str) -> Viewer:
        kind = ROLES[role].scope
        places = self.units if kind is ScopeKind.UNIT else self.sites
        grants = [Grant(role, kind, str(place.path)) for place in self.chance.sample(places, 2) if place]
        if self.chance.random() < 0.3:
            other = self.chance.choice(self.sites)
            grants.append(Grant("company_officer", ScopeKind.SITE, str(other.path)))
        return Viewer(1, tuple(grants[: self.chance.choice([1, 2, 3])]))


def by_query(query: Any) -> set[str]:
    try:
        found: QuerySet[Any] = query()
        return set(found.values_list("public_id", flat=True))
    except Denied:
        return set()


@pytest.mark.parametrize("seed", range(6))
def test_told_are_those_who_see(seed: int) -> None:
    world = World(random.Random(seed))
    ids = dict(Person.objects.values_list("pk", "public_id"))
    people = {ids[pk]: where for pk, where in whereabouts_of(ids).items()}
    cases = {
        public_id: where
        for public_id, (_person, where) in whereabouts_of_cases(
            Case.objects.values_list("public_id", flat=True)
        ).items()
    }
    sites = {site.public_id: whereabouts_of_site(site) for site in Site.objects.all()}
    seen = 0
    for role in [*ROLES, *ROLES]:
        viewer = world.viewer(role)
        for permission, things, query in (
            (Permission.CASE_VIEW, cases, lambda p, v=viewer: cases_in_reach(v, p)),
            (Permission.MAP_VIEW, cases, lambda p, v=viewer: cases_in_reach(v, p)),
            (Permission.PERSON_VIEW, people, lambda p, v=viewer: visible_people(v, p)),
            (Permission.CONTACT_VIEW, people, lambda p, v=viewer: visible_people(v, p)),
            (Permission.VISIT_VIEW, sites, lambda p, v=viewer: visible_sites(v, p)),
        ):
            reach = reach_of(viewer, permission)
            told = {public_id for public_id, where in things.items() if reach.holds(where)}
            assert told == by_query(lambda q=query, p=permission: q(p)), (viewer, permission)
            seen += len(told)
    assert seen > 50


def test_one_event_costs_the_same_queries_as_many(django_assert_num_queries) -> None:
    from tuyendau.core.audit.queries import Event
    from tuyendau.core.live.queries import changes_of

    unit = UnitFactory()
    cases = [CaseFactory(person=PersonFactory(unit=unit)) for _ in range(30)]
    events = [
        (n, Event(pk=n, kind="case.confirmed", subject=case.public_id))
        for n, case in enumerate(cases, start=1)
    ]
    counts = []
    for some in (events[:1], events):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            changes = changes_of(some)
        assert all({"cases", "map"} <= {n.topic for n in change.notices} for change in changes)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
