"""Why something asked of a case is refused, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tuyendau.records.cases import rules
from tuyendau.records.cases.rules.details import AnswerFault
from tuyendau.records.cases.rules.results import ResultFault
from tuyendau.science.epi.diseases import TestKind


class CaseRefused(Exception):
    """What was asked of a case cannot be done; the text says why and what to do. Nothing was written.

    `fields` says the same by name of the field, where single fields are at fault.
    """

    def __init__(self, text: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.fields = dict(fields or {})


class AlreadyDecided(CaseRefused):
    """Somebody else has classified the case meanwhile."""


class SampleRefused(CaseRefused):
    """A sample or a result cannot be recorded so."""


FIELDS = {
    "onset": "onset_on",
    "sampled": "sampled_on",
    "result": "result_on",
    "reported": "reported_on",
    "outcome": "outcome_on",
}


def refuse_dates(
    dates: rules.Dates, today: date, isolated: datetime | None = None, at: datetime | None = None
) -> None:
    """Raise `CaseRefused` where dates cannot be true, telling of every one of them."""
    fields = {
        FIELDS[name]: date_fault_in_words(fault, today)
        for name, fault in rules.faults_of(dates, today).items()
    }
    if isolated is not None and at is not None and isolated > at:
        fields["isolated_at"] = _("Isolated: the time lies in the future.")
    if isolated is not None and isolated.date() < rules.cases.EARLIEST:
        fields["isolated_at"] = _("Isolated: the year is not possible. Check it.")
    if fields:
        raise CaseRefused(" ".join(fields.values()), fields)


def date_fault_in_words(fault: rules.DateFault, today: date) -> str:
    """What is wrong with a date of a case."""
    of = rules.DateFault
    messages = {
        of.ONSET_FUTURE: _("Onset lies after today, %(today)s."),
        of.SAMPLED_FUTURE: _("The sample lies after today, %(today)s."),
        of.RESULT_FUTURE: _("The result lies after today, %(today)s."),
        of.REPORTED_FUTURE: _("The report lies after today, %(today)s."),
        of.OUTCOME_FUTURE: _("The outcome lies after today, %(today)s."),
        of.ONSET_TOO_EARLY: _("Onset: the year is not possible. Check it."),
        of.SAMPLED_TOO_EARLY: _("Sample: the year is not possible. Check it."),
        of.RESULT_TOO_EARLY: _("Result: the year is not possible. Check it."),
        of.REPORTED_TOO_EARLY: _("Report: the year is not possible. Check it."),
        of.OUTCOME_TOO_EARLY: _("Outcome: the year is not possible. Check it."),
        of.RESULT_BEFORE_SAMPLE: _("The result is earlier than its sample. Check both dates."),
        of.OUTCOME_BEFORE_ONSET: _("The outcome is earlier than the onset. Check both dates."),
    }
    return messages[fault] % {"today": date_format(today, "DATE_FORMAT")}


def answer_fault_in_words(fault: AnswerFault) -> str:
    """What is wrong with an answer to the form of a disease."""
    return {
        AnswerFault.UNKNOWN: _("The form of this disease does not ask that."),
        AnswerFault.NOT_OFFERED: _("Choose one of the answers."),
        AnswerFault.NO_DATE: _("Enter a day as dd/mm/yyyy."),
        AnswerFault.NO_NUMBER: _("Enter a whole number."),
        AnswerFault.FUTURE: _("This day lies in the future."),
        AnswerFault.TOO_EARLY: _("This year is not possible. Check it."),
        AnswerFault.OUT_OF_RANGE: _("This number is not possible. Check it."),
        AnswerFault.TOO_LONG: _("This is too long. Put the rest into the note."),
    }[fault]


def result_fault_in_words(fault: ResultFault, taken: datetime, test: TestKind | None = None) -> str:
    """What is wrong with a sample or a result."""
    ct = test.ct if test is not None else None
    values = {
        "taken": date_format(localtime(taken), "SHORT_DATETIME_FORMAT"),
        "least": f"{ct.least:g}" if ct else "",
        "most": f"{ct.most:g}" if ct else "",
    }
    return {
        ResultFault.TAKEN_FUTURE: _("The sample was taken in the future. Check day and time."),
        ResultFault.TAKEN_TOO_EARLY: _("The sample was taken more than a year ago. Check the year."),
        ResultFault.RESULTED_FUTURE: _("The result lies in the future. Check day and time."),
        ResultFault.RESULT_BEFORE_SAMPLE: _(
            "The result is earlier than its sample of %(taken)s. Check day and time."
        ),
        ResultFault.CT_OUT_OF_RANGE: _("Ct must lie between %(least)s and %(most)s."),
        ResultFault.CT_WITHOUT_PCR: _("Only a PCR has a Ct. Leave it empty or choose the test again."),
        ResultFault.CT_OF_NEGATIVE: _("Only a positive result has a Ct. Leave it empty or choose positive."),
    }[fault] % values
