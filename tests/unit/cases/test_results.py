"""What a result means for a case, which results cannot be true, and two who edit one record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tuyendau.records.cases.rules import DateFault, Dates, Status, details, editing, faults_of
from tuyendau.records.cases.rules.details import AnswerFault, Details
from tuyendau.records.cases.rules.results import (
    Consequence,
    ResultFault,
    consequence,
    fault_of_result,
    fault_of_sample,
)
from tuyendau.science.epi.diseases import Meaning, disease

TAKEN = datetime(2021, 5, 15, 3, tzinfo=UTC)
LATER = TAKEN + timedelta(hours=20)
PCR = disease("covid19").test("rt_pcr").ct
TODAY = date(2021, 5, 20)


@pytest.mark.parametrize(
    ("meaning", "status", "lately", "what"),
    [
        (Meaning.CONFIRMS, None, False, Consequence(True, Status.CONFIRMED)),
        (Meaning.CONFIRMS, Status.SUSPECTED, False, Consequence(become=Status.CONFIRMED)),
        (Meaning.CONFIRMS, Status.PROBABLE, True, Consequence(become=Status.CONFIRMED)),
        (Meaning.CONFIRMS, Status.CONFIRMED, False, Consequence()),
        (Meaning.CONFIRMS, None, True, Consequence(waits=True)),
        (Meaning.PROBABLE, None, False, Consequence(True, Status.PROBABLE)),
        (Meaning.PROBABLE, Status.SUSPECTED, False, Consequence(become=Status.PROBABLE)),
        (Meaning.PROBABLE, Status.CONFIRMED, False, Consequence()),
        (Meaning.SUSPECTS, None, False, Consequence(True, Status.SUSPECTED)),
        (Meaning.SUSPECTS, Status.PROBABLE, False, Consequence()),
        (Meaning.SUSPECTS, None, True, Consequence(waits=True)),
        (Meaning.NOTHING, None, True, Consequence()),
        (Meaning.NOTHING, Status.SUSPECTED, False, Consequence()),
    ],
)
def test_what_a_positive_does(
    meaning: Meaning, status: Status | None, lately: bool, what: Consequence
) -> None:
    assert consequence(meaning, status, discarded_lately=lately) == what


@pytest.mark.parametrize(
    ("resulted", "positive", "ct", "bounds", "fault"),
    [
        (LATER, True, 24.5, PCR, None),
        (TAKEN - timedelta(minutes=1), True, None, PCR, ResultFault.RESULT_BEFORE_SAMPLE),
        (LATER + timedelta(hours=1), True, None, PCR, ResultFault.RESULTED_FUTURE),
        (LATER, True, 4.9, PCR, ResultFault.CT_OUT_OF_RANGE),
        (LATER, True, 45.1, PCR, ResultFault.CT_OUT_OF_RANGE),
        (LATER, True, 24.5, None, ResultFault.CT_WITHOUT_PCR),
        (LATER, False, 24.5, PCR, ResultFault.CT_OF_NEGATIVE),
    ],
)
def test_results_that_cannot_be(resulted, positive, ct, bounds, fault) -> None:
    assert fault_of_result(TAKEN, resulted, LATER, positive=positive, ct=ct, bounds=bounds) == fault


def test_samples_that_cannot_be() -> None:
    assert fault_of_sample(TAKEN, TAKEN) is None
    assert fault_of_sample(LATER, TAKEN) == ResultFault.TAKEN_FUTURE
    assert fault_of_sample(TAKEN.replace(year=1999), TAKEN) == ResultFault.TAKEN_TOO_EARLY


def test_every_date_that_cannot_be_is_named() -> None:
    dates = Dates(
        date(1999, 5, 14), date(2021, 5, 16), date(2021, 5, 15), date(2021, 5, 17), date(2021, 6, 1)
    )
    assert faults_of(dates, TODAY) == {
        "onset": DateFault.ONSET_TOO_EARLY,
        "result": DateFault.RESULT_BEFORE_SAMPLE,
        "outcome": DateFault.OUTCOME_FUTURE,
    }
    died = Dates(date(2021, 5, 14), None, None, date(2021, 5, 17), date(2021, 5, 13))
    assert faults_of(died, TODAY) == {"outcome": DateFault.OUTCOME_BEFORE_ONSET}


def test_answers_are_checked_by_the_form_of_the_disease() -> None:
    given = Details(
        {"rash": date(2021, 5, 21), "anosmia": None, "fever": date(1999, 1, 1)},
        {
            "severity": "terrible", "comorbidities": ["malnutrition", "gout"], "doses": 9, "vaccinated": "yes",
            "last_dose_on": date(2021, 5, 21), "hospital": "x" * 161, "colour": "red", "complications": [],
        },
    )  # fmt: skip
    assert details.faults_of(disease("measles"), given, TODAY) == {
        "symptom_rash": AnswerFault.FUTURE,
        "symptom_anosmia": AnswerFault.UNKNOWN,
        "symptom_fever": AnswerFault.TOO_EARLY,
        "severity": AnswerFault.NOT_OFFERED,
        "comorbidities": AnswerFault.NOT_OFFERED,
        "doses": AnswerFault.OUT_OF_RANGE,
        "last_dose_on": AnswerFault.FUTURE,
        "hospital": AnswerFault.TOO_LONG,
        "colour": AnswerFault.UNKNOWN,
    }


def test_answers_come_back_as_they_were_stored() -> None:
    given = Details(
        {"rash": date(2021, 5, 19), "fever": None}, {"doses": 0, "vaccinated": "", "hospital": "BV Nhi"}
    )
    kept = details.stored(given)
    assert kept == {"symptoms": {"rash": "2021-05-19", "fever": None}, "doses": 0, "hospital": "BV Nhi"}
    assert details.read(kept).symptoms == given.symptoms


def test_of_two_editors_each_keeps_what_they_typed() -> None:
    before = {"onset_on": 1, "note": "a", "code": "x"}
    now = {"onset_on": 2, "note": "b", "code": "x"}
    mine = {"onset_on": 1, "note": "c", "code": "y"}
    found = editing.differences(before, now, mine)
    assert [(d.name, d.both) for d in found] == [("onset_on", False), ("note", True)]
    assert editing.brought_together(before, now, mine) == {"onset_on": 2, "note": "c", "code": "y"}
