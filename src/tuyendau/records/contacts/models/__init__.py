"""What is known of contacts: grades and their evidence, what people say of them, degrees, and what changed."""

from tuyendau.records.contacts.models.change import Change, Look
from tuyendau.records.contacts.models.contact import (
    NEARNESS,
    TRACED,
    Contact,
    Evidence,
    Exposure,
    Grade,
    Trace,
)
from tuyendau.records.contacts.models.degree import Degree, Quarantine
from tuyendau.records.contacts.models.late import Late, Seen
from tuyendau.records.contacts.models.said import Judgement, Link, SaidBy
from tuyendau.records.contacts.models.version import ContactVersion

__all__ = [
    "NEARNESS",
    "TRACED",
    "Change",
    "Contact",
    "ContactVersion",
    "Degree",
    "Evidence",
    "Exposure",
    "Grade",
    "Judgement",
    "Late",
    "Link",
    "Look",
    "Quarantine",
    "SaidBy",
    "Seen",
    "Trace",
]
