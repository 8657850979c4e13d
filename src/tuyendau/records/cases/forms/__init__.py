"""What pages ask about cases."""

from tuyendau.records.cases.forms.cases import (
    ConfirmForm,
    GroundForm,
    ReportForm,
)
from tuyendau.records.cases.forms.lines import BASES, FilterForm

__all__ = ["BASES", "ConfirmForm", "FilterForm", "GroundForm", "ReportForm"]
