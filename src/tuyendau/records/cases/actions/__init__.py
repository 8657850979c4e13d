"""Writes of cases: reporting, classifying, correcting."""

from tuyendau.records.cases.actions.cases import (
    AlreadyDecided,
    CaseRefused,
    NewCase,
    add_cases,
    classify,
    correct_dates,
    on_merged,
    on_unmerged,
    report_case,
)

__all__ = [
    "AlreadyDecided",
    "CaseRefused",
    "NewCase",
    "add_cases",
    "classify",
    "correct_dates",
    "on_merged",
    "on_unmerged",
    "report_case",
]
