"""People of a selection are put into follow-up, each by the action for one, with one ground."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tuyendau.access import Permission, Viewer
from tuyendau.core.lists.queries import Act, Doing, RowRefused
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.contacts.actions import ContactRefused, LinkData, link
from tuyendau.records.contacts.models import SaidBy
from tuyendau.records.followup.actions import FollowUpRefused, open_by_hand
from tuyendau.records.followup.models import FollowUp
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import person_by_public_id, visible_people

F1 = 1


def follow_one(doing: Doing) -> None:
    """Follow somebody as a close contact, of `data["case"]` (a public id) or of a case that nobody knows.

    `data["exposed_on"]` is the day of the last exposure; empty, it is the day on which they were last seen in the
    area (`seen`, from when until when). Who is a case or in follow-up stays as they are, unless `data["again"]`. Raises
    `RowRefused`.
    """
    try:
        person = person_by_public_id(doing.viewer, doing.row, Permission.FOLLOWUP_ASSIGN)
    except Person.DoesNotExist:
        raise RowRefused(_("This person is not in your reach.")) from None
    _refuse_known(person, doing)
    first, last = _exposed(doing)
    try:
        if doing.data["case"]:
            link(doing.data["case"], person.public_id, _met(doing, first, last), viewer=doing.viewer, by=doing.by,
                 at=doing.at)  # fmt: skip
        else:
            open_by_hand(
                person, disease=doing.data["disease"], degree=F1, exposed_on=clock.last_day(last), ground=doing.ground,
                viewer=doing.viewer, by=doing.by, at=doing.at,
            )  # fmt: skip
    except (ContactRefused, FollowUpRefused) as error:
        raise RowRefused(str(error)) from error
    except Case.DoesNotExist:
        raise RowRefused(_("The case is not in your reach any more.")) from None


def _refuse_known(person: Person, doing: Doing) -> None:
    """Refuse whoever is a case themselves, or is in follow-up and is to be left as they are."""
    disease = doing.data["disease"]
    if Case.objects.filter(person=person, disease=disease, status=CaseStatus.CONFIRMED).exists():
        raise RowRefused(_("This person is a confirmed case themselves."))
    held = FollowUp.objects.filter(person=person, disease=disease, ended_at__isnull=True).first()
    if held is not None and not doing.data["again"]:
        raise RowRefused(
            _("In follow-up already as F%(degree)s, until %(day)s.")
            % {"degree": held.degree, "day": date_format(held.last_day, "SHORT_DATE_FORMAT")}
        )


def _exposed(doing: Doing) -> tuple[datetime, datetime]:
    """From when until when somebody was exposed: a whole day, or while they were seen. Raises `RowRefused`."""
    if day := doing.data["exposed_on"]:
        first, behind = clock.day_span(date.fromisoformat(day), date.fromisoformat(day))
        return first, max(min(behind, doing.at), first + timedelta(minutes=1))
    begun, _slash, ended = doing.seen.partition("/")
    if not ended:
        raise RowRefused(_("Not seen in the area: write the day of the last exposure."))
    return datetime.fromisoformat(begun), min(datetime.fromisoformat(ended), doing.at)


def _met(doing: Doing, first: datetime, last: datetime) -> LinkData:
    return LinkData(said_by=SaidBy.OFFICER, reason=doing.ground, first=first, last=last)


def names(viewer: Viewer, rows: list[str]) -> Mapping[str, str]:
    """The names of people, by public id."""
    found = visible_people(viewer).filter(public_id__in=rows)
    return {
        person.public_id: f"{person} · {person.birth_year}" if person.birth_year else str(person)
        for person in found
    }


FOLLOW = Act(
    "follow",
    gettext_lazy("Follow people of a selection"),
    Permission.FOLLOWUP_ASSIGN,
    follow_one,
    names,
    "people:detail",
)
