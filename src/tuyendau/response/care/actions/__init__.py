"""Writes of care: admitting, assessing, moving, ending stays, transfers."""

from tuyendau.response.care.actions.admitting import Admission, admit
from tuyendau.response.care.actions.assessing import assess, correct_assessment
from tuyendau.response.care.actions.changing import change_stay
from tuyendau.response.care.actions.ending import cancel_stay, end_stay, take_end_back
from tuyendau.response.care.actions.refusals import CareRefused
from tuyendau.response.care.actions.transferring import (
    accept_transfer,
    arrive,
    propose_transfer,
    refuse_transfer,
    withdraw_transfer,
)

__all__ = [
    "Admission",
    "CareRefused",
    "accept_transfer",
    "admit",
    "arrive",
    "assess",
    "cancel_stay",
    "change_stay",
    "correct_assessment",
    "end_stay",
    "propose_transfer",
    "refuse_transfer",
    "take_end_back",
    "withdraw_transfer",
]
