"""Ending where people belong, for rooms above that know when somebody left."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from tuyendau.core.acting import as_program
from tuyendau.core.audit import actions as audit
from tuyendau.core.places.models import Site
from tuyendau.core.places.queries import sites_under
from tuyendau.records.people.models import Assignment, Person


@as_program()
def leave(person: Person, site: Site, last: date, *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Record that `last` was the last day on which a person belonged at a site or below it; how much ended.

    The caller has decided that it may be recorded. What began later than `last` keeps its first day alone.
    """
    held = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=last + timedelta(days=1)),
        person=person,
        site__in=sites_under(site),
    )
    ended = held.update(
        valid_to=Greatest(F("valid_from") + Value(timedelta(days=1)), Value(last + timedelta(days=1)))
    )
    if ended:
        data = {"site": site.public_id, "last": last.isoformat()}
        audit.record("person.assignment_ended", by=by, at=at, subject=person.public_id, data=data)
    return ended
