"""Reads of orders: lists, who is still without one, what waits, the course of one."""

from tuyendau.records.orders.queries.candidates import Candidate, candidates
from tuyendau.records.orders.queries.document import document_of, person_of
from tuyendau.records.orders.queries.due import Due, due
from tuyendau.records.orders.queries.reach import (
    OrderFilter,
    authorities,
    chain_of,
    course_of,
    in_reach,
    next_numbers,
    order_list,
    signable,
)

__all__ = [
    "Candidate",
    "Due",
    "OrderFilter",
    "authorities",
    "candidates",
    "chain_of",
    "course_of",
    "document_of",
    "due",
    "in_reach",
    "next_numbers",
    "order_list",
    "person_of",
    "signable",
]
