"""Whom the case named: people on record, people who are not yet, and unknown ones by their number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.access import Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site, Unit
from tuyendau.lib import clock
from tuyendau.lib.text import clean
from tuyendau.records.interviews.actions.errors import InterviewRefused, held
from tuyendau.records.interviews.models import Interview, Named, Stay
from tuyendau.records.interviews.queries.calendar import calendar
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import visible_people

MOST_UNKNOWN = 1_000


@dataclass(frozen=True, slots=True)
class NewNamed:
    """What was told of somebody. `person` is a public id, if they were found on record; `phone` is in its normal form.

    `place` is the key of an item of the calendar, or ""; `people` above 1 are so many unknown people.
    """

    way: str
    person: str = ""
    full_name: str = ""
    phone: str = ""
    birth_year: int | None = None
    unit: Unit | None = None
    address: str = ""
    people: int = 1
    near: str = ""
    minutes: int | None = None
    place: str = ""
    first_on: date | None = None
    last_on: date | None = None
    source: bool = False
    note: str = ""


@as_program()
def name_person(
    public_id: str, told: NewNamed, *, viewer: Viewer, by: AbstractBaseUser, at: datetime
) -> Named:
    """Note somebody whom the case named. They become a contact when the interview is finished.

    Raises `InterviewRefused`, Interview.DoesNotExist.
    """
    interview = held(public_id, viewer)
    if told.last_on and told.first_on and told.last_on < told.first_on:
        raise InterviewRefused(_("The last day is before the first. Check both."), "last_on")
    if max(filter(None, (told.first_on, told.last_on)), default=date.min) > clock.local_day(at):
        raise InterviewRefused(_("This day lies in the future."), "last_on" if told.last_on else "first_on")
    person = None
    if told.person:
        person = visible_people(viewer).filter(public_id=told.person).first()
        if person is None:
            raise InterviewRefused(_("Choose the person again: they are not to be found."), "who")
        if person.pk == interview.case.person_id:
            raise InterviewRefused(_("This is the case."), "who")
    if not 1 <= told.people <= MOST_UNKNOWN:
        raise InterviewRefused(_("A number of people from 1 to %(most)d.") % {"most": MOST_UNKNOWN}, "people")
    if person is None and not told.full_name and told.people == 1:
        raise InterviewRefused(_("Write a name, or how many unknown people there were."), "who")
    _refuse_again(interview, person, told)
    stay, site, day = _place(public_id, told.place, viewer, at)
    named = Named.objects.create(
        interview=interview, person=person, full_name=person.full_name if person else clean(told.full_name)[:120],
        phone=person.phone if person else told.phone, birth_year=person.birth_year if person else told.birth_year,
        unit=None if person else told.unit, address="" if person else clean(told.address)[:200],
        people=1 if person or told.full_name else told.people, way=told.way, near=told.near, minutes=told.minutes,
        stay=stay, site=site, first_on=told.first_on or day, last_on=told.last_on or told.first_on or day,
        source=told.source, note=clean(told.note)[:200], by_id=by.pk, at=at,
    )  # fmt: skip
    audit.record(
        "interview.named",
        by=by,
        at=at,
        subject=interview.public_id,
        data={"person": person.public_id if person else ""},
    )
    return named


def _refuse_again(interview: Interview, person: Person | None, told: NewNamed) -> None:
    """Refuse whom this interview has in the same list already, by the name and the telephone.

    Without a telephone namesakes are told apart by birth year, commune and address.
    """
    name = person.full_name if person else clean(told.full_name)[:120]
    phone = person.phone if person else told.phone
    listed = Named.objects.filter(interview=interview, source=told.source)
    same = listed.filter(full_name__iexact=name, phone=phone)
    if not phone:
        address = "" if person else clean(told.address)[:200]
        born = person.birth_year if person else told.birth_year
        same = same.filter(birth_year=born, unit=None if person else told.unit, address__iexact=address)
    if (name and same.exists()) or (person and listed.filter(person=person).exists()):
        raise InterviewRefused(
            _(
                "%(name)s is in this list already. Take the line above off first if it is wrong; tell two people "
                "of one name apart by telephone or birth year."
            )
            % {"name": name},
            "who",
        )


@as_program()
def unname(public_id: str, named_id: str, *, viewer: Viewer, by: AbstractBaseUser, at: datetime) -> None:
    """Take somebody off again who was named, before the interview is finished. Raises Named.DoesNotExist too."""
    interview = held(public_id, viewer)
    named = Named.objects.get(interview=interview, public_id=named_id)
    if named.taken_at:
        raise InterviewRefused(_("They are in the contact list already. Take them off there, with a reason."))
    named.delete()
    audit.record("interview.unnamed", by=by, at=at, subject=interview.public_id, data={})


def _place(
    public_id: str, key: str, viewer: Viewer, at: datetime
) -> tuple[Stay | None, Site | None, date | None]:
    """The stay or site that a key of the calendar means, and its day; nothing where it means nothing any more."""
    if not key:
        return None, None, None
    interview = held(public_id, viewer)
    for day in calendar(interview, viewer=viewer, at=at):
        for item in day.items:
            if item.key == key:
                return item.stay, item.site, clock.local_day(item.start)
    raise InterviewRefused(_("The calendar has changed. Choose the place again."), "place")
