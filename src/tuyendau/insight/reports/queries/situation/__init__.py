"""The numbers of a situation report, as they were known at a moment, and what is known now of the same days."""

from tuyendau.insight.reports.queries.situation.comparing import Comparison, Difference, compared
from tuyendau.insight.reports.queries.situation.content import Asked, Content, content_of
from tuyendau.insight.reports.queries.situation.kept import (
    chosen_unit,
    kept_reports,
    report_by_public_id,
    schedules,
    units_to_report,
)

__all__ = [
    "Asked",
    "Comparison",
    "Content",
    "Difference",
    "chosen_unit",
    "compared",
    "content_of",
    "kept_reports",
    "report_by_public_id",
    "schedules",
    "units_to_report",
]
