"""Which stays of a case are worth a milestone, how two become one, and what may follow which state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tuyendau.records.interviews.rules.calendar import Span

LEAST_PEOPLE = 20
"""A place where so many others were met is one, also where all of them are on a roster: the desk sends for them
together. Assumed: QĐ 5053/QĐ-BYT names no number."""

MERGE_WITHIN = timedelta(hours=2)
"""Stays of cases at one place that are no further apart are one milestone: who was there between met both."""

MILESTONE_STEPS: dict[str, frozenset[str]] = {
    "draft": frozenset({"sent", "closed"}),
    "sent": frozenset({"traced", "draft"}),
    "traced": frozenset({"closed", "sent"}),
    "closed": frozenset({"draft"}),
}
"""Which state may follow which. One that was sent by mistake goes back to be a draft."""

_STRANGERS = {
    "market": "indoors",
    "shop": "indoors",
    "school": "indoors",
    "hospital": "care",
    "ward": "care",
    "bus": "vehicle",
    "canteen": "meal",
    "other": "indoors",
}
"""Kinds of site that people come to whom no list names, and how they are together there."""

_AT_HOME = {"household", "room", "quarantine_room", "quarantine"}
"""Whoever is there is on a list and known: nobody has to be called for."""

_WHOLE = {"park", "company", "gate", "dormitory", "boarding_house"}
"""Their parts are milestones; the whole says too little of where."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place and a time that may become a milestone; ids are row ids, `people` how many contacts were met there."""

    site_id: int | None
    words: str
    unit_id: int | None
    span: Span
    people: int
    exposure: str


def is_milestone(kind: str, people: int) -> bool:
    """Whether a stay at a site of that kind, where so many contacts were met, is proposed; "" is a place in words."""
    if not kind or kind in _STRANGERS:
        return True
    if kind in _AT_HOME or kind in _WHOLE:
        return False
    return people >= LEAST_PEOPLE


def exposure_of(kind: str) -> str:
    """How people are together at a site of that kind."""
    if kind == "canteen_zone":
        return "meal"
    return _STRANGERS.get(kind, "work" if kind in {"line", "workshop"} else "other")


def joined(one: Span, other: Span) -> Span | None:
    """The span of both where they are near enough to be one milestone, else None."""
    if one.start - other.end > MERGE_WITHIN or other.start - one.end > MERGE_WITHIN:
        return None
    return Span(min(one.start, other.start), max(one.end, other.end))


def may_become(now: str, then: str) -> bool:
    """Whether a milestone that is `now` may be set to `then`."""
    return then in MILESTONE_STEPS.get(now, frozenset())
