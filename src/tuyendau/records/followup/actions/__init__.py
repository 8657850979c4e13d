"""Writes of follow-ups: opening and ending them, checks, handing them out, the passing of days."""

from tuyendau.records.followup.actions.checks import (
    UNDO_WITHIN,
    FollowUpRefused,
    Found,
    answer_alarm,
    correct_check,
    record_check,
    record_sheet,
    undo_check,
)
from tuyendau.records.followup.actions.days import pass_days
from tuyendau.records.followup.actions.duties import Changes, follow_cases, follow_people
from tuyendau.records.followup.actions.handing import BY_PLACE, IN_TURN, hand_out, hand_over, take
from tuyendau.records.followup.actions.opening import choose_regime, end_by_hand, open_by_hand

__all__ = [
    "BY_PLACE",
    "IN_TURN",
    "UNDO_WITHIN",
    "Changes",
    "FollowUpRefused",
    "Found",
    "answer_alarm",
    "choose_regime",
    "correct_check",
    "end_by_hand",
    "follow_cases",
    "follow_people",
    "hand_out",
    "hand_over",
    "open_by_hand",
    "pass_days",
    "record_check",
    "record_sheet",
    "take",
    "undo_check",
]
