"""Samples and results: what a result does to a case, refusals by row, corrections, who sees what."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import translation

from tests.factories import AssignmentFactory, CaseFactory, PersonFactory, SiteFactory, UnitFactory, make_user
from tuyendau.access import Denied
from tuyendau.core.accounts.queries import viewer_of
from tuyendau.core.audit.models import Event
from tuyendau.core.places.models import SiteKind, UnitLevel
from tuyendau.lib import clock
from tuyendau.records.cases import queries
from tuyendau.records.cases.actions import (
    ResultRow,
    RowState,
    SampleRefused,
    classify,
    correct_result,
    decide_waiting,
    record_result,
    record_results,
    take_sample,
)
from tuyendau.records.cases.models import Case, Sample, TestResult
from tuyendau.records.cases.rules import Status
from tuyendau.records.contacts.models import Trace
from tuyendau.records.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("segments")]

DAY = date(2021, 5, 15)
TAKEN = clock.midnight(DAY) + timedelta(hours=8)
RESULTED = TAKEN + timedelta(hours=20)
AT = TAKEN + timedelta(hours=21)


class Laboratory:
    """A commune, a laboratory far from it, and who works where."""

    def __init__(self) -> None:
        self.province = UnitFactory(level=UnitLevel.PROVINCE, code="24")
        self.commune, self.next_commune = UnitFactory(parent=self.province), UnitFactory(parent=self.province)
        self.laboratory = SiteFactory(kind=SiteKind.LABORATORY, unit=self.next_commune, name="CDC tỉnh")
        self.other = SiteFactory(kind=SiteKind.LABORATORY, unit=self.next_commune)
        self.person = PersonFactory(unit=self.commune)
        self.nurse = make_user("y_te_xa", "commune_officer", unit=self.commune)
        self.officer = make_user("dich_te", "epidemiologist", unit=self.province)
        self.technician = make_user("xet_nghiem", "laboratory", site=self.laboratory)

    def viewer(self, user):
        return viewer_of(user, on=DAY)

    def take(self, person: Person | None = None, **extra) -> Sample:
        values = {"disease_code": "covid19", "specimen": "nasopharyngeal", "laboratory": self.laboratory}
        return take_sample(
            person or self.person, taken_at=extra.pop("taken_at", TAKEN), viewer=self.viewer(self.nurse),
            by=self.nurse, at=AT, **(values | extra),
        )  # fmt: skip

    def record(self, sample: Sample, result: str = "positive", test: str = "rt_pcr", **extra) -> TestResult:
        row = ResultRow(sample.number, test, result, extra.pop("resulted_at", RESULTED), **extra)
        return record_result(row, viewer=self.viewer(self.technician), by=self.technician, at=AT)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def lab() -> Laboratory:
    return Laboratory()


def test_a_positive_opens_a_confirmed_case_and_traces_it(lab):
    sample = lab.take()
    assert sample.number
    made = lab.record(sample, ct=Decimal("21.5"))
    case = Case.objects.get()
    assert (case.person, case.status, case.unit) == (lab.person, "confirmed", lab.commune)
    assert (case.sampled_on, case.result_on, case.reported_on) == (
        DAY,
        DAY + timedelta(days=1),
        DAY + timedelta(days=1),
    )
    assert made.effect == "confirmed"
    sample.refresh_from_db()
    assert (sample.case, sample.resulted_at) == (case, RESULTED)
    assert Trace.objects.filter(case=case).exists()
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[:2] == ["sample.taken", "case.reported"]
    assert {"case.confirmed", "case.traced"} <= set(kinds)
    assert kinds[-1] == "result.recorded"
    told = Event.objects.get(kind="case.confirmed").data["ground"]
    assert sample.number in told
    assert "21.5" in told


def test_a_positive_confirms_the_open_case_and_moves_its_dates(lab):
    case = CaseFactory(person=lab.person, onset_on=DAY - timedelta(days=2))
    sample = lab.take()
    assert sample.case == case
    lab.record(sample)
    case.refresh_from_db()
    assert (case.status, case.sampled_on, case.result_on) == ("confirmed", DAY, DAY + timedelta(days=1))
    assert Case.objects.count() == 1


def test_a_later_negative_never_undoes_a_confirmed_case(lab):
    lab.record(lab.take())
    lab.record(lab.take(), "negative")
    assert Case.objects.get().status == "confirmed"


def test_antigen_alone_suspects_in_2021(lab):
    made = lab.record(lab.take(), test="antigen")
    assert (Case.objects.get().status, made.effect) == ("suspected", "opened")
    lab.record(lab.take())
    assert Case.objects.get().status == "confirmed"


def test_antibodies_decide_nothing(lab):
    made = lab.record(lab.take(specimen="serum"), test="antibody")
    assert (Case.objects.count(), made.effect) == (0, "")


def test_a_positive_after_a_discard_waits_for_somebody(lab):
    case = CaseFactory(person=lab.person, reported_on=DAY - timedelta(days=3))
    officer = lab.viewer(lab.officer)
    classify(case.public_id, Status.DISCARDED, viewer=officer, by=lab.officer, at=AT, ground="PCR âm")
    made = lab.record(lab.take())
    case.refresh_from_db()
    assert (case.status, made.effect, Case.objects.count()) == ("discarded", "waits", 1)
    assert queries.due_samples(officer, AT).waiting == 1
    with pytest.raises(SampleRefused, match="ground"):
        decide_waiting(made.public_id, reopen=True, ground=" ", viewer=officer, by=lab.officer, at=AT)
    with pytest.raises(Denied):
        decide_waiting(
            made.public_id, reopen=True, ground="x", viewer=lab.viewer(lab.nurse), by=lab.nurse, at=AT
        )
    decide_waiting(made.public_id, reopen=True, ground="PCR dương", viewer=officer, by=lab.officer, at=AT)
    case.refresh_from_db()
    made.refresh_from_db()
    assert (case.status, made.effect) == ("confirmed", "confirmed")
    assert queries.due_samples(officer, AT).waiting == 0
    with pytest.raises(SampleRefused, match="decided"):
        decide_waiting(made.public_id, reopen=False, ground="x", viewer=officer, by=lab.officer, at=AT)


def test_long_after_a_discard_it_is_another_illness(lab):
    CaseFactory(person=lab.person, status="discarded", reported_on=DAY - timedelta(days=61))
    lab.record(lab.take())
    assert sorted(Case.objects.values_list("status", flat=True)) == ["confirmed", "discarded"]


def test_a_wrong_result_is_corrected_and_stays_on_record(lab):
    sample = lab.take()
    wrong = lab.record(sample)
    technician = lab.viewer(lab.technician)
    given = {"ct": None, "resulted_at": RESULTED, "viewer": technician, "by": lab.technician, "at": AT}
    with pytest.raises(SampleRefused, match="why"):
        correct_result(wrong.public_id, result="negative", reason="", **given)
    right = correct_result(wrong.public_id, result="negative", reason="nhầm ống", **given)
    wrong.refresh_from_db()
    assert (wrong.corrected_by, wrong.result, right.reason) == (right, "positive", "nhầm ống")
    assert [r.result for r in queries.sample_by_public_id(technician, sample.public_id).current] == [
        "negative"
    ]
    assert Case.objects.get().status == "confirmed"
    with pytest.raises(TestResult.DoesNotExist):
        correct_result(wrong.public_id, result="negative", reason="lần hai", **given)
    event = Event.objects.get(kind="result.corrected")
    assert (event.data["was"], event.data["result"]) == ("positive", "negative")


def test_a_negative_that_was_positive_confirms(lab):
    wrong = lab.record(lab.take(), "negative")
    correct_result(
        wrong.public_id, result="positive", ct=Decimal(30), resulted_at=RESULTED, reason="đọc nhầm",
        viewer=lab.viewer(lab.technician), by=lab.technician, at=AT,
    )  # fmt: skip
    assert Case.objects.get().status == "confirmed"


def test_rows_are_refused_one_by_one_and_taken_once(lab):
    first, second = lab.take(number="A1"), lab.take(number="A2", taken_at=TAKEN + timedelta(minutes=5))
    rows = [
        ResultRow("A1", "rt_pcr", "positive", RESULTED, Decimal(22)),
        ResultRow("A2", "rt_pcr", "positive", RESULTED, Decimal(99)),
        ResultRow("A3", "rt_pcr", "negative", RESULTED),
        ResultRow("A2", "igm", "negative", RESULTED),
        ResultRow("A2", "rt_pcr", "perhaps", RESULTED),
        ResultRow("A2", "rt_pcr", "negative", TAKEN - timedelta(days=1)),
        ResultRow("A2", "rt_pcr", "negative", RESULTED, laboratory=lab.laboratory.public_id),
        ResultRow("A1", "rt_pcr", "negative", RESULTED),
    ]
    given = {"viewer": lab.viewer(lab.technician), "by": lab.technician, "at": AT}
    outcomes = record_results(rows, **given)
    said = [(o.state, o.text) for o in outcomes]
    assert [state for state, _ in said] == ["recorded"] + ["refused"] * 5 + ["recorded", "refused"]
    for number, words in {
        1: "between 5 and 45",
        2: "A3",
        3: "not made",
        4: "positive, negative",
        5: "earlier",
    }.items():
        assert words in said[number][1]
    assert "already" in said[7][1]
    events, results = Event.objects.count(), TestResult.objects.count()
    again = record_results([rows[0], rows[6]], **given)
    assert [o.state for o in again] == [RowState.SAME, RowState.SAME]
    assert (Event.objects.count(), TestResult.objects.count()) == (events, results)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.case == second.case == Case.objects.get()


def test_an_indeterminate_one_is_tested_again(lab):
    sample = lab.take()
    lab.record(sample, "indeterminate", resulted_at=RESULTED - timedelta(hours=5))
    lab.record(sample)
    assert Case.objects.get().status == "confirmed"


@pytest.mark.parametrize(
    ("extra", "field"),
    [
        ({"taken_at": AT + timedelta(hours=1)}, "taken_at"),
        ({"taken_at": TAKEN.replace(year=1999)}, "taken_at"),
        ({"specimen": "hair"}, "specimen"),
        ({"disease_code": "plague"}, "disease"),
        ({"number": "A1"}, "number"),
    ],
)
def test_samples_that_cannot_be_are_refused_by_field(lab, extra, field):
    lab.take(number="A1")
    with pytest.raises(SampleRefused) as refused:
        lab.take(**extra)
    assert field in refused.value.fields
    assert Sample.objects.count() == 1


def test_another_laboratory_may_use_the_same_number(lab):
    lab.take(number="A1")
    lab.take(number="A1", laboratory=lab.other)
    lab.take(number="A1", laboratory=None)
    with pytest.raises(SampleRefused):
        lab.take(number="A1", laboratory=None)
    row = ResultRow("A1", "rt_pcr", "negative", RESULTED)
    given = {"by": lab.officer, "at": AT, "viewer": lab.viewer(lab.officer)}
    assert "Two laboratories" in record_results([row], **given)[0].text


def test_a_laboratory_sees_what_was_sent_to_it_and_no_more(lab):
    mine, other = lab.take(), lab.take(laboratory=lab.other)
    technician = lab.viewer(lab.technician)
    wanted = queries.SampleFilter()
    assert list(queries.samples_wanted(technician, wanted, at=AT)) == [mine]
    with pytest.raises(Sample.DoesNotExist):
        queries.sample_by_public_id(technician, other.public_id)
    row = ResultRow("", "rt_pcr", "negative", RESULTED, sample=other.public_id)
    assert record_results([row], viewer=technician, by=lab.technician, at=AT)[0].state == RowState.REFUSED
    elsewhere = make_user("xa_khac", "commune_officer", unit=lab.next_commune)
    assert not list(queries.samples_wanted(lab.viewer(elsewhere), wanted, at=AT))
    with pytest.raises(Person.DoesNotExist):
        take_sample(
            lab.person, disease_code="covid19", specimen="saliva", taken_at=TAKEN, viewer=lab.viewer(elsewhere),
            by=elsewhere, at=AT,
        )  # fmt: skip
    company = SiteFactory(kind=SiteKind.COMPANY, unit=lab.commune)
    AssignmentFactory(person=lab.person, site=company)
    employer = make_user("cong_ty", "company_officer", site=company)
    with pytest.raises(Denied):
        queries.samples_of_person(lab.viewer(employer), lab.person)


def test_results_that_are_late_are_due(lab):
    lab.take()
    officer = lab.viewer(lab.officer)
    assert queries.due_samples(officer, TAKEN + timedelta(hours=24)).late == 0
    due = queries.due_samples(officer, TAKEN + timedelta(hours=25))
    assert (due.late, due.oldest) == (1, TAKEN)


def test_two_positives_at_once_open_one_case(lab):
    samples = [lab.take(), lab.take(taken_at=TAKEN + timedelta(minutes=1))]
    failed = []

    def record(sample):
        try:
            lab.record(sample)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=record, args=[sample]) for sample in samples]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert Case.objects.get().status == "confirmed"
    assert set(Sample.objects.values_list("case", flat=True)) == {Case.objects.get().pk}
