from __future__ import annotations

from django.db import models

from tuyendau.access import classified
from tuyendau.core.history.models import Version, row_of
from tuyendau.records.contacts.models.contact import Grade


class ContactVersion(Version):
    """What was known of a close or near contact of a case, and from when to when. Who was around is not kept."""

    of = "contacts.Contact"
    condition = "{row}.grade <= 1"

    case = row_of("cases.Case")
    person = row_of("people.Person")
    grade = models.PositiveSmallIntegerField(choices=Grade)
    listed_at = models.DateTimeField()

    privacy = classified(
        public="id act ended_act since until", personal="row person", sensitive="case grade listed_at"
    )
