"""The line list, and the pages of a case."""

from tuyendau.records.cases.views.cases import (
    classify,
    columns,
    dates,
    detail,
    export,
    line_list,
    of_person,
    presence,
    report,
)

__all__ = [
    "classify",
    "columns",
    "dates",
    "detail",
    "export",
    "line_list",
    "of_person",
    "presence",
    "report",
]
