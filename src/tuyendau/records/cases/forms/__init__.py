"""What pages ask about cases."""

from tuyendau.records.cases.forms.cases import (
    ConfirmForm,
    DatesForm,
    GroundForm,
    ReportForm,
)
from tuyendau.records.cases.forms.lines import BASES, FilterForm

__all__ = ["BASES", "ConfirmForm", "DatesForm", "FilterForm", "GroundForm", "ReportForm"]
