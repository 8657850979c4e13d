"""An F1 who turned F0 makes contacts of whom they declared to have met."""

from __future__ import annotations

from datetime import datetime

from tuyendau.core.audit.queries import Event
from tuyendau.lib import clock
from tuyendau.records.cases.models import Case
from tuyendau.records.contacts.actions import ToldContact, link_told
from tuyendau.records.contacts.models import SaidBy
from tuyendau.records.contacts.queries.tracing import window_of
from tuyendau.records.interviews.actions.linking import put_on_record
from tuyendau.records.interviews.models import Declared


def on_confirmed(event: Event) -> None:
    """Link whom the case declared, before it was one, to have met in what is now its infectious window.

    In the transaction of the confirmation. Who was a name on a form is a person on record from now on.
    """
    case = Case.objects.select_related("person").get(public_id=event.subject)
    window, _used = window_of(case, at=event.at)
    met = list(
        Declared.objects.filter(
            declaration__person=case.person_id,
            last_met_on__gte=clock.local_day(window.start),
            last_met_on__lte=clock.local_day(window.end),
        ).order_by("pk")
    )
    if not met:
        return
    put_on_record(met, by=event.by, at=event.at)
    rows = [_told(each, event.at) for each in met]
    link_told(case, rows, by=event.by, at=event.at)


def _told(declared: Declared, at: datetime) -> ToldContact:
    """A meeting of which the day is known: it was somewhere in it."""
    first, last = clock.day_span(declared.last_met_on, declared.last_met_on)
    reason = " · ".join(filter(None, (declared.relation, declared.note)))
    known = first < at
    return ToldContact(
        declared.person_id or 0, SaidBy.CONTACT, reason,
        first=first if known else None, last=min(last, at) if known else None,
    )  # fmt: skip
