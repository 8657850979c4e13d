"""Writes of cases: reporting, classifying, correcting, and the samples and results that decide."""

from tuyendau.records.cases.actions.cases import (
    NewCase,
    add_cases,
    checked_details,
    classify,
    correct_dates,
    report_case,
)
from tuyendau.records.cases.actions.completing import complete
from tuyendau.records.cases.actions.consequences import decide_waiting
from tuyendau.records.cases.actions.merging import on_merged, on_unmerged
from tuyendau.records.cases.actions.refusals import AlreadyDecided, CaseRefused, SampleRefused
from tuyendau.records.cases.actions.results import (
    ResultRow,
    RowOutcome,
    RowState,
    correct_result,
    record_result,
    record_results,
)
from tuyendau.records.cases.actions.samples import take_sample
from tuyendau.records.cases.actions.treating import end_of_treatment, end_taken_back, treated_since

__all__ = [
    "AlreadyDecided",
    "CaseRefused",
    "NewCase",
    "ResultRow",
    "RowOutcome",
    "RowState",
    "SampleRefused",
    "add_cases",
    "checked_details",
    "classify",
    "complete",
    "correct_dates",
    "correct_result",
    "decide_waiting",
    "end_of_treatment",
    "end_taken_back",
    "on_merged",
    "on_unmerged",
    "record_result",
    "record_results",
    "report_case",
    "take_sample",
    "treated_since",
]
