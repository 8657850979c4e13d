"""Classification by hand: what somebody decides a person is to a case, over what tracing says."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.actions.settling import ContactRefused, grades_of, settle
from tuyendau.records.contacts.models import Contact, Grade, Judgement
from tuyendau.records.contacts.queries import contacts_in_reach, judgements_in_reach


@as_program()
def judge(
    contact_id: str, grade: int, *, reason: str, viewer: Viewer, by: AbstractBaseUser | None, at: datetime
) -> Judgement:
    """Decide what a listed person is to the case: nearer, farther, or no contact at all (`Grade.EXCLUDED`).

    It survives every tracing until it is withdrawn; an earlier decision is replaced and stays on record. Raises
    `ContactRefused`, `Denied`, and Contact.DoesNotExist where the person is out of reach.
    """
    contact = contacts_in_reach(viewer, Permission.CONTACT_EDIT).get(public_id=contact_id)
    reason = _reason(reason)
    if grade not in Grade.values:
        raise ContactRefused("grade", _("Choose one of the grades."))
    case = Case.objects.select_for_update().get(pk=contact.case_id)
    if not Contact.objects.filter(case=case, person=contact.person_id).exists():
        raise ContactRefused("", _("This person has left the list meanwhile. Load the list again."))
    before = grades_of(case, [contact.person_id])
    standing = Judgement.objects.filter(case=case, person=contact.person_id, withdrawn_at=None)
    standing.update(withdrawn_at=at, withdrawn_by=by.pk if by else None, withdrawn_why=_("replaced"))
    made = Judgement.objects.create(
        case=case, person_id=contact.person_id, grade=grade, reason=reason, by_id=by.pk if by else None, at=at
    )  # fmt: skip
    told = {"person": contact.person.public_id, "grade": int(grade), "was": before.get(contact.person_id)}
    settle(
        case, before, [contact.person_id], kind="contact.reclassified", by=by, at=at, data=told, ground=reason
    )  # fmt: skip
    return made


@as_program()
def withdraw(
    judgement_id: str, *, why: str, viewer: Viewer, by: AbstractBaseUser | None, at: datetime
) -> None:
    """Take a decision back with a reason: what tracing and people say counts again. Withdrawn already, it stays so.

    Raises `ContactRefused`, `Denied`, and Judgement.DoesNotExist where the person is out of reach.
    """
    found = judgements_in_reach(viewer, Permission.CONTACT_EDIT).get(public_id=judgement_id)
    why = _reason(why)
    case = Case.objects.select_for_update().get(pk=found.case_id)
    held = Judgement.objects.select_for_update().get(pk=found.pk)
    if held.withdrawn_at is not None:
        return
    before = grades_of(case, [held.person_id])
    held.withdrawn_at, held.withdrawn_by_id, held.withdrawn_why = at, by.pk if by else None, why
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    told = {"person": found.person.public_id, "grade": None, "was": before.get(held.person_id)}
    settle(case, before, [held.person_id], kind="contact.reclassified", by=by, at=at, data=told, ground=why)


def _reason(text: str) -> str:
    if not text.strip():
        raise ContactRefused("reason", _("Say why: whoever reads this later will ask."))
    return text.strip()[:300]
