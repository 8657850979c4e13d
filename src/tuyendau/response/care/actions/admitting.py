"""Admitting a person to a facility."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tuyendau.access import Permission, Viewer
from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.lib import clock
from tuyendau.records.cases.actions import treated_since
from tuyendau.records.cases.models import Case, CaseStatus
from tuyendau.records.people.actions import NewAssignment, assign
from tuyendau.records.people.models import Person
from tuyendau.records.people.queries import in_reach
from tuyendau.response.care import rules
from tuyendau.response.care.actions.assessing import add_assessment
from tuyendau.response.care.actions.refusals import CareRefused, elsewhere, refuse_fault, refuse_full, refused
from tuyendau.response.care.models import Condition, Severity, Stay, StayState
from tuyendau.response.care.queries.reach import facilities, wards_of


@dataclass(frozen=True, slots=True)
class Admission:
    """Where and since when somebody stays, how ill they are, what makes a severe course likelier.

    `beyond`: also where there is no bed left.
    """

    site: Site
    began_at: datetime
    ward: Site | None = None
    bed: str = ""
    level: str = ""
    conditions: Sequence[str] = ()
    note: str = ""
    beyond: bool = False


@as_program()
def admit(
    person: Person,
    given: Admission,
    *,
    viewer: Viewer,
    by: AbstractBaseUser,
    at: datetime,
    known: bool = False,
) -> Stay:
    """Admit somebody in the viewer's reach to one of the viewer's facilities; their open case is isolated since then.

    `known`: the person is in front of who admits them and gave a number that is theirs, so that their reach is not
    asked for. Raises `Denied`, and `CareRefused` naming the field.
    """
    viewer.require(Permission.STAY_RECORD)
    if not known and not in_reach(viewer, person, Permission.STAY_RECORD):
        raise CareRefused(_("This person is not in your reach."))
    if not facilities(viewer, Permission.STAY_RECORD).filter(pk=given.site.pk).exists():
        raise refused(_("You do not admit people to this facility. Choose one of the list."), "ward")
    with transaction.atomic():
        stay = begin(person, given, by=by, at=at)
        told = {"person": person.public_id, "site": given.site.public_id, "began": given.began_at.isoformat()}
        audit.record("stay.began", by=by, at=at, subject=stay.public_id, data=told)
        if stay.case_id is not None:
            treated_since(stay.case_id, given.began_at, by=by, at=at)
    return stay


def begin(person: Person, given: Admission, *, by: AbstractBaseUser, at: datetime) -> Stay:
    """Write a stay, where the person belongs since then, and the first assessment; the caller records the event.

    Raises `CareRefused`.
    """
    refuse_fault(rules.fault_of_begin(given.began_at, at), "began_at")
    refuse_ward(given.site, given.ward)
    refuse_unknown(given.conditions, given.level)
    # Whoever admits the same person at the same moment waits here, and is then told.
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    refuse_elsewhere(person, given.began_at)
    if not given.beyond:
        refuse_full(given.site, given.ward)
    case = open_case_of(person)
    stay = Stay(
        person=person, case=case, site=given.site, ward=given.ward, bed=given.bed.strip()[:20],
        began_at=given.began_at, conditions=list(dict.fromkeys(given.conditions)), note=given.note.strip()[:500],
        recorded_at=at, recorded_by_id=by.pk,
    )  # fmt: skip
    try:
        with transaction.atomic():
            stay.save()
    except IntegrityError as error:
        raise CareRefused(_("Somebody has just recorded another stay of this person. Look again.")) from error
    place = given.ward or given.site
    assign([NewAssignment(person.pk, place.pk, clock.local_day(given.began_at))], by=by, at=at)
    if given.level:
        add_assessment(stay, given.level, moment=given.began_at, by=by, at=at)
    return stay


def refuse_ward(site: Site, ward: Site | None) -> None:
    """Raise `CareRefused` where a ward is none of the facility's."""
    if ward is not None and not wards_of([site]).filter(pk=ward.pk).exists():
        raise refused(_("This ward or room is in another facility. Choose one of the list."), "ward")


def refuse_unknown(conditions: Sequence[str], level: str) -> None:
    """Raise `CareRefused` for a condition or a severity that there is none of."""
    if not set(conditions) <= set(Condition.values):
        raise refused(_("Choose the conditions from the list."), "conditions")
    if level and level not in Severity.values:
        raise refused(_("Choose how ill the patient is from the list."), "level")


def refuse_elsewhere(person: Person, began_at: datetime, *, but: int = 0) -> None:
    """Raise `CareRefused` where a person is in a facility already, or was so after `began_at`."""
    held = Stay.objects.filter(person=person).exclude(pk=but).exclude(state=StayState.CANCELLED)
    there = held.filter(state=StayState.PRESENT).select_related("person", "site").first()
    if there is not None:
        raise CareRefused(elsewhere(there))
    later = held.filter(ended_at__gt=began_at).select_related("site").order_by("-ended_at").first()
    if later is not None:
        text = _("They were in %(site)s until a later time than this. Check the time.") % {"site": later.site}
        raise refused(text, "began_at")


def open_case_of(person: Person) -> Case | None:
    """The person's case that is not discarded: a confirmed one before others, the latest before earlier ones."""
    cases = (
        Case.objects.filter(person=person).exclude(status=CaseStatus.DISCARDED).exclude(outcome="recovered")
    )
    found = list(cases.order_by("-reported_on", "-pk"))
    confirmed = [case for case in found if case.status == CaseStatus.CONFIRMED]
    return next(iter(confirmed or found), None)
