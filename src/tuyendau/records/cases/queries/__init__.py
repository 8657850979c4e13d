"""Reads of cases, each narrowed to what the viewer may see."""

from tuyendau.records.cases.queries.cases import (
    ALL,
    BASIS_FIELDS,
    TOLD_OF_CASES,
    Basis,
    CaseFilter,
    Entry,
    cases_in_reach,
    decidable_cases,
    decides,
    line_list,
    notices,
    timeline,
    visible_cases,
    whereabouts_of_cases,
)

__all__ = [
    "ALL",
    "BASIS_FIELDS",
    "TOLD_OF_CASES",
    "Basis",
    "CaseFilter",
    "Entry",
    "cases_in_reach",
    "decidable_cases",
    "decides",
    "line_list",
    "notices",
    "timeline",
    "visible_cases",
    "whereabouts_of_cases",
]
