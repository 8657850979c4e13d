"""Answers: each save adds, none takes away; of two who answer at once neither loses what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.records.interviews import rules
from tuyendau.records.interviews.actions.errors import InterviewRefused, held
from tuyendau.records.interviews.models import Answer
from tuyendau.records.interviews.queries.interviews import standing

LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Saved:
    """The `number` of the save; which questions were written, and which stand `beside` somebody else's answer."""

    number: int
    written: list[str]
    beside: list[str]


@as_program()
def save_answers(
    public_id: str,
    values: Mapping[str, str],
    *,
    base: int,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> Saved:
    """Add answers to an interview, by question; those that stand already are left.

    `base` is the number of saves that the page knew when it was typed. Where somebody else has answered since then,
    theirs stands and this one is kept beside it until one of them chooses. Raises `InterviewRefused`,
    Interview.DoesNotExist.
    """
    interview = held(public_id, viewer)
    unknown = values.keys() - rules.QUESTIONS.keys()
    if unknown:
        raise InterviewRefused(
            _("There is no such question: %(names)s.") % {"names": ", ".join(sorted(unknown))}
        )
    rows = (
        Answer.objects.filter(interview=interview, name__in=values)
        .select_related("by")
        .order_by("-number", "-pk")
    )
    others = {row.name for row in rows if row.number > base and row.by_id != by.pk and not row.beside}
    stands = standing(list(rows))
    # What waits beside another answer already is not said twice.
    waits = {given.number for of in stands.values() for given in of.beside}
    said = {(row.name, row.value) for row in rows if row.number in waits and row.by_id == by.pk}
    number = interview.saves + 1
    made = [
        Answer(
            interview=interview, number=number, name=name, value=value[:LONGEST], beside=name in others,
            by_id=by.pk, at=at,
        )
        for name, value in values.items()
        if value != (stands[name].value if name in stands else "") and (name, value[:LONGEST]) not in said
    ]  # fmt: skip
    if not made:
        return Saved(interview.saves, [], [])
    Answer.objects.bulk_create(made)
    interview.saves = number
    interview.save(update_fields=["saves"])
    names = sorted(row.name for row in made)
    audit.record("interview.saved", by=by, at=at, subject=interview.public_id, data={"names": names})
    return Saved(number, names, sorted(row.name for row in made if row.beside))


@as_program()
def choose_answer(
    public_id: str, name: str, number: int, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Saved:
    """Let the answer that was given as `number` stand, one of before or one beside. Raises as `save_answers`."""
    interview = held(public_id, viewer)
    row = Answer.objects.filter(interview=interview, name=name, number=number).first()
    if row is None:
        raise InterviewRefused(_("This answer is no longer there. Load the page again."))
    interview.saves += 1
    interview.save(update_fields=["saves"])
    Answer.objects.create(
        interview=interview, number=interview.saves, name=name, value=row.value, by_id=by.pk, at=at
    )
    audit.record("interview.saved", by=by, at=at, subject=interview.public_id, data={"names": [name]})
    return Saved(interview.saves, [name], [])
