"""Stays in facilities, how ill patients are, transfers."""

from tuyendau.response.care.models.assessment import Assessment, Severity
from tuyendau.response.care.models.stay import Condition, Stay, StayState, StayVersion
from tuyendau.response.care.models.transfer import Transfer, TransferState

__all__ = [
    "Assessment",
    "Condition",
    "Severity",
    "Stay",
    "StayState",
    "StayVersion",
    "Transfer",
    "TransferState",
]
