"""Encounters: recorded once, exact in the next question, and evidence of a contact beside presence."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, make_user, stay
from tests.integration.visits.senders import NDJSON, Works
from tests.reference.tracing import Meeting, Rules, Source, Visit, World
from tuyendau.lib import clock
from tuyendau.records.cases.models import CaseStatus
from tuyendau.records.contacts.actions import trace_case
from tuyendau.records.contacts.models import Contact, Evidence, Exposure, Grade
from tuyendau.records.visits.actions import Near, add_encounters, publish_all
from tuyendau.records.visits.models import Encounter
from tuyendau.records.visits.queries import presence
from tuyendau.science.epi import parameters
from tuyendau.science.tracing import ContactPolicy, Sources, to_datetime, to_seconds

DAY = date(2021, 5, 14)
MORNING = clock.midnight(DAY) + timedelta(hours=7)
_POLICY, _EPI = ContactPolicy.bundled(), parameters()
RULES = Rules(
    _POLICY.thresholds.tolist(),
    _POLICY.anywhere.tolist(),
    _POLICY.assumed_weight,
    _EPI.hazards.tolist(),
    {_EPI.first_day + n: value for n, value in enumerate(_EPI.infectiousness.tolist())},
)


def second(start, seconds: int = 0) -> int:
    return int((start + timedelta(seconds=seconds)).timestamp())


def near(a, b, start, seconds: int) -> int:
    return add_encounters([Near(a.pk, b.pk, second(start), seconds)], by=None, at=MORNING)


def seconds_with(person: int) -> dict[int, int]:
    """Seconds that each contact spent with `person` in May 2021, whatever tells of them."""
    start, end = clock.day_span(date(2021, 5, 1), date(2021, 5, 31))
    found = presence().contacts(Sources.of([person], to_seconds(start), to_seconds(end)))
    return dict(zip(found.contact.tolist(), found.seconds.tolist(), strict=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("segments")
class TestExactAsOfNow:
    def test_an_encounter_counts_in_the_next_question_and_a_longer_one_takes_its_place(self):
        a, b = PersonFactory(), PersonFactory()
        assert seconds_with(a.pk) == {}
        assert near(b, a, MORNING, 300) == 1
        assert seconds_with(a.pk) == {b.pk: 300}
        assert near(a, b, MORNING, 900) == 1
        assert near(a, b, MORNING, 600) == 0
        assert seconds_with(a.pk) == seconds_with(a.pk) == {b.pk: 900}
        assert Encounter.objects.get().seconds == 900
        Encounter.objects.all().delete()
        assert seconds_with(a.pk) == {}

    def test_seconds_that_presence_covers_as_well_count_once(self):
        a, b, line = PersonFactory(), PersonFactory(), SiteFactory()
        stay(a, line, MORNING, MORNING + timedelta(minutes=30))
        stay(b, line, MORNING, MORNING + timedelta(minutes=30))
        near(a, b, MORNING + timedelta(minutes=20), 1200)
        assert seconds_with(a.pk) == {b.pk: 40 * 60}

    def test_a_confirmed_case_has_them_as_evidence_graded_by_the_policy(self):
        case = CaseFactory(status=CaseStatus.CONFIRMED, onset_on=DAY, sampled_on=DAY)
        close, short, brief = PersonFactory(), PersonFactory(), PersonFactory()
        near(case.person, close, MORNING, 15 * 60)
        near(short, case.person, MORNING, 14 * 60)
        near(brief, case.person, MORNING, 30)
        trace_case(case, by=None, at=MORNING + timedelta(hours=1))
        contacts = {c.person_id: c for c in Contact.objects.filter(case=case)}
        assert {p: c.grade for p, c in contacts.items()} == {close.pk: Grade.CLOSE, short.pk: Grade.NEAR}
        exposure = Exposure.objects.get(contact__person=close)
        assert (exposure.evidence, exposure.site_id, exposure.seconds) == (Evidence.ENCOUNTER, None, 900)
        assert (exposure.first, exposure.last) == (MORNING, MORNING + timedelta(minutes=15))
        Encounter.objects.all().delete()
        trace_case(case, by=None, at=MORNING + timedelta(hours=1))
        assert not Contact.objects.filter(case=case).exists()
        assert not Exposure.objects.filter(contact__case=case).exists()

    def test_random_histories_equal_the_slow_reference(self):
        """Stays, encounters, longer ones, removals and publishing in any order, second by second."""
        random = np.random.default_rng(14_052_021)
        people, sites = [PersonFactory() for _ in range(6)], [SiteFactory(), SiteFactory()]
        stays: list[Visit] = []
        meetings: dict[tuple[int, int, int], int] = {}
        for step in range(60):
            a, b = (people[i] for i in random.choice(len(people), 2, replace=False))
            offset = int(random.integers(-200, 200))
            start, length = clock.midnight(DAY) + timedelta(seconds=offset), int(random.integers(1, 300))
            act = random.integers(6)
            if act <= 1:
                site = random.choice(sites)
                stay(a, site, start, start + timedelta(seconds=length))
                stays.append(Visit(a.pk, site.pk, to_seconds(start), to_seconds(start) + length))
            elif act <= 3:
                near(a, b, start, length)
                key = (min(a.pk, b.pk), max(a.pk, b.pk), to_seconds(start))
                meetings[key] = max(length, meetings.get(key, 0))
            elif act == 4 and meetings:
                key = list(meetings)[int(random.integers(len(meetings)))]
                Encounter.objects.filter(a=key[0], b=key[1], start=to_datetime(key[2])).delete()
                del meetings[key]
            else:
                publish_all(at=clock.now())
            if step % 5 == 4:
                compare(people, sites, stays, meetings)


def compare(people, sites, stays, meetings) -> None:
    world = World({site.pk: site.setting for site in sites}, RULES)
    for visit in stays:
        world.add(visit)
    for (a, b, start), seconds in meetings.items():
        world.meet(Meeting(a, b, start, seconds))
    begin, end = to_seconds(clock.midnight(DAY)) - 150, to_seconds(clock.midnight(DAY)) + 250
    index = presence()
    for person in people:
        found = index.trace(Sources.of([person.pk], begin, end))
        wanted = world.contacts([Source(person.pk, begin, end)])
        c, e = found.contacts, found.exposures
        assert {
            p: (s, g)
            for p, s, g in zip(c.contact.tolist(), c.seconds.tolist(), c.grade.tolist(), strict=True)
        } == {p: (met.seconds, met.grade) for (_row, p), met in wanted.items()}
        assert {
            (p, s): n for p, s, n in zip(e.contact.tolist(), e.site.tolist(), e.seconds.tolist(), strict=True)
        } == {(p, site): len(t) for (_row, p), met in wanted.items() for site, t in met.sites.items()}


@pytest.mark.django_db
class TestBatches:
    PATH = "/api/v1/encounters"

    @pytest.fixture
    def works(self) -> Works:
        works = Works()
        for worker in works.workers:
            AssignmentFactory(person=worker, site=works.line)
        return works

    def row(self, works, **more):
        return {"a": "CN0", "b": "CN1", "start": works.ago(hours=1), "seconds": 640} | more

    def test_a_batch_is_taken_and_each_bad_row_named(self, works):
        PersonFactory(code="XA-LA")
        rows = [
            self.row(works),
            self.row(works, a="CN1", b="CN0"),
            self.row(works, b="XA-LA"),
            self.row(works, b="CN0"),
            self.row(works, start=works.ago(hours=-1)),
            self.row(works, seconds=5000),
            self.row(works, seconds=0),
            self.row(works, seconds="640"),
            self.row(works, start="1999-01-01T00:00:00Z"),
        ]
        answer = works.send(rows, path=self.PATH, kind=NDJSON, key="e").json()
        assert (answer["rows"], answer["accepted"], answer["doubled"], answer["refused"]) == (9, 1, 1, 7)
        assert [(p["row"], p["field"], p["code"]) for p in answer["problems"]] == [
            (3, "b", "unknown_person"),
            (4, "b", "same_person"),
            (5, "start", "future"),
            (6, "start", "future"),
            (7, "seconds", "out_of_range"),
            (8, "seconds", "not_number"),
            (9, "start", "too_old"),
        ]
        assert Encounter.objects.get().seconds == 640
        assert works.send(rows, path=self.PATH, kind=NDJSON, key="e").json() == answer

    def test_who_is_out_of_reach_cannot_be_named(self, works):
        works.client.force_login(make_user("xa_la", "company_officer", site=works.stranger))
        answer = works.send([self.row(works)], path=self.PATH).json()
        assert answer["refused"] == 1
        assert not Encounter.objects.exists()
