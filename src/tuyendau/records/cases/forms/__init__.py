"""What pages ask about cases."""

from tuyendau.records.cases.forms.cases import (
    BASES,
    ConfirmForm,
    DatesForm,
    FilterForm,
    GroundForm,
    ReportForm,
)

__all__ = ["BASES", "ConfirmForm", "DatesForm", "FilterForm", "GroundForm", "ReportForm"]
