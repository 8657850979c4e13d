"""From a positive test to a graded contact list: what confirming a case does."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from tests.factories import CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user, stay
from tuyendau.access import Denied
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases.actions import AlreadyDecided, CaseRefused, classify, correct_dates
from tuyendau.records.cases.models import Case
from tuyendau.records.cases.rules import Status
from tuyendau.records.contacts.actions import (
    ReportedContact,
    add_reported_contacts,
    trace_again,
    trace_untraced,
)
from tuyendau.records.contacts.models import Contact, Exposure, Grade, Trace
from tuyendau.records.contacts.queries import (
    ContactFilter,
    contact_list,
    grade_counts,
    site_counts,
    staleness,
)
from tuyendau.science.epi.settings import Setting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]

ONSET = date(2021, 5, 14)
AT = clock.midnight(date(2021, 5, 16)) + timedelta(hours=9)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of May 2021 in the province."""
    return clock.midnight(date(2021, 5, day)) + timedelta(hours=hour, minutes=minute)


class Plant:
    """A province of one commune with a company: a line, a canteen, a boarding-house room, and who was there."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.commune = UnitFactory(parent=self.province)
        self.elsewhere = UnitFactory(parent=self.province)
        self.line = SiteFactory(unit=self.commune)
        self.canteen = SiteFactory(kind=SiteKind.CANTEEN, setting=Setting.CANTEEN, unit=self.commune)
        self.room = SiteFactory(kind=SiteKind.ROOM, setting=Setting.ROOM, unit=self.elsewhere)
        self.sick, self.mate, self.diner, self.lodger, self.early, self.late = (
            PersonFactory(unit=unit)
            for unit in (self.commune, self.commune, self.commune, self.elsewhere, None, None)
        )
        stay(self.sick, self.line, on(13, 7), on(13, 16))
        stay(self.mate, self.line, on(13, 7), on(13, 16))
        stay(self.sick, self.canteen, on(13, 11), on(13, 12))
        stay(self.diner, self.canteen, on(13, 11, 20), on(13, 12))
        stay(self.sick, self.room, on(12, 18), on(13, 6))
        stay(self.lodger, self.room, on(12, 18), on(13, 6))
        # Before the window, which begins on the 11th, and touching the case's stay without sharing a minute of it.
        stay(self.sick, self.line, on(10, 7), on(10, 16))
        stay(self.early, self.line, on(10, 7), on(10, 16))
        stay(self.late, self.line, on(13, 16), on(13, 22))
        self.case = CaseFactory(person=self.sick, onset_on=ONSET, sampled_on=date(2021, 5, 15))
        self.user = make_user("dich_te", "epidemiologist", unit=self.province)
        self.viewer = viewer_of(self.user, on=ONSET)

    def confirm(self, **extra: object) -> Case:
        return classify(
            self.case.public_id, Status.CONFIRMED, viewer=self.viewer, by=self.user, at=AT, **extra
        )

    def listed(self) -> list[tuple[str, int]]:
        rows = contact_list(self.viewer, self.case, ContactFilter())
        return [(c.person.code, c.grade) for c in rows]


@pytest.fixture
def plant() -> Plant:
    return Plant()


def test_confirming_finds_grades_and_ranks_with_evidence(plant):
    plant.confirm()
    assert plant.listed() == [
        (plant.lodger.code, Grade.CLOSE),
        (plant.mate.code, Grade.CLOSE),
        (plant.diner.code, Grade.AROUND),
    ]
    lodger, mate, diner = Contact.objects.order_by("rank")
    assert (lodger.seconds, mate.seconds, diner.seconds) == (12 * 3600, 9 * 3600, 40 * 60)
    assert lodger.probability > mate.probability
    (exposure,) = Exposure.objects.filter(contact=mate)
    assert (exposure.site, exposure.first, exposure.last) == (plant.line, on(13, 7), on(13, 16))
    trace = Trace.objects.get()
    assert (trace.window_start, trace.window_end) == (on(11, 0), AT)
    about = Event.objects.filter(subject=plant.case.public_id).order_by("id")
    kinds = list(about.filter(kind__startswith="case.").values_list("kind", flat=True))
    assert kinds[-2:] == ["case.confirmed", "case.traced"]


def test_the_counts_agree_with_the_list(plant):
    plant.confirm()
    assert grade_counts(plant.viewer, plant.case) == {Grade.CLOSE: 2, Grade.NEAR: 0, Grade.AROUND: 1}
    assert {(s.name, s.total) for s in site_counts(plant.viewer, plant.case)} == {
        (plant.line.name, 1),
        (plant.canteen.name, 1),
        (plant.room.name, 1),
    }


def test_f2_met_the_f1_after_the_case_did(plant):
    after, before = PersonFactory(), PersonFactory()
    stay(after, plant.room, on(14, 18), on(15, 6))
    stay(plant.lodger, plant.room, on(14, 18), on(15, 6))
    stay(before, plant.room, on(11, 18), on(12, 6))
    stay(plant.lodger, plant.room, on(11, 18), on(12, 6))
    plant.confirm()
    assert Trace.objects.get().f2_count == 1


def test_an_isolated_case_met_nobody_afterwards(plant):
    plant.confirm(isolated_at=on(13, 8))
    assert plant.listed()[-1] == (plant.mate.code, Grade.CLOSE)
    assert Contact.objects.get(person=plant.mate).seconds == 3600
    assert not Contact.objects.filter(person=plant.diner).exists()


def test_the_second_of_two_who_confirm_is_told_who_was_first(plant):
    plant.confirm()
    with pytest.raises(AlreadyDecided, match="Dich_Te"):
        plant.confirm()
    assert Event.objects.filter(kind="case.confirmed").count() == 1
    assert Contact.objects.count() == 3


def test_a_confirmed_case_does_not_fall_back(plant):
    plant.confirm()
    with pytest.raises(CaseRefused):
        classify(plant.case.public_id, Status.PROBABLE, viewer=plant.viewer, by=plant.user, at=AT)


def test_discarding_takes_contacts_back_and_keeps_what_was_reported(plant):
    plant.confirm()
    friend = PersonFactory()
    add_reported_contacts([ReportedContact(plant.case.pk, friend.pk, "ăn cưới")], by=plant.user, at=AT)
    classify(
        plant.case.public_id, Status.DISCARDED, viewer=plant.viewer, by=plant.user, at=AT, ground="nhầm mẫu"
    )
    assert list(Contact.objects.values_list("person", flat=True)) == [friend.pk]
    assert not Trace.objects.exists()


def test_a_reported_contact_stands_first_and_survives_tracing(plant):
    plant.confirm()
    friend = PersonFactory()
    rows = [
        ReportedContact(plant.case.pk, friend.pk, "ăn cưới"),
        ReportedContact(plant.case.pk, plant.diner.pk),
    ]
    assert add_reported_contacts(rows, by=plant.user, at=AT) == 2
    assert add_reported_contacts(rows, by=plant.user, at=AT) == 0
    trace_again(plant.case.public_id, viewer=plant.viewer, by=plant.user, at=AT)
    listed = plant.listed()
    assert {code for code, _ in listed[:2]} == {friend.code, plant.diner.code}
    assert {grade for _, grade in listed[:2]} == {Grade.CLOSE}
    assert Contact.objects.get(person=plant.diner).seconds == 40 * 60


def test_late_presence_is_announced_and_taken_in(plant):
    plant.confirm()
    assert staleness(plant.case.__class__.objects.get(), at=AT) is None
    guest = PersonFactory()
    stay(guest, plant.room, on(12, 20), on(12, 21))
    stale = staleness(Case.objects.get(), at=AT)
    assert stale is not None
    assert (stale.added, stale.removed) == (1, 0)
    assert trace_again(plant.case.public_id, viewer=plant.viewer, by=plant.user, at=AT).added == 1
    assert staleness(Case.objects.get(), at=AT) is None


def test_corrected_dates_move_the_window(plant):
    plant.confirm()
    correct_dates(
        plant.case.public_id,
        onset_on=date(2021, 5, 13),
        sampled_on=date(2021, 5, 15),
        result_on=date(2021, 5, 16),
        isolated_at=None,
        viewer=plant.viewer,
        by=plant.user,
        at=AT,
    )
    assert Contact.objects.filter(person=plant.early).exists()


def test_a_commune_officer_sees_own_people_and_decides_nothing(plant):
    plant.confirm()
    nurse = viewer_of(make_user("y_ta", "commune_officer", unit=plant.elsewhere), on=ONSET)
    assert [c.person for c in contact_list(nurse, plant.case, ContactFilter())] == [plant.lodger]
    assert grade_counts(nurse, plant.case)[Grade.CLOSE] == 1
    with pytest.raises(Denied):
        classify(plant.case.public_id, Status.DISCARDED, viewer=nurse, by=plant.user, at=AT, ground="x")


def test_an_f1_who_becomes_f0_has_contacts_of_their_own(plant):
    wife = PersonFactory()
    stay(wife, plant.room, on(14, 18), on(15, 6))
    stay(plant.lodger, plant.room, on(14, 18), on(15, 6))
    plant.confirm()
    second = CaseFactory(person=plant.lodger, onset_on=date(2021, 5, 16))
    classify(second.public_id, Status.CONFIRMED, viewer=plant.viewer, by=plant.user, at=AT)
    assert Contact.objects.filter(case=second, person=wife, grade=Grade.CLOSE).exists()


def test_a_person_may_be_the_contact_of_two_cases(plant):
    plant.confirm()
    second = CaseFactory(person=plant.mate, onset_on=date(2021, 5, 16))
    stay(plant.lodger, plant.line, on(14, 7), on(14, 9))
    stay(plant.mate, plant.line, on(14, 7), on(14, 9))
    classify(second.public_id, Status.CONFIRMED, viewer=plant.viewer, by=plant.user, at=AT)
    assert Contact.objects.filter(person=plant.lodger).count() == 2


def test_discarding_leaves_no_traced_figure_on_a_reported_contact(plant):
    add_reported_contacts([ReportedContact(plant.case.pk, plant.mate.pk)], by=plant.user, at=AT)
    plant.confirm()
    assert Contact.objects.get(person=plant.mate).seconds == 9 * 3600
    classify(
        plant.case.public_id, Status.DISCARDED, viewer=plant.viewer, by=plant.user, at=AT, ground="nhầm mẫu"
    )
    contact = Contact.objects.get()
    assert (contact.person, contact.seconds, contact.probability, contact.rank) == (plant.mate, 0, 0.0, 1)


def test_a_discard_during_a_tracing_leaves_no_contacts(plant):
    """Both decisions wait for each other: whichever comes last, a discarded case has no traced contacts."""
    plant.confirm()
    start = threading.Barrier(2, timeout=10)

    def act(work) -> None:
        try:
            start.wait()
            work()
        except Case.DoesNotExist:
            pass
        finally:
            connection.close()

    discard = {"viewer": plant.viewer, "by": plant.user, "at": AT, "ground": "nhầm mẫu"}
    works = (
        lambda: trace_again(plant.case.public_id, viewer=plant.viewer, by=plant.user, at=AT),
        lambda: classify(plant.case.public_id, Status.DISCARDED, **discard),
    )
    threads = [threading.Thread(target=act, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Case.objects.get(pk=plant.case.pk).status == Status.DISCARDED
    assert not Contact.objects.exists()


def test_f2_end_with_the_quarantine_of_the_f1(plant):
    friend = PersonFactory()
    for day in (14, 29):
        stay(plant.lodger, plant.room, on(day, 18), on(day, 22))
        stay(friend if day == 29 else plant.early, plant.room, on(day, 18), on(day, 22))
    late = clock.midnight(date(2021, 7, 20))
    classify(
        plant.case.public_id, Status.CONFIRMED, viewer=plant.viewer, by=plant.user, at=late, isolated_at=AT
    )
    assert Trace.objects.get().f2_count == 1


def test_a_positive_before_symptoms_opens_the_window_on_the_day_of_the_sample(plant):
    Case.objects.update(onset_on=date(2021, 5, 15), sampled_on=date(2021, 5, 10))
    plant.confirm()
    assert Trace.objects.get().window_start == on(10, 0)


def test_more_time_together_is_announced_too(plant):
    plant.confirm()
    stay(plant.diner, plant.line, on(13, 13), on(13, 16))
    stale = staleness(Case.objects.get(), at=AT)
    assert stale is not None
    assert (stale.added, stale.removed, stale.changed) == (0, 0, 1)


def test_isolation_in_the_future_is_refused(plant):
    with pytest.raises(CaseRefused):
        plant.confirm(isolated_at=AT + timedelta(days=30))


def test_confirmed_cases_of_a_list_are_traced_by_the_worker(plant):
    Case.objects.update(status=Status.CONFIRMED)
    assert trace_untraced(at=AT) == 1
    assert trace_untraced(at=AT) == 0
    assert Contact.objects.count() == 3
