"""Links that a case told in its interview: all at once, of people wherever they live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from tuyendau.core.acting import as_program
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.actions.settling import ensure_listed, grades_of, settle, show_link
from tuyendau.records.contacts.models import Grade, Link


@dataclass(frozen=True, slots=True)
class ToldContact:
    """A meeting as it was told: `person_id` and `site_id` are row ids, `place` words where no site is known."""

    person_id: int
    said_by: str
    reason: str
    grade: int = Grade.CLOSE
    site_id: int | None = None
    place: str = ""
    first: datetime | None = None
    last: datetime | None = None


@as_program()
def link_told(case: Case, rows: Sequence[ToldContact], *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Record meetings that a case told of, each a link of its own; how many people were met.

    Whoever asked the case need not reach them: a case met people of other communes. Nobody is their own contact, and
    nobody one of a case that was discarded. The caller holds the case's row locked and has checked who asks.
    """
    met = [row for row in rows if row.person_id != case.person_id]
    if not met or case.status == CaseStatus.DISCARDED:
        return 0
    people = sorted({row.person_id for row in met})
    before = grades_of(case, people)
    for row in met:
        made = Link.objects.create(
            case=case, person_id=row.person_id, site_id=row.site_id, place=row.place[:160], first=row.first,
            last=row.last, grade=row.grade, said_by=row.said_by, reason=row.reason[:300],
            by_id=by.pk if by else None, at=at,
        )  # fmt: skip
        show_link(made, ensure_listed(case, row.person_id, at))
    settle(case, before, people, kind="contact.linked", by=by, at=at, data={"people": len(people)})
    return len(people)
