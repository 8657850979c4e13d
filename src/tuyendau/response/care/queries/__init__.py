"""Reads of care, each narrowed to what the viewer may see."""

from tuyendau.response.care.queries.counts import Facility, InCare, Room, in_care, occupancy, rooms_of
from tuyendau.response.care.queries.due import Due, due
from tuyendau.response.care.queries.finding import person_by_number, proven
from tuyendau.response.care.queries.reach import (
    every_facility,
    facilities,
    stays_in_reach,
    transfers_in_reach,
    wards_of,
)

__all__ = [
    "Due",
    "Facility",
    "InCare",
    "Room",
    "due",
    "every_facility",
    "facilities",
    "in_care",
    "occupancy",
    "person_by_number",
    "proven",
    "rooms_of",
    "stays_in_reach",
    "transfers_in_reach",
    "wards_of",
]
