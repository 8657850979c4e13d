"""Pages of follow-up: the day's list, checks, one person in full, handing out."""

from tuyendau.records.followup.views.checks import check, correct, undo, well
from tuyendau.records.followup.views.handing import hand_out, take
from tuyendau.records.followup.views.person import alarm, detail, end, of_person, open_one, regime
from tuyendau.records.followup.views.worklist import sheet, worklist

__all__ = [
    "alarm",
    "check",
    "correct",
    "detail",
    "end",
    "hand_out",
    "of_person",
    "open_one",
    "regime",
    "sheet",
    "take",
    "undo",
    "well",
    "worklist",
]
