"""Whatever is done in whatever order, contact lists and degrees are what the records say, computed whole."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tests.reference.contacts import World
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases import actions as cases
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules import Status
from tuyendau.records.contacts import actions
from tuyendau.records.contacts.models import Change, Contact, Degree, Exposure, Grade, Judgement, Link
from tuyendau.records.contacts.queries import followed
from tuyendau.records.people import actions as people
from tuyendau.records.people.models import Merge, Person
from tuyendau.records.visits import actions as visits
from tuyendau.records.visits.models import Visit
from tuyendau.records.visits.queries.presence import forget
from tuyendau.science.epi.settings import Setting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]

AT = clock.midnight(date(2021, 5, 20)) + timedelta(hours=9)
KINDS = (
    (SiteKind.LINE, Setting.LINE),
    (SiteKind.CANTEEN, Setting.CANTEEN),
    (SiteKind.ROOM, Setting.ROOM),
)
WHO = st.integers(0, 5)
WHICH = st.integers(0, 2)
DAYS = st.integers(10, 19)
SLOTS = st.integers(0, 40)
ANY = st.integers(0, 100)


def on(day: int, slot: int) -> datetime:
    """A quarter of an hour of May 2021 in the province."""
    return clock.midnight(date(2021, 5, day)) + timedelta(minutes=15 * slot)


class Outbreak(RuleBasedStateMachine):
    """Six people, three of whom are suspected cases, two of COVID-19 and one of measles; three sites."""

    def __init__(self) -> None:
        super().__init__()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE people_person, visits_visit, visits_pending, visits_encounter CASCADE")
            cursor.execute(
                "TRUNCATE places_unit, places_site, accounts_user, contacts_late, contacts_seen CASCADE"
            )
        forget()
        commune = UnitFactory(parent=UnitFactory(level=UnitLevel.PROVINCE))
        self.by = make_user("dich_te", "epidemiologist", unit=commune.parent)
        self.asks = {"viewer": viewer_of(self.by, on=date(2021, 5, 20)), "by": self.by, "at": AT}
        self.people = PersonFactory.create_batch(6, unit=commune)
        self.sites = [SiteFactory(kind=kind, setting=setting, unit=commune) for kind, setting in KINDS]
        self.cases = [
            CaseFactory(person=person, onset_on=date(2021, 5, 14), disease=disease)
            for person, disease in zip(self.people, ("covid19", "covid19", "measles"), strict=False)
        ]

    def here(self, number: int) -> Person:
        """One of the people, or whom they were merged into."""
        person = Person.objects.get(pk=self.people[number].pk)
        while person.merged_into is not None:
            person = person.merged_into
        return person

    def case(self, number: int) -> Case:
        return Case.objects.get(pk=self.cases[number].pk)

    @rule(which=WHICH, status=st.sampled_from(Status))
    def classify(self, which: int, status: Status) -> None:
        with suppress(cases.CaseRefused):
            cases.classify(self.cases[which].public_id, status, **self.asks)

    @rule(which=WHICH, onset=st.none() | DAYS, isolated=st.none() | DAYS)
    def correct_dates(self, which: int, onset: int | None, isolated: int | None) -> None:
        case = self.case(which)
        cases.correct_dates(
            case.public_id, onset_on=date(2021, 5, onset) if onset else None, sampled_on=case.sampled_on,
            result_on=case.result_on, isolated_at=on(isolated, 30) if isolated else None, **self.asks,
        )  # fmt: skip

    @rule(who=WHO, where=WHICH, day=DAYS, slot=SLOTS, long=st.integers(1, 60))
    def add_visit(self, who: int, where: int, day: int, slot: int, long: int) -> None:
        stay(self.here(who), self.sites[where], on(day, slot), min(on(day, slot + long), AT))

    @rule(day=DAYS, slot=SLOTS, where=WHICH, crowd=st.sets(WHO, min_size=2))
    def meet(self, day: int, slot: int, where: int, crowd: set[int]) -> None:
        for who in crowd:
            stay(self.here(who), self.sites[where], on(day, slot), on(day, slot + 4))

    def key(self, which: int) -> visits.Key | None:
        rows = list(Visit.objects.select_related("person", "site").order_by("start", "id"))
        if not rows:
            return None
        visit = rows[which % len(rows)]
        return visits.Key(visit.person.public_id, visit.site.public_id, visit.start, visit.end)

    @rule(which=ANY)
    def remove_visit(self, which: int) -> None:
        if key := self.key(which):
            visits.remove_visit(key, ground="nhầm người", **self.asks)

    @rule(which=ANY, day=DAYS, slot=SLOTS)
    def correct_visit(self, which: int, day: int, slot: int) -> None:
        if key := self.key(which):
            visits.correct_visit(key, on(day, slot), on(day, slot + 3), ground="xem lại sổ", **self.asks)

    @rule(
        which=WHICH, who=WHO, grade=st.sampled_from([Grade.CLOSE, Grade.NEAR]), day=st.none() | DAYS, slot=SLOTS
    )  # fmt: skip
    def link(self, which: int, who: int, grade: Grade, day: int | None, slot: int) -> None:
        times = (None, None) if day is None else (on(day, slot), on(day, slot + 2))
        data = actions.LinkData("case", "ăn cưới", grade, "", "Mão Điền", *times)
        with suppress(actions.ContactRefused):
            actions.link(self.cases[which].public_id, self.here(who).public_id, data, **self.asks)

    @rule(which=ANY)
    def unlink(self, which: int) -> None:
        links = list(Link.objects.order_by("id"))
        if links:
            actions.unlink(links[which % len(links)].public_id, why="nhầm", **self.asks)

    @rule(which=ANY, grade=st.sampled_from(Grade))
    def judge(self, which: int, grade: Grade) -> None:
        listed = list(Contact.objects.order_by("case", "person"))
        if listed:
            actions.judge(listed[which % len(listed)].public_id, grade, reason="đã xác minh", **self.asks)

    @rule(which=ANY)
    def withdraw(self, which: int) -> None:
        decided = list(Judgement.objects.order_by("id"))
        if decided:
            actions.withdraw(decided[which % len(decided)].public_id, why="chưa chắc", **self.asks)

    @rule(who=WHO, day=st.none() | DAYS)
    def quarantine(self, who: int, day: int | None) -> None:
        actions.set_quarantined({self.here(who).pk: on(day, 0) if day else None})

    @rule(one=WHO, other=WHO)
    def merge(self, one: int, other: int) -> None:
        survivor, merged = self.here(one), self.here(other)
        if survivor != merged:
            with suppress(people.MergeRefused):
                people.merge(survivor.public_id, merged.public_id, ground="một người", **self.asks)

    @rule()
    def unmerge(self) -> None:
        last = Merge.objects.filter(undone_at=None).order_by("-id").first()
        if last is not None:
            with suppress(people.MergeRefused, Case.DoesNotExist):
                people.unmerge(last.public_id, ground="hai người", **self.asks)

    @rule(day=DAYS)
    def publish(self, day: int) -> None:
        visits.publish_day(date(2021, 5, day), at=AT)

    @invariant()
    def what_is_kept_is_what_the_records_say(self) -> None:
        work()
        world = World(AT)
        kept = {
            (c.case_id, c.person_id): (c.traced_grade, c.grade, c.seconds, c.first, c.last)
            for c in Contact.objects.all()
        }
        wanted = {
            (case.pk, person): (e.traced, e.grade, e.seconds, e.first, e.last)
            for case in world.cases
            for person, e in world.entries(case).items()
        }
        assert kept == wanted
        degrees = {code: world.degrees(code) for code in ("covid19", "measles")}
        stored = {
            (d.disease, d.person_id): ((d.degree, d.case_id, d.since, d.until), set(d.met))
            for d in Degree.objects.all()
        }
        assert stored == {
            (code, person): (standing, world.met_by(person, code, *standing[2:]) if standing[0] else set())
            for code, found in degrees.items()
            for person, standing in found.items()
        }
        f1 = {
            (code, p) for code, found in degrees.items() for p, standing in found.items() if standing[0] == 1
        }
        assert {(f.disease, f.person_id) for f in followed()} == f1
        self.lists_are_ranked()

    def lists_are_ranked(self) -> None:
        told = set(Exposure.objects.filter(evidence="reported").values_list("contact", flat=True))
        for case in self.cases:
            rows = Contact.objects.filter(case=case)
            order = sorted(rows, key=lambda c: (c.grade, c.pk not in told, -c.probability, c.person_id))
            assert [c.rank for c in order] == list(range(1, len(order) + 1))
        assert not Change.objects.filter(before=None, after=None).exists()


def work() -> None:
    """What the worker does."""
    actions.note_late_presence(at=AT)
    while actions.retrace_stale(at=AT):
        pass
    while actions.count_met(at=AT):
        pass


def test_what_is_kept_equals_what_is_computed_whole(monkeypatch: Any) -> None:
    # Policies in force today count; the clock must stand where the outbreak is.
    monkeypatch.setattr(clock, "now", lambda: AT)
    run_state_machine_as_test(
        Outbreak,
        settings=settings(
            max_examples=8, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
