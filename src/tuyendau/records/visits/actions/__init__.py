"""Writes of visits: batches, single scans, and the segments published from them."""

from tuyendau.records.visits.actions.batches import add_visits
from tuyendau.records.visits.actions.partitions import make_ahead
from tuyendau.records.visits.actions.publishing import publish_all, publish_day, publish_due
from tuyendau.records.visits.actions.scans import ScanRefused, scan_in, scan_out

__all__ = [
    "ScanRefused",
    "add_visits",
    "make_ahead",
    "publish_all",
    "publish_day",
    "publish_due",
    "scan_in",
    "scan_out",
]
