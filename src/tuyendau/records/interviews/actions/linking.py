"""People whom the case named become its contacts, as evidence beside what presence shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.lib import clock
from tuyendau.lib.text import fold
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.actions import ToldContact, link_told
from tuyendau.records.contacts.models import Grade, SaidBy
from tuyendau.records.interviews.models import Declared, Interview, Named, Nearness
from tuyendau.records.people.actions import NewPerson, add_people
from tuyendau.records.people.models import Person
from tuyendau.records.visits.models import ToldBy

_SAID_BY: dict[str, str] = {
    ToldBy.PERSON: SaidBy.CASE,
    ToldBy.FAMILY: SaidBy.FAMILY,
    ToldBy.COLLEAGUE: SaidBy.COLLEAGUE,
    ToldBy.EMPLOYER: SaidBy.EMPLOYER,
}


def link_named(
    interview: Interview, case: Case, told_by: str, *, by: AbstractBaseUser, at: datetime
) -> tuple[int, int]:
    """Link those who were named since the last time; how many were linked, and how many are new on record.

    Who could have infected the case is no contact for that: it is kept as what is known of the source.
    """
    waiting = list(
        Named.objects.select_for_update(of=("self",))
        .filter(interview=interview, taken_at__isnull=True)
        .select_related("site", "stay")
        .order_by("pk")
    )
    new = put_on_record(waiting, by=by, at=at)
    rows = [_told(each, told_by) for each in waiting if each.person_id and not each.source]
    linked = link_told(case, rows, by=by, at=at)
    Named.objects.filter(pk__in=[each.pk for each in waiting]).update(taken_at=at)
    return linked, new


def _told(named: Named, told_by: str) -> ToldContact:
    """What the list of contacts keeps of a meeting: of a stay its times, of days alone the whole of them."""
    first = last = None
    if named.stay is not None:
        first, last = named.stay.start, named.stay.end
    elif named.last_on is not None:
        first, last = clock.day_span(named.first_on or named.last_on, named.last_on)
    return ToldContact(
        person_id=named.person_id or 0,
        said_by=_SAID_BY.get(told_by, SaidBy.OTHER),
        reason=words_of(named),
        grade=Grade.NEAR if named.near == Nearness.PASSING else Grade.CLOSE,
        site_id=named.site_id,
        place=named.stay.words if named.stay else "",
        first=first,
        last=last,
    )


def put_on_record(named: Sequence[Named | Declared], *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Give each who has a name a person: who is on record under that name and telephone, else a new one; how many.

    Whoever named them need not have them in reach: a case met people of other communes. Of whom only a form tells, the
    commune is taken to be that of who filled it in, until somebody asks them.
    """
    without = [each for each in named if each.person_id is None and each.full_name]
    fresh = []
    for each in without:
        each.person_id = known_person(each.full_name, each.phone)
        if each.person_id is None:
            fresh.append(each)
    if fresh:
        added = add_people(
            [
                NewPerson(
                    full_name=each.full_name, phone=each.phone, birth_year=each.birth_year, address=each.address,
                    unit_id=each.unit_id if isinstance(each, Named) else each.declaration.person.unit_id,
                )
                for each in fresh
            ],
            by=by,
            at=at,
        )  # fmt: skip
        for each, pk in zip(fresh, added.ids, strict=True):
            each.person_id = pk
    for each in without:
        each.save(update_fields=["person"])
    return len(fresh)


def known_person(full_name: str, phone: str) -> int | None:
    """The row id of the one person who is on record under that name and telephone number, if there is just one."""
    if not phone:
        return None
    found = Person.objects.filter(phone=phone, folded=fold(full_name), merged_into__isnull=True)
    ids = list(found.values_list("pk", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def words_of(named: Named) -> str:
    """How they were met, in the words of the list: the occasion, how near, how long, and what was noted."""
    near = str(named.get_near_display()) if named.near else ""
    long = _("%(minutes)d min") % {"minutes": named.minutes} if named.minutes else ""
    return " · ".join(filter(None, (str(named.get_way_display()), near, long, named.note)))
