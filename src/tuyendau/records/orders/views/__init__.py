"""Pages of orders: lists, drafting, signing, the papers, what was done to one."""

from tuyendau.records.orders.views.drafting import bulk, change, drop, extend, new, replace
from tuyendau.records.orders.views.lists import detail, of_person, order_list, record
from tuyendau.records.orders.views.papers import certificate, paper, papers
from tuyendau.records.orders.views.signing import lift, sign

__all__ = [
    "bulk",
    "certificate",
    "change",
    "detail",
    "drop",
    "extend",
    "lift",
    "new",
    "of_person",
    "order_list",
    "paper",
    "papers",
    "record",
    "replace",
    "sign",
]
