"""What rosters, bus lists and room lists suppose: as the slow reference says, until somebody was seen or is absent."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest

from tests.factories import (
    AssignmentFactory,
    CaseFactory,
    PersonFactory,
    SiteFactory,
    UnitFactory,
    make_user,
    stay,
)
from tests.reference import rosters as reference
from tuyendau.access import Denied
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.people.models import Assignment, Shift
from tuyendau.records.visits.actions import Key, make_roster_visits, remove_visit, scan_in, set_absent
from tuyendau.records.visits.models import Visit, VisitSource
from tuyendau.records.visits.rules import shift_spans

pytestmark = pytest.mark.django_db

DAY = date(2021, 5, 14)
LATE = clock.midnight(DAY) + timedelta(days=3)


def at(hour: float, day: date = DAY) -> datetime:
    return clock.midnight(day) + timedelta(hours=hour)


class Company:
    """A company with a day shift and a night shift, a line, a bus, a room; its officer, and a worker of each shift."""

    def __init__(self) -> None:
        commune = UnitFactory(parent=UnitFactory(level=UnitLevel.PROVINCE))
        self.company = SiteFactory(kind=SiteKind.COMPANY, unit=commune)
        self.gate = SiteFactory(kind=SiteKind.GATE, parent=self.company)
        self.line = SiteFactory(parent=self.company)
        self.bus = SiteFactory(kind=SiteKind.BUS, dwell_minutes=40, parent=self.company)
        self.room = SiteFactory(kind=SiteKind.ROOM)
        self.day_shift = Shift.objects.create(
            site=self.company, code="N", name="Ngày", begins=time(8), minutes=600
        )
        self.night_shift = Shift.objects.create(
            site=self.company, code="Đ", name="Đêm", begins=time(20), minutes=600
        )
        self.user = make_user("can_bo", "company_officer", site=self.company)
        self.viewer = viewer_of(self.user, on=DAY)
        self.by_day, self.by_night = PersonFactory(), PersonFactory()
        for person, shift in ((self.by_day, self.day_shift), (self.by_night, self.night_shift)):
            AssignmentFactory(person=person, site=self.line, role="works", shift=shift)
            AssignmentFactory(person=person, site=self.bus, role="rides")
            AssignmentFactory(person=person, site=self.room, role="lodges")


@pytest.fixture
def company() -> Company:
    return Company()


def spans(person, site) -> list[tuple[float, float]]:
    """Hours of the day from which to which the person is supposed at the site."""
    midnight = clock.midnight(DAY)
    visits = Visit.objects.filter(person=person, site=site).order_by("start")
    assert all(v.end_assumed for v in visits)
    return [
        ((v.start - midnight) / timedelta(hours=1), (v.end - midnight) / timedelta(hours=1)) for v in visits
    ]


def test_who_works_a_shift_is_at_the_line_on_the_bus_and_in_the_room(company):
    assert make_roster_visits(DAY, at=LATE).added == 9
    assert spans(company.by_day, company.line) == [(8, 18)]
    assert spans(company.by_night, company.line) == [(20, 30)]
    assert spans(company.by_day, company.bus) == [(8 - 40 / 60, 8), (18, 18 + 40 / 60)]
    assert spans(company.by_night, company.bus) == [(6, 6 + 40 / 60), (20 - 40 / 60, 20)]
    assert spans(company.by_day, company.room) == [(0, 7.5), (18.5, 24)]
    assert spans(company.by_night, company.room) == [(6.5, 19.5)]
    assert set(Visit.objects.values_list("site_id", "source")) == {
        (company.line.pk, VisitSource.ROSTER), (company.bus.pk, VisitSource.BUS), (company.room.pk, VisitSource.ROOM),
    }  # fmt: skip
    again = make_roster_visits(DAY, at=LATE)
    assert (again.added, again.removed) == (0, 0)


def test_only_what_has_begun_is_supposed(company):
    make_roster_visits(DAY, at=at(9))
    assert spans(company.by_day, company.line) == [(8, 18)]
    assert spans(company.by_night, company.line) == []


def test_a_shift_of_some_weekdays_and_a_period_that_is_over(company):
    Shift.objects.filter(pk=company.day_shift.pk).update(weekdays=0b1111111 & ~(1 << DAY.weekday()))
    Assignment.objects.filter(person=company.by_night).update(valid_to=DAY)
    make_roster_visits(DAY, at=LATE)
    assert spans(company.by_day, company.line) == []
    assert spans(company.by_day, company.room) == [(0, 24)]
    assert not Visit.objects.filter(person=company.by_night).exists()


def test_whoever_was_seen_there_is_not_doubled_whenever_that_becomes_known(company):
    stay(company.by_day, company.line, at(8.1), at(16))
    make_roster_visits(DAY, at=LATE)
    assert Visit.objects.get(person=company.by_day, site=company.line).source == VisitSource.FILE
    assert len(spans(company.by_day, company.bus)) == 2
    stay(company.by_night, company.line, at(20.1), at(29))
    assert make_roster_visits(DAY, at=LATE).removed == 1
    assert Visit.objects.get(person=company.by_night, site=company.line).source == VisitSource.FILE


def test_a_scan_replaces_what_was_supposed_at_once_and_ends_with_the_shift(company):
    make_roster_visits(DAY, at=at(9))
    named = {"viewer": company.viewer, "by": company.user, "at": at(9)}
    visit = scan_in(company.by_day.code, company.line.code, at(8), **named)
    assert (visit.end, visit.end_assumed) == (at(18), True)
    assert Visit.objects.get(person=company.by_day, site=company.line).source == VisitSource.SCAN
    through_gate = scan_in(company.by_day.code, company.gate.code, at(6.5), **named)
    assert through_gate.end == at(18)
    early = scan_in(company.by_day.code, company.gate.code, at(1), **named)
    assert early.end == at(9)


def test_an_assignment_that_was_changed_takes_its_visits_along(company):
    make_roster_visits(DAY, at=LATE)
    other = SiteFactory(parent=company.company)
    Assignment.objects.filter(person=company.by_day, site=company.line).update(site=other)
    changed = make_roster_visits(DAY, at=LATE)
    assert (changed.added, changed.removed) == (1, 1)
    assert spans(company.by_day, other) == [(8, 18)]


def test_the_absent_are_not_supposed_until_that_is_taken_back(company):
    make_roster_visits(DAY, at=LATE)
    worker, line = company.by_day, company.line
    named = {"viewer": company.viewer, "by": company.user, "at": LATE}
    set_absent(worker.public_id, line.public_id, DAY, absent=True, **named)
    make_roster_visits(DAY, at=LATE)
    assert spans(worker, line) == []
    set_absent(worker.public_id, line.public_id, DAY, absent=False, **named)
    make_roster_visits(DAY, at=LATE)
    assert spans(worker, line) == [(8, 18)]
    assert {"roster.absent", "roster.not_absent"} <= set(Event.objects.values_list("kind", flat=True))


def test_an_isolated_case_is_supposed_nowhere_but_where_it_is_treated(company):
    ward = SiteFactory(kind=SiteKind.WARD)
    AssignmentFactory(person=company.by_day, site=ward, role="lodges")
    case = CaseFactory(person=company.by_day, status="confirmed", isolated_at=at(12))
    make_roster_visits(DAY, at=LATE)
    mine = Visit.objects.filter(person=company.by_day)
    (at_line,) = mine.filter(site=company.line)
    assert (at_line.start, at_line.end) == (at(8), at(12))
    assert not mine.exclude(site=ward).filter(end__gt=at(12)).exists()
    assert mine.filter(site=ward, end__gt=at(12)).exists()
    assert Visit.objects.filter(person=company.by_night, site=company.room, end__gt=at(12)).exists()
    make_roster_visits(DAY + timedelta(days=1), at=LATE)
    assert not mine.filter(site=company.room, start__gte=at(24)).exists()
    case.outcome, case.outcome_on = "recovered", DAY
    case.save()
    make_roster_visits(DAY, at=LATE)
    assert mine.get(site=company.line).end == at(18)
    case.status, case.outcome, case.outcome_on = "discarded", "", None
    case.save()
    make_roster_visits(DAY, at=LATE)
    assert mine.get(site=company.line).end == at(18)


def test_what_was_taken_out_is_not_supposed_again(company):
    make_roster_visits(DAY, at=LATE)
    key = Key(company.by_day.public_id, company.line.public_id, at(8), at(18))
    remove_visit(key, ground="nghỉ ốm", viewer=company.viewer, by=company.user, at=LATE)
    make_roster_visits(DAY, at=LATE)
    assert spans(company.by_day, company.line) == []


def test_who_may_not_correct_says_nobody_absent(company):
    gate = viewer_of(make_user("cong", "park_manager", site=company.company), on=DAY)
    with pytest.raises(Denied):
        set_absent(
            company.by_day.public_id, company.line.public_id, DAY, absent=True, viewer=gate, by=None, at=LATE
        )


def test_random_rosters_equal_the_slow_reference(company):
    random = np.random.default_rng(14)
    Assignment.objects.all().delete()
    sites = [company.line, company.bus, company.room]
    shifts = [
        Shift.objects.create(
            site=company.company,
            code=f"S{n}",
            name="Ca",
            begins=time(int(random.integers(24)), int(random.integers(60))),
            minutes=int(random.integers(60, 1441)),
            weekdays=int(random.integers(1, 128)),
        )
        for n in range(6)
    ]
    wanted = set()
    for _n in range(40):
        person = PersonFactory()
        begins, lasts = (DAY + timedelta(days=int(d)) for d in random.integers([-3, 0], [2, 3]))
        held = {"valid_from": begins, "valid_to": lasts if lasts > begins else None}
        shift = shifts[int(random.integers(len(shifts)))]
        for site, role in zip(sites, ("works", "rides", "lodges"), strict=True):
            AssignmentFactory(
                person=person, site=site, role=role, shift=shift if role == "works" else None, **held
            )
        wanted |= supposed(person, shift, held, sites)
    make_roster_visits(DAY, at=LATE)
    found = {
        (p, s, int(a.timestamp()), int(b.timestamp()))
        for p, s, a, b in Visit.objects.values_list("person_id", "site_id", "start", "end")
    }
    assert found == wanted


def supposed(person, shift, held, sites) -> set[tuple[int, int, int, int]]:
    def on(day: date) -> bool:
        return held["valid_from"] <= day and (held["valid_to"] is None or day < held["valid_to"])

    if not on(DAY):
        return set()
    line, bus, room = sites
    days = [day for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)) if on(day)]
    around = shift_spans(shift.begins, shift.minutes, shift.weekdays, days)
    own = shift_spans(shift.begins, shift.minutes, shift.weekdays, [DAY])
    spans = [(line, s) for s in own]
    spans += [(bus, s) for s in reference.rides(around, bus.dwell_minutes * 60, DAY)]
    spans += [(room, s) for s in reference.lodgings(around, DAY)]
    return {(person.pk, site.pk, s.start, s.end) for site, s in spans}
