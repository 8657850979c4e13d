"""Adding and correcting one person, their numbers, and where they belong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import reaches_province, units_in_reach
from tuyendau.lib.text import clean, fold
from tuyendau.records.people.models import Assignment, Identifier, IdentifierKind, Person, Shift
from tuyendau.records.people.queries.reach import visible_people
from tuyendau.records.people.rules import role_at


class PersonRefused(Exception):
    """The person cannot be recorded so; the text says why. `field` names what is wrong, "" for the whole."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class PersonData:
    """What a form says of a person: everything, "" and None meaning that it is not known.

    `phone` and `numbers` (by kind) are in their normal form; `unit_id` is the row id of the commune.
    """

    full_name: str = ""
    code: str = ""
    sex: str = ""
    birth_year: int | None = None
    birth_date: date | None = None
    phone: str = ""
    unit_id: int | None = None
    address: str = ""
    numbers: dict[str, str] = field(default_factory=dict)


_COLUMNS = ("full_name", "code", "sex", "birth_year", "birth_date", "phone", "unit_id", "address")


@as_program()
def add_person(
    data: PersonData, *, viewer: Viewer, by: AbstractBaseUser, at: datetime, ground: str = ""
) -> Person:
    """Record a new person. `ground` says why it is nobody of those who look alike, where some were shown.

    Raises `PersonRefused` for a code or a number that somebody else has and for a commune out of reach; `Denied`.
    """
    _refuse_elsewhere(viewer, data.unit_id)
    person = Person()
    _set(person, data)
    _save(person)
    _set_numbers(person, data.numbers)
    audit.record("person.added", by=by, at=at, subject=person.public_id, ground=ground[:500])
    return person


@as_program()
def edit_person(
    public_id: str, data: PersonData, *, viewer: Viewer, by: AbstractBaseUser, at: datetime, ground: str = ""
) -> Person:
    """Correct what is known of a person; the event keeps what stood there before.

    Raises `PersonRefused`, `Denied`, and Person.DoesNotExist where they are out of reach.
    """
    among = visible_people(viewer, Permission.PERSON_EDIT)
    person = Person.objects.select_for_update().get(public_id=public_id, pk__in=among.values("pk"))
    if data.unit_id != person.unit_id:
        _refuse_elsewhere(viewer, data.unit_id)
    before = {name: _plain(getattr(person, name)) for name in _COLUMNS}
    _set(person, data)
    _save(person)
    changed = {name: old for name, old in before.items() if _plain(getattr(person, name)) != old}
    numbers = _set_numbers(person, data.numbers)
    if changed or numbers:
        audit.record(
            "person.edited", by=by, at=at, subject=person.public_id, ground=ground[:500],
            data={"before": changed, "numbers": numbers},
        )  # fmt: skip
    return person


@as_program()
def assign_one(
    public_id: str, site_code: str, since: date, *, role: str = "", shift_code: str = "",
    viewer: Viewer, by: AbstractBaseUser, at: datetime,
) -> Assignment:  # fmt: skip
    """Record that a person belongs at a site from a day on; the role follows from the kind of site unless told.

    The shift is one of the company that the site is part of. Raises `PersonRefused`, Person.DoesNotExist, `Denied`.
    """
    person = visible_people(viewer, Permission.PERSON_EDIT).get(public_id=public_id)
    site = Site.objects.filter(code=site_code).first()
    if site is None:
        raise PersonRefused(_("There is no site with the code “%(code)s”.") % {"code": site_code}, "site")
    open_one = Assignment.objects.filter(
        person=person, site=site, valid_from__lte=since, valid_to__isnull=True
    )
    if open_one.exists():
        raise PersonRefused(_("They belong there already. End that first if something changed."), "site")
    role = role or role_at(site.kind)
    made, new = Assignment.objects.get_or_create(
        person=person, site=site, valid_from=since, defaults={"role": role, "shift": _shift(site, shift_code)}
    )
    if not new:
        raise PersonRefused(_("They have belonged there from that day before."), "since")
    audit.record(
        "person.assigned", by=by, at=at, subject=person.public_id,
        data={"site": site.public_id, "from": since.isoformat(), "role": role},
    )  # fmt: skip
    return made


@as_program()
def end_assignment(
    public_id: str,
    site_id: str,
    since: date,
    last: date,
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
) -> Assignment:
    """Record that `last` was the last day on which a person belonged at a site (a public id), from `since`.

    Raises `PersonRefused`, `Denied`, and Person or Assignment.DoesNotExist.
    """
    person = visible_people(viewer, Permission.PERSON_EDIT).get(public_id=public_id)
    held = Assignment.objects.select_for_update().get(
        person=person, site__public_id=site_id, valid_from=since
    )
    if last < since:
        raise PersonRefused(_("The last day is before the first one."), "last")
    held.valid_to = last + timedelta(days=1)
    held.save(update_fields=["valid_to"])
    audit.record(
        "person.assignment_ended", by=by, at=at, subject=person.public_id,
        data={"site": site_id, "from": since.isoformat(), "last": last.isoformat()},
    )  # fmt: skip
    return held


def _shift(site: Site, code: str) -> Shift | None:
    """The shift of that code of a company that the site is, or is part of."""
    if not code:
        return None
    above = [int(part) for part in str(site.path).strip("/").split("/") if part]
    found = Shift.objects.filter(site__in=[*above, site.pk], code=code).first()
    if found is None:
        raise PersonRefused(_("The company has no shift “%(code)s”.") % {"code": code}, "shift")
    return found


def _refuse_elsewhere(viewer: Viewer, unit_id: int | None) -> None:
    """Refuse a commune, or none, that the viewer does not answer for."""
    viewer.require(Permission.PERSON_EDIT)
    if unit_id is None:
        if not reaches_province(viewer, Permission.PERSON_EDIT):
            raise PersonRefused(_("Choose the commune where they live."), "commune")
    elif not units_in_reach(viewer, Permission.PERSON_EDIT).filter(pk=unit_id).exists():
        raise PersonRefused(_("That commune is not within your area."), "commune")


def _set(person: Person, data: PersonData) -> None:
    for name in _COLUMNS:
        setattr(person, name, getattr(data, name))
    person.code = data.code or None
    person.full_name = clean(data.full_name)
    person.folded = fold(person.full_name)[:120]
    if person.birth_date is not None:
        person.birth_year = person.birth_date.year


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        if "code" not in str(error):
            raise
        raise PersonRefused(
            _("Somebody else has the code “%(code)s”.") % {"code": person.code}, "code"
        ) from error


def _set_numbers(person: Person, numbers: dict[str, str]) -> list[str]:
    """Have a person's numbers be these, of the kinds that are named; which kinds changed."""
    changed = []
    for kind, value in numbers.items():
        known = list(Identifier.objects.filter(person=person, kind=kind).order_by("pk"))
        if value in {each.value for each in known} or (not value and not known):
            continue
        other = (
            Identifier.objects.filter(kind=kind, value=value).select_related("person").first()
            if value
            else None
        )
        if other is not None:
            told = {"kind": IdentifierKind(kind).label, "code": other.person.code or other.person.public_id}
            raise PersonRefused(
                _("This %(kind)s is on record for another person, %(code)s. Is it the same one?") % told, kind
            )
        if known:
            known[-1].delete()
        if value:
            Identifier.objects.create(person=person, kind=kind, value=value)
        changed.append(kind)
    return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
