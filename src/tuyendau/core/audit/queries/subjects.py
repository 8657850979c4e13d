"""What many subjects went through, told of each in a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tuyendau.core.acting import as_program
from tuyendau.core.audit.models import Event


@dataclass(frozen=True, slots=True)
class Told:
    """Who did the first of some kinds of things to a subject, and when the last of them was done."""

    by: str
    changed_at: datetime


@as_program()
def told_of(subjects: Iterable[str], kinds: Iterable[str], *, first: str) -> dict[str, Told]:
    """For each subject (a public id) who did what is of the kind `first`, and the last event of `kinds`. One query.

    The caller has checked that the viewer may see the subjects. Whoever nothing was done to is left out.
    """
    found = Event.objects.filter(subject__in=list(subjects), kind__in=[first, *kinds]).order_by("id")
    told: dict[str, Told] = {}
    for subject, kind, at, name in found.values_list("subject", "kind", "at", "by__full_name"):
        known = told.get(subject)
        by = name or "" if kind == first else known.by if known else ""
        told[subject] = Told(by, at)
    return told
