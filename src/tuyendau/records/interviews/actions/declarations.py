"""What came back on self-declaration forms: whom an F1 met since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.lib import clock
from tuyendau.lib.text import clean
from tuyendau.records.cases.models import Case
from tuyendau.records.interviews.actions.errors import InterviewRefused
from tuyendau.records.interviews.actions.linking import known_person
from tuyendau.records.interviews.models import Declaration, Declared
from tuyendau.records.interviews.queries.declarations import visible_declarations
from tuyendau.records.interviews.queries.interviews import RECORD, cases_to_ask
from tuyendau.records.people.queries import visible_people

MOST = 200


@dataclass(frozen=True, slots=True)
class NewDeclared:
    """One line of a form that came back; `phone` is in its normal form, or ""."""

    full_name: str
    last_met_on: date
    phone: str = ""
    birth_year: int | None = None
    address: str = ""
    relation: str = ""
    note: str = ""


@as_program()
def take_declaration(
    person_id: str,
    people: Sequence[NewDeclared],
    *,
    returned_on: date,
    case_id: str = "",
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> Declaration:
    """Record the form that an F1 (a public id) gave back; with no `people` they met nobody.

    Who is on record under the same name and telephone number is known by it. Raises `InterviewRefused`,
    Person.DoesNotExist.
    """
    person = visible_people(viewer, RECORD).get(public_id=person_id)
    case: Case | None = cases_to_ask(viewer).filter(public_id=case_id).first() if case_id else None
    today = clock.local_day(at)
    if returned_on > today or any(each.last_met_on > today for each in people):
        raise InterviewRefused(_("This day lies in the future."))
    if len(people) > MOST:
        raise InterviewRefused(_("At most %(most)d people on one form.") % {"most": MOST})
    made = Declaration.objects.create(person=person, case=case, returned_on=returned_on, by_id=by.pk, at=at)
    Declared.objects.bulk_create(
        Declared(
            declaration=made, full_name=clean(each.full_name)[:120], phone=each.phone, birth_year=each.birth_year,
            address=clean(each.address)[:200], relation=clean(each.relation)[:100], last_met_on=each.last_met_on,
            note=clean(each.note)[:200], person_id=known_person(each.full_name, each.phone),
        )
        for each in people
    )  # fmt: skip
    audit.record(
        "declaration.taken", by=by, at=at, subject=person.public_id,
        data={"declaration": made.public_id, "people": len(people)},
    )  # fmt: skip
    return made


@as_program()
def remove_declaration(
    public_id: str, *, ground: str, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> None:
    """Take out a form that was entered by mistake; `ground` says why.

    Raises `InterviewRefused`, Declaration.DoesNotExist.
    """
    found = (
        visible_declarations(viewer)
        .select_for_update(of=("self",))
        .select_related("person")
        .get(public_id=public_id)
    )
    if not ground.strip():
        raise InterviewRefused(_("Say why: whoever reads this later will ask."), "ground")
    audit.record(
        "declaration.removed", by=by, at=at, subject=found.person.public_id, ground=ground.strip()[:500],
        data={"declaration": public_id, "people": found.people.count()},
    )  # fmt: skip
    found.delete()
