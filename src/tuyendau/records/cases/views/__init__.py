"""The line list, and the pages of a case."""

from tuyendau.records.cases.views.bulk import bulk
from tuyendau.records.cases.views.cases import (
    classify,
    detail,
    of_person,
    presence,
    report,
)
from tuyendau.records.cases.views.entering import enter
from tuyendau.records.cases.views.lines import export, line_list, sites

__all__ = [
    "bulk",
    "classify",
    "detail",
    "enter",
    "export",
    "line_list",
    "of_person",
    "presence",
    "report",
    "sites",
]
