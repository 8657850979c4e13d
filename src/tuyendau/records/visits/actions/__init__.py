"""Writes of visits: batches, single scans, and the segments published from them."""

from tuyendau.records.visits.actions.batches import add_visits
from tuyendau.records.visits.actions.corrections import (
    CorrectionRefused,
    Key,
    correct_visit,
    record_interview,
    remove_visit,
)
from tuyendau.records.visits.actions.encounters import Near, add_encounters, record_encounters
from tuyendau.records.visits.actions.keeping import Dropped, drop_days_before, would_drop
from tuyendau.records.visits.actions.partitions import make_ahead
from tuyendau.records.visits.actions.publishing import publish_all, publish_day, publish_due
from tuyendau.records.visits.actions.rosters import Rostered, make_roster_visits, set_absent
from tuyendau.records.visits.actions.rows import record_rows
from tuyendau.records.visits.actions.scans import ScanRefused, scan_in, scan_out
from tuyendau.records.visits.actions.senders import Sender, Taken, first_answer, refuse_clock, take

__all__ = [
    "CorrectionRefused",
    "Dropped",
    "Key",
    "Near",
    "Rostered",
    "ScanRefused",
    "Sender",
    "Taken",
    "add_encounters",
    "add_visits",
    "correct_visit",
    "drop_days_before",
    "first_answer",
    "make_ahead",
    "make_roster_visits",
    "publish_all",
    "publish_day",
    "publish_due",
    "record_encounters",
    "record_interview",
    "record_rows",
    "refuse_clock",
    "remove_visit",
    "scan_in",
    "scan_out",
    "set_absent",
    "take",
    "would_drop",
]
