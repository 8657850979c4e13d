"""Measles goes the way of any other disease: a school, a case confirmed by IgM, its own window, policy and air."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.factories import PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases.actions import ResultRow, record_result, report_case, take_sample
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules.details import Details
from tuyendau.records.contacts.models import Contact, Grade, Trace
from tuyendau.science.epi.settings import Setting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]

RASH = date(2025, 3, 12)
AT = clock.midnight(RASH + timedelta(days=6)) + timedelta(hours=9)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2025 in the province."""
    return clock.midnight(date(2025, 3, day)) + timedelta(hours=hour, minutes=minute)


class School:
    """Two classes of a school, and who sat in them when."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.commune = UnitFactory(parent=self.province)
        self.room, self.other_room = (
            SiteFactory(kind=SiteKind.SCHOOL, setting=Setting.SCHOOL, unit=self.commune) for _ in range(2)
        )
        self.pupil, self.mate, self.cleaner, self.late, self.early, self.elsewhere, self.after = (
            PersonFactory(unit=self.commune) for _ in range(7)
        )
        # The eighth is the first infectious day, the sixteenth the last.
        for day in (7, 8, 12, 17):
            stay(self.pupil, self.room, on(day, 7), on(day, 11))
        stay(self.mate, self.room, on(8, 10, 55), on(8, 11, 30))
        stay(self.cleaner, self.room, on(12, 12, 30), on(12, 12, 45))
        stay(self.late, self.room, on(12, 13, 5), on(12, 15))
        stay(self.early, self.room, on(7, 7), on(7, 11))
        stay(self.elsewhere, self.other_room, on(12, 7), on(12, 11))
        stay(self.after, self.room, on(17, 7), on(17, 11))
        self.officer = make_user("dich_te", "epidemiologist", unit=self.province)
        self.viewer = viewer_of(self.officer, on=RASH)

    def confirm(self) -> Case:
        given = {"viewer": self.viewer, "by": self.officer, "at": AT}
        details = Details(
            {"fever": RASH - timedelta(days=3), "rash": RASH, "cough": None}, {"vaccinated": "no"}
        )
        report_case(
            self.pupil, onset_on=RASH - timedelta(days=3), disease="measles", details=details, **given
        )
        sample = take_sample(
            self.pupil, disease_code="measles", specimen="serum", taken_at=on(17, 8), **given
        )
        record_result(ResultRow(sample.number, "igm", "positive", on(18, 8)), **given)
        return Case.objects.get()


@pytest.fixture
def school() -> School:
    return School()


def test_a_measles_case_is_confirmed_by_igm_and_traced_by_its_own_rules(school: School) -> None:
    case = school.confirm()
    assert (case.disease, case.status, case.sampled_on, case.result_on) == (
        "measles", "confirmed", date(2025, 3, 17), date(2025, 3, 18),
    )  # fmt: skip
    trace = Trace.objects.get(case=case)
    assert trace.policy == "measles"
    assert trace.window_start == clock.midnight(date(2025, 3, 8))
    assert trace.window_end == clock.midnight(date(2025, 3, 17))
    assert trace.parameters["until"] == "2025-03-16"
    found = dict(Contact.objects.filter(case=case).values_list("person", "grade"))
    # Five minutes in class; and who cleaned it an hour and a half after the case had left. Not who came after two
    # hours, the day before the window, the day after it, or into the class next door.
    assert found == {school.mate.pk: Grade.CLOSE, school.cleaner.pk: Grade.CLOSE}


def test_the_same_day_at_school_counts_otherwise_for_covid(school: School) -> None:
    given = {"viewer": school.viewer, "by": school.officer, "at": AT}
    report_case(school.pupil, onset_on=RASH, **given)
    sample = take_sample(school.pupil, disease_code="covid19", specimen="throat", taken_at=on(13, 8), **given)
    record_result(ResultRow(sample.number, "rt_pcr", "positive", on(13, 20)), **given)
    trace = Trace.objects.get()
    assert (trace.policy, trace.window_start) == ("default", clock.midnight(date(2025, 3, 10)))
    assert trace.window_end == AT
    # No longer infectious by the rule of measles, and still so by that of COVID-19; nobody lingers in the air.
    assert dict(Contact.objects.values_list("person", "grade")) == {school.after.pk: Grade.NEAR}


def test_a_person_may_be_a_case_of_both(school: School) -> None:
    school.confirm()
    given = {"viewer": school.viewer, "by": school.officer, "at": AT}
    other = report_case(school.pupil, disease="covid19", **given)
    assert sorted(Case.objects.filter(person=school.pupil).values_list("disease", flat=True)) == [
        "covid19",
        "measles",
    ]
    assert other.status == "suspected"
