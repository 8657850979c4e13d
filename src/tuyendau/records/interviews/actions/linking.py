"""People whom the case named become its contacts, as evidence beside what presence shows."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tuyendau.lib.text import fold
from tuyendau.records.contacts.actions import ReportedContact, add_reported_contacts
from tuyendau.records.interviews.models import Interview, Named
from tuyendau.records.people.actions import NewPerson, add_people
from tuyendau.records.people.models import Person


def link_named(interview: Interview, *, by: AbstractBaseUser, at: datetime) -> tuple[int, int]:
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
    met = [each for each in waiting if each.person_id and not each.source]
    rows = [
        ReportedContact(interview.case_id, each.person_id, note=words_of(each), on=each.last_on)
        for each in met
        if each.person_id is not None
    ]
    linked = add_reported_contacts(rows, by=by, at=at) if rows else 0
    Named.objects.filter(pk__in=[each.pk for each in waiting]).update(taken_at=at)
    return linked, new


def put_on_record(named: list[Named], *, by: AbstractBaseUser, at: datetime) -> int:
    """Give each who has a name a person: who is on record under that name and telephone, else a new one; how many.

    Whoever named them need not have them in reach: a case met people of other communes.
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
                    full_name=each.full_name, phone=each.phone, birth_year=each.birth_year, unit_id=each.unit_id,
                    address=each.address,
                )
                for each in fresh
            ],
            by=by,
            at=at,
        )  # fmt: skip
        for each, pk in zip(fresh, added.ids, strict=True):
            each.person_id = pk
    Named.objects.bulk_update(without, ["person"])
    return len(fresh)


def known_person(full_name: str, phone: str) -> int | None:
    """The row id of the one person who is on record under that name and telephone number, if there is just one."""
    if not phone:
        return None
    found = Person.objects.filter(phone=phone, folded=fold(full_name), merged_into__isnull=True)
    ids = list(found.values_list("pk", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


def words_of(named: Named) -> str:
    """How they were met, in the words of the list: the occasion, how near, where, and what was noted."""
    where = str(named.site or (named.stay.words if named.stay else "") or "")
    near = str(named.get_near_display()) if named.near else ""
    long = _("%(minutes)d min") % {"minutes": named.minutes} if named.minutes else ""
    return " · ".join(filter(None, (str(named.get_way_display()), near, long, where, named.note)))
