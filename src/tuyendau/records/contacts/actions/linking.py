"""Links that somebody makes by hand: who met the case, as whom told, and why it is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.places.models import Site
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.cases.queries import cases_in_reach
from tuyendau.records.contacts.actions.settling import (
    ContactRefused,
    ensure_listed,
    grades_of,
    settle,
    show_link,
)
from tuyendau.records.contacts.models import Exposure, Grade, Link
from tuyendau.records.contacts.queries import linkable_people, links_in_reach


@dataclass(frozen=True, slots=True)
class LinkData:
    """What is said of a meeting: by whom and why, how near, where (a site's code, or words), from when until when."""

    said_by: str
    reason: str
    grade: int = Grade.CLOSE
    site: str = ""
    place: str = ""
    first: datetime | None = None
    last: datetime | None = None


@as_program()
def link(
    case_id: str, person_id: str, data: LinkData, *, viewer: Viewer, by: AbstractBaseUser | None, at: datetime
) -> Link:
    """Record that a person met a case (public ids), as somebody said; it counts at once, beside what tracing finds.

    That the person is a case themselves, even one who names this case in turn, is lawful. Raises `ContactRefused`,
    `Denied`, Case.DoesNotExist and Person.DoesNotExist.
    """
    case = (
        cases_in_reach(viewer, Permission.CONTACT_EDIT).select_for_update(of=("self",)).get(public_id=case_id)
    )
    person = linkable_people(viewer).get(public_id=person_id)
    if case.status == CaseStatus.DISCARDED:
        raise ContactRefused("", _("This case was discarded: nobody is a contact of it."))
    if person.pk == case.person_id:
        raise ContactRefused("", _("This is the case’s own person. Nobody is their own contact."))
    _refuse_times(data, at)
    before = grades_of(case, [person.pk])
    made = Link.objects.create(
        case=case, person=person, site=_site(data.site), place=data.place.strip()[:160], first=data.first,
        last=data.last, grade=data.grade, said_by=data.said_by, reason=_reason(data.reason),
        by_id=by.pk if by else None, at=at,
    )  # fmt: skip
    show_link(made, ensure_listed(case, person.pk, at))
    told = {"person": person.public_id, "link": made.public_id, "grade": made.grade, "said_by": made.said_by}
    settle(case, before, [person.pk], kind="contact.linked", by=by, at=at, data=told, ground=made.reason)
    return made


@as_program()
def unlink(link_id: str, *, why: str, viewer: Viewer, by: AbstractBaseUser | None, at: datetime) -> None:
    """End a link with a reason: it stays on record and counts no more. Ended already, it stays as it was.

    Raises `ContactRefused`, `Denied`, and Link.DoesNotExist where it is out of reach.
    """
    found = links_in_reach(viewer, Permission.CONTACT_EDIT).get(public_id=link_id)
    why = _reason(why)
    case = Case.objects.select_for_update().get(pk=found.case_id)
    held = Link.objects.select_for_update().get(pk=found.pk)
    if held.ended_at is not None:
        return
    before = grades_of(case, [held.person_id])
    held.ended_at, held.ended_by_id, held.ended_why = at, by.pk if by else None, why
    held.save(update_fields=["ended_at", "ended_by", "ended_why"])
    Exposure.objects.filter(link=held).delete()
    told = {"person": found.person.public_id, "link": held.public_id}
    settle(case, before, [held.person_id], kind="contact.unlinked", by=by, at=at, data=told, ground=why)


def _site(code: str) -> Site | None:
    if not code.strip():
        return None
    site = Site.objects.filter(code=code.strip()).first()
    if site is None:
        raise ContactRefused("site", _("There is no site with the code “%(code)s”.") % {"code": code.strip()})
    return site


def _reason(text: str) -> str:
    if not text.strip():
        raise ContactRefused("reason", _("Say why: whoever reads this later will ask."))
    return text.strip()[:300]


def _refuse_times(data: LinkData, at: datetime) -> None:
    if data.first is not None and data.last is not None and data.first >= data.last:
        raise ContactRefused("last", _("They parted before they met. Check both times."))
    if data.first is not None and data.first > at:
        raise ContactRefused("first", _("This lies in the future. Check both times."))
    if data.last is not None and data.last > at:
        raise ContactRefused("last", _("This lies in the future. Check both times."))
