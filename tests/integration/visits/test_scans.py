"""Single scans: what is recorded, and what is refused with words that help."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.access import Denied
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.visits.actions import ScanRefused, scan_in, scan_out
from tuyendau.records.visits.models import Visit

pytestmark = pytest.mark.django_db

AT = clock.midnight(date(2021, 5, 14)) + timedelta(hours=8)


class Gate:
    """A company with a gate whose dwell rule is eight hours, its officer, and a worker."""

    def __init__(self) -> None:
        province = UnitFactory(level=UnitLevel.PROVINCE)
        self.company = SiteFactory(kind=SiteKind.COMPANY, unit=UnitFactory(parent=province))
        self.gate = SiteFactory(kind=SiteKind.GATE, parent=self.company, dwell_minutes=480)
        self.other = SiteFactory(kind=SiteKind.COMPANY)
        self.worker = PersonFactory()
        self.user = make_user("to_truong", "company_officer", site=self.company)
        self.viewer = viewer_of(self.user, on=AT.date())

    def go_in(self, moment=AT, *, site=None, person=None):
        return scan_in(
            person or self.worker.code,
            site or self.gate.code,
            moment,
            viewer=self.viewer,
            by=self.user,
            at=AT,
        )

    def go_out(self, moment, *, at=None):
        return scan_out(
            self.worker.code, self.gate.code, moment, viewer=self.viewer, by=self.user, at=at or moment
        )


@pytest.fixture
def gate() -> Gate:
    return Gate()


def test_in_without_out_ends_by_the_dwell_rule_and_is_marked(gate):
    visit = gate.go_in()
    assert (visit.start, visit.end, visit.end_assumed) == (AT, AT + timedelta(hours=8), True)
    assert Event.objects.get().kind == "visit.in"


def test_out_ends_the_visit_that_is_open(gate):
    gate.go_in()
    gate.go_out(AT + timedelta(hours=2))
    visit = Visit.objects.get()
    assert (visit.end, visit.end_assumed) == (AT + timedelta(hours=2), False)


def test_the_same_scan_twice_is_one_visit(gate):
    assert gate.go_in().id == gate.go_in().id
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda g: g.go_in(AT + timedelta(days=2)), "moment"),
        (lambda g: g.go_in(AT.replace(year=1970)), "moment"),
        (lambda g: g.go_in(site="KHONG_CO"), "site"),
        (lambda g: g.go_in(site=g.other.code), "site"),
        (lambda g: g.go_in(person="KHONG_CO"), "person"),
        (lambda g: g.go_out(AT + timedelta(hours=1)), "person"),
    ],
    ids=[
        "far future",
        "clock never set",
        "unknown site",
        "another company's site",
        "unknown person",
        "out without in",
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(gate, act, field):
    with pytest.raises(ScanRefused) as refused:
        act(gate)
    assert refused.value.field == field
    assert not Visit.objects.exists()
    assert not Event.objects.exists()


def test_out_before_in_is_refused_and_the_visit_stays_open(gate):
    gate.go_in()
    with pytest.raises(ScanRefused) as refused:
        gate.go_out(AT - timedelta(minutes=5), at=AT)
    assert refused.value.field == "moment"
    assert Visit.objects.get().end_assumed


def test_who_may_not_record_does_not(gate):
    hospital = SiteFactory(kind=SiteKind.HOSPITAL)
    nurse = viewer_of(make_user("bac_si", "clinician", site=hospital), on=AT.date())
    with pytest.raises(Denied):
        scan_in(gate.worker.code, gate.gate.code, AT, viewer=nurse, by=gate.user, at=AT)
    assert not Visit.objects.exists()


def test_a_double_beep_is_one_visit(gate):
    first = gate.go_in()
    assert gate.go_in(AT + timedelta(seconds=3)).id == first.id
    gate.go_out(AT + timedelta(hours=1))
    visit = Visit.objects.get()
    assert (visit.end, visit.end_assumed) == (AT + timedelta(hours=1), False)


def test_a_forgotten_scan_in_does_not_become_weeks_of_presence(gate):
    gate.go_in()
    with pytest.raises(ScanRefused, match="24"):
        gate.go_out(AT + timedelta(days=20))
    visit = Visit.objects.get()
    assert (visit.end, visit.end_assumed) == (AT + timedelta(hours=8), True)


def test_a_stranger_is_named_by_code_alone(gate):
    stranger = PersonFactory(code="LA", full_name="Trần Bí Mật")
    with pytest.raises(ScanRefused) as refused:
        scan_out("LA", gate.gate.code, AT, viewer=gate.viewer, by=gate.user, at=AT)
    assert stranger.full_name not in str(refused.value)
    assert "LA" in str(refused.value)
