"""The pages of patients, facilities and transfers."""

from tuyendau.response.care.views.admitting import admit, find
from tuyendau.response.care.views.ending import cancel, end, reopen
from tuyendau.response.care.views.facilities import facility_list
from tuyendau.response.care.views.history import history
from tuyendau.response.care.views.lists import export, of_person, patient_list
from tuyendau.response.care.views.patients import assess, change, correct, detail
from tuyendau.response.care.views.transfers import (
    accept,
    arrive,
    propose,
    refuse,
    transfer,
    transfer_list,
    withdraw,
)

__all__ = [
    "accept",
    "admit",
    "arrive",
    "assess",
    "cancel",
    "change",
    "correct",
    "detail",
    "end",
    "export",
    "facility_list",
    "find",
    "history",
    "of_person",
    "patient_list",
    "propose",
    "refuse",
    "reopen",
    "transfer",
    "transfer_list",
    "withdraw",
]
